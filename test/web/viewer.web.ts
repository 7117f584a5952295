/** The viewer of recordings, opened from a file in a browser without a network. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { viewerPage } from "../../host/apps/viewer/html.js";
import { Recording } from "../../host/sdk/recording/index.js";
import { accessCode, linkTo, MAKER, TestCard } from "../host/support.js";
import { CardSession } from "../../host/sdk/core.js";
import { DESK, look, withBrowser } from "./support.js";

/** A wallet's card unlocked and asked for its ledger; a virtual card, whose inside is shown. */
async function record(): Promise<string> {
  const lines: string[] = [];
  const recording = new Recording((line) => lines.push(line), { inside: true });
  const card = await TestCard.wallet("viewed");
  const session = new CardSession(recording.link(await linkTo(card.board, "viewed"), "virtual"));
  recording.note("The card shows its ledger");
  await session.openChannel({ maker: MAKER });
  await session.enterCode(accessCode());
  await session.ledger();
  return lines.map((line) => `${line}\n`).join("");
}

describe("the viewer of recordings", function () {
  const { browser } = withBrowser(this);
  const folder = mkdtempSync(join(tmpdir(), "kincard-view-"));
  let text: string;
  before(async () => void (text = await record()));
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function open(html: string, use: (page: Page) => Promise<void>): Promise<void> {
    const file = join(folder, "view.html");
    writeFileSync(file, html);
    const context = await browser().newContext({ viewport: DESK, offline: true });
    try {
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("console", (line) => void (line.type() === "error" && faults.push(line.text())));
      await page.goto(pathToFileURL(file).href);
      await use(page);
      assert.deepEqual(faults, []);
    } finally {
      await context.close();
    }
  }

  it("shows the eavesdropper's view and the card's, step by step", async () => {
    await open(viewerPage(text, []), async (page) => {
      await page.getByRole("button", { name: /CODE/ }).click();
      const shown = await page.locator(".detail").innerText();
      assert.match(shown, /sealed under Ktocard/);
      assert.match(shown, /as app and card see it[\s\S]*stretched access code/);
      await page.keyboard.press("ArrowDown");
      await page.getByRole("heading", { name: /LEDGER/ }).waitFor();
      await look(page, "viewer");
    });
  });

  it("is handed a recording by the page that opened it, from a disk too", async () => {
    const handed = JSON.stringify({ kincard: "recording", text, makers: [] });
    writeFileSync(join(folder, "viewer.html"), viewerPage("", []));
    const opener = `<script>
      const view = open("viewer.html");
      onmessage = ({ source, data }) => {
        if (source === view && data === "kincard.viewer") view.postMessage(${handed}, "*");
      };</script>`;
    await open(opener, async (page) => {
      const viewer = page.context().pages()[1] ?? (await page.waitForEvent("popup"));
      await viewer.getByRole("button", { name: /CODE/ }).waitFor();
    });
  });

  it("opens a file of its reader's, and says what is wrong with another", async () => {
    await open(viewerPage("", []), async (page) => {
      const choose = (name: string, content: string) =>
        page.getByLabel(/A recording/).setInputFiles({
          ...{ name, mimeType: "text/plain", buffer: Buffer.from(content) },
        });
      await choose("other.txt", "nothing of that kind\n");
      await page.getByRole("alert").filter({ hasText: "line 1" }).waitFor();
      await choose("run.jsonl", text);
      await page.getByRole("button", { name: /CODE/ }).waitFor();
    });
  });
});
