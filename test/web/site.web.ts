/**
 * The documents' site in a browser, from a disk and from a static server: its demo makes a backup
 * with no server behind it, its viewer shows a recorded ceremony, its pages are accessible.
 */

import assert from "node:assert/strict";
import { createReadStream, existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContextOptions, Page } from "playwright-core";
import { DEMO_PAGE, freshSite, VIEWER_PAGE } from "../../host/tools/site/site.js";
import { axeFaults, DESK, heading, look, makeWallet, PHONE } from "./support.js";
import { PATIENCE_MS, press, startBackup, tap, withBrowser } from "./support.js";

/** TypeDoc's own tree of pages, made by its script: what unfolds there is a link as well. */
const TREE = /^nested-interactive: <summary class="tsd-accordion-summary" data-key="Modules\$/;

/** A drawn card, as support.ts takes it. */
type Card = Parameters<typeof tap>[1];

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};

describe("web: the documents' site", function () {
  const { browser } = withBrowser(this);
  let site: string;
  let server: Server;
  let origin: string;
  before(async function () {
    this.timeout(300_000);
    site = await freshSite();
    server = createServer((request, response) => {
      const file = join(site, new URL(request.url ?? "/", "http://localhost").pathname);
      if (!existsSync(file)) return void response.writeHead(404).end();
      response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
      createReadStream(file).pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  after(() => server?.close());

  const onDisk = (place: string) => pathToFileURL(join(site, place)).href;
  const served = (place: string) => origin + place;

  /** A new visitor's page. No script may fail. */
  async function visit(
    url: string,
    options: BrowserContextOptions,
    use: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser().newContext({
      ...{ viewport: DESK, reducedMotion: "reduce", serviceWorkers: "block" },
      ...options,
    });
    try {
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("console", (line) => void (line.type() === "error" && faults.push(line.text())));
      await page.goto(url);
      await use(page);
      assert.deepEqual(faults, []);
    } finally {
      await context.close();
    }
  }

  /** The cards that the second column shows, with their labels. */
  async function cardsOf(page: Page): Promise<Card[]> {
    const side = page.locator("#side");
    await side.getByText("Card C").first().waitFor();
    const labels = (await side.innerText()).match(/\b[0-9A-Z]{4}(?:-[0-9A-Z]{4})+\b/g) ?? [];
    const names = ["Card A", "Card B", "Card C"];
    assert.equal(labels.length, names.length, await side.innerText());
    return names.map((name, at) => ({ name, label: labels[at] }) as Card);
  }

  for (const [how, place] of [
    ["a disk", onDisk],
    ["a static server", served],
  ] as const)
    it(`from ${how}: the demo backs a wallet up in the page, and a reload keeps the cards`, async () => {
      await visit(place(DEMO_PAGE), {}, async (page) => {
        const [a, b] = (await cardsOf(page)) as [Card, Card];
        await makeWallet(page, a);
        await startBackup(page, [b]);
        await tap(page, b);
        await heading(page, "Your backup is done");
        if (how === "a disk") await look(page, "80-site-demo");
        await page.reload();
        const again = await cardsOf(page);
        assert.deepEqual([again[0]?.label, again[1]?.label], [a.label, b.label]);
        await page.goto(`${place(DEMO_PAGE)}#/check`);
        await tap(page, b);
        await page.getByText(/copy/i).first().waitFor();
      });
    });

  it("starts over with other cards when it is told to", async () => {
    await visit(onDisk(DEMO_PAGE), {}, async (page) => {
      const before = await cardsOf(page);
      await Promise.all([page.waitForEvent("load"), press(page, "Start over")]);
      const after = await cardsOf(page);
      assert.notEqual(after[0]?.label, before[0]?.label);
    });
  });

  it("shows a recorded backup in the viewer", async () => {
    await visit(onDisk(VIEWER_PAGE), { offline: true }, async (page) => {
      await page.getByRole("button", { name: /OFFER/ }).first().click();
      assert.match(await page.locator(".detail").innerText(), /Klink/);
      await look(page, "81-site-viewer");
    });
  });

  for (const viewport of [PHONE, DESK])
    it(`has accessible pages, none wider than ${viewport.width} px`, async () => {
      await visit(served("index.html"), { viewport }, async (page) => {
        for (const link of ["", "First backup", "The protocol", "Performance", "CardSession"]) {
          if (link) await page.goto(served(pageOf(link)));
          await page.locator(".tsd-typography, .tsd-panel").first().waitFor();
          const faults = (await axeFaults(page)).filter((fault) => !TREE.test(fault));
          assert.deepEqual(faults, [], page.url());
          const wide = (await page.evaluate("document.documentElement.scrollWidth")) as number;
          assert.ok(wide <= viewport.width, `${page.url()}: ${wide} px wide`);
        }
      });
    });
  /** By the names that TypeDoc gives files. */
  const pageOf = (title: string): string => PAGES[title] ?? "";
  const PAGES: Readonly<Record<string, string>> = {
    "First backup": "documents/A_first_backup,_by_hand.html",
    "The protocol": "documents/The_Kincard_protocol,_version_1.html",
    Performance: "documents/Performance.html",
    CardSession: "classes/kincard.CardSession.html",
  };

  it("leads to the demo and the viewer from every page", async () => {
    await visit(served("index.html"), {}, async (page) => {
      for (const start of ["index.html", PAGES["Performance"] as string])
        for (const [name, place] of [
          ["Try it here", DEMO_PAGE],
          ["A recorded backup", VIEWER_PAGE],
        ] as const) {
          await page.goto(served(start));
          await page.getByRole("link", { name }).first().click();
          await page.waitForURL(served(place));
        }
    });
  });
});
