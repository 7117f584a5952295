/**
 * A browser on the page, and virtual cards behind it. Debian's chromium, driven by playwright-core;
 * KINCARD_CHROMIUM names another one. Without a browser the suites skip and say why, unless
 * KINCARD_REQUIRE_WEB is set.
 */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { DEMO_MAKER_PUBLIC } from "../../firmware/build/demo-maker.js";
import { PAGE_FOLDER, virtualCards } from "../../host/apps/cli/commands/lab/web.js";
import { writeGallery } from "./gallery.js";
import type { PageConfig } from "../../host/apps/page/config.js";
import { deadline } from "../../host/sdk/links/clock.js";
import { servePage } from "../../host/apps/page/server/serve.js";
import type { Served, ServedBoard, ServeOptions } from "../../host/apps/page/server/serve.js";

export const CODE = "a fine code";
export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 900 };

const EXECUTABLE = process.env.KINCARD_CHROMIUM ?? "/usr/bin/chromium";
/** Each screen on both sizes in both colours, in place of two of the four: npm run shots. */
const ALL_SHOTS = process.env.KINCARD_SHOTS === "all";
const SHOTS = fileURLToPath(new URL("shots", import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A wait of the browser's: what takes as long hangs, however busy the machine is. */
export const PATIENCE_MS = 90_000;

export interface World {
  browser: Browser;
  served: Served;
  cards: ServedBoard[];
}

/** One browser for a suite, and the way to new cards. */
export function withBrowser(suite: Mocha.Suite, args: string[] = []) {
  let browser: Browser | undefined;
  suite.timeout(300_000);
  suite.beforeAll(async function () {
    const missing = existsSync(EXECUTABLE)
      ? existsSync(join(PAGE_FOLDER, "page.js"))
        ? undefined
        : "no dist/web: run `npm run build`"
      : `no browser at ${EXECUTABLE}: apt-get install chromium`;
    if (missing && process.env.KINCARD_REQUIRE_WEB) throw new Error(missing);
    if (missing) {
      console.log(`      skipped: ${missing}`);
      return this.skip();
    }
    browser = await chromium.launch({ executablePath: EXECUTABLE, args });
  });
  suite.afterAll(async () => {
    await browser?.close();
    if (existsSync(SHOTS)) writeGallery(SHOTS);
  });
  return { browser: () => browser as Browser };
}

export interface Visit {
  readonly page: Page;
  readonly cards: ServedBoard[];
  readonly served: Served;
}

export interface VisitOptions extends BrowserContextOptions {
  readonly cards?: number;
  readonly maker?: string;
  /** In place of what the server says in kincard.json, or made of it. */
  readonly config?: object | ((served: PageConfig) => object);
  /** Runs in the page before its own script. */
  readonly before?: string;
  /** More cards, after the others. */
  readonly others?: () => Promise<ServedBoard[]>;
  /** Where and how it is served; default: HTTP on 127.0.0.1. */
  readonly serve?: Pick<ServeOptions, "place" | "tls">;
}

/** New cards, a new server, a new profile; closed when `use` is done. No script may fail. */
export async function visit(
  browser: Browser,
  { cards: count = 3, maker = DEMO_MAKER_PUBLIC, serve, others, ...options }: VisitOptions,
  use: (visit: Visit) => Promise<void>,
): Promise<void> {
  const cards = [...(await virtualCards(count)), ...((await others?.()) ?? [])];
  const page = { folder: PAGE_FOLDER, boards: cards, maker, demo: true };
  const served = await servePage({ ...page, ...serve });
  try {
    await onPage(browser, served.url, options, (page) => use({ page, cards, served }));
  } finally {
    await served.close();
    for (const { board } of cards) board.powerOff();
  }
}

/** The page at this address in a new profile, closed when `use` is done. No script may fail. */
export async function onPage(
  browser: Browser,
  url: string,
  { before, config, ...options }: Pick<VisitOptions, "before" | "config"> & BrowserContextOptions,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({
    ...{ viewport: DESK, reducedMotion: "reduce", serviceWorkers: "block" },
    ...options,
  });
  const faults: string[] = [];
  try {
    context.setDefaultTimeout(PATIENCE_MS);
    if (config)
      await context.route("**/kincard.json", async (route) => {
        const json: unknown = await (await route.fetch()).json();
        await route.fulfill({
          json: typeof config === "function" ? config(json as PageConfig) : config,
        });
      });
    if (before !== undefined) await context.addInitScript(before);
    const page = await context.newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (line) => {
      if (line.type() === "error") faults.push(line.text());
    });
    await page.goto(url);
    await use(page);
    assert.deepEqual(faults, [], "the page's console shows errors");
  } catch (error) {
    // Where it stood, for whoever looks into it.
    const [page] = context.pages();
    mkdirSync(SHOTS, { recursive: true });
    await page?.screenshot({ path: join(SHOTS, "failed.png") }).catch(() => undefined);
    throw error;
  } finally {
    await context.close();
  }
}

/** The page's first screen, by its own link. */
export const home = (page: Page) => page.getByRole("link", { name: "Kincard" }).click();

/**
 * Until this is true in the page. (Playwright's own way evaluates there, which the policy refuses.)
 */
export async function until(page: Page, expression: string): Promise<void> {
  await untilSo(`this never came true: ${expression}`, () => page.evaluate<boolean>(expression));
}

/** Until a look at the page finds it so. */
export async function untilSo(wrong: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const over = deadline(PATIENCE_MS); !(await isSo());) {
    if (over()) throw new Error(wrong);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

/** Until the run that the page keeps holds this word. */
export async function untilRunHolds(page: Page, word: string): Promise<void> {
  await until(page, `(localStorage["kincard.run"] ?? "").includes("${word}")`);
}

export const heading = (page: Page, text: string) =>
  page.getByRole("heading", { level: 1, name: text, exact: true }).waitFor();

export const press = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name }).click();

/** A card as the page shows it. */
type Named = Pick<ServedBoard, "name" | "label">;

/** Wholly within the screen as it is scrolled now. */
export async function inSight(page: Page, what: Locator): Promise<void> {
  const box = await what.boundingBox();
  const size = page.viewportSize() ?? PHONE;
  assert.ok(box && box.y >= 0 && box.y + box.height <= size.height, JSON.stringify(box));
}

/** Chooses a drawn card in a tap panel. */
export const tap = (page: Page, { name }: Named) =>
  page.locator(".tap button.pick", { hasText: name }).click();

/** A card makes a wallet; ends where its backup is offered. */
export async function makeWallet(page: Page, card: Named): Promise<void> {
  await page.getByRole("link", { name: /Make a wallet/ }).click();
  await page.getByLabel("Label of the empty card").fill(card.label);
  await page.getByLabel("New access code").fill(CODE);
  await page.getByLabel("The same code again").fill(CODE);
  await press(page, "Next: the card");
  await tap(page, card);
  await heading(page, "Your wallet is made");
}

/** From "Back it up now": labels typed, three cards. */
export async function startBackup(page: Page, copies: readonly Named[]): Promise<void> {
  await press(page, "Back it up now");
  await heading(page, "Back up your wallet");
  if (copies.length === 1) await page.getByLabel("Two cards").check();
  const names = ["Copy 1", "Copy 2"];
  for (const [at, { label }] of copies.entries()) {
    await page.getByLabel(names[at] as string).fill(label);
  }
  await press(page, "Start the backup");
}

interface AxeResult {
  violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
}

/** What is pressed, and is less than 44 px high; a choice is pressed by its label. */
const SMALL = `[...document.querySelectorAll("a, button, input, textarea, summary")]
  .map((found) => found.matches("[type=radio], [type=checkbox]") ? found.closest("label") : found)
  .filter((found) => found.checkVisibility() && found.getBoundingClientRect().height < 44)
  .map((found) => found.outerHTML)`;

/** The screen as it is, and on the other size of screen in the other colours; a picture of each. */
export async function look(page: Page, name: string): Promise<void> {
  const size = page.viewportSize() ?? DESK;
  const isDark = (await page.evaluate(
    "matchMedia('(prefers-color-scheme: dark)').matches",
  )) as boolean;
  const [own, opposite] = isDark ? (["dark", "light"] as const) : (["light", "dark"] as const);
  const other = size.width === PHONE.width ? DESK : PHONE;
  await examine(page, name, size.width, own);
  if (ALL_SHOTS) {
    await page.emulateMedia({ colorScheme: opposite });
    await picture(page, name, size.width, opposite);
    await page.setViewportSize(other);
    await page.emulateMedia({ colorScheme: own });
    await picture(page, name, other.width, own);
  }
  await page.setViewportSize(other);
  await page.emulateMedia({ colorScheme: opposite });
  await examine(page, name, other.width, opposite);
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: own });
}

async function picture(page: Page, what: string, width: number, scheme: string) {
  const name = `${what}-${width}-${scheme}`;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
  return name;
}

/** No rule of axe-core is broken, nothing is wider than the screen or too small for a finger. */
async function examine(page: Page, what: string, width: number, scheme: string): Promise<void> {
  const name = await picture(page, what, width, scheme);
  const wide = (await page.evaluate("document.documentElement.scrollWidth")) as number;
  assert.ok(wide <= width, `${name}: the page is ${wide} px wide on a screen of ${width}`);
  assert.deepEqual(await page.evaluate(SMALL), [], `${name}: too small for a finger`);
  assert.deepEqual(await axeFaults(page), [], `${name}: not accessible`);
}

/** What axe-core finds on the screen as it is, a line a rule. */
export async function axeFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE);
  // From a disk nothing can be loaded once more.
  const preload = "preload: location.protocol !== 'file:'";
  const run = `axe.run(document, { resultTypes: ['violations'], ${preload} })`;
  const { violations } = (await page.evaluate(run)) as AxeResult;
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}
