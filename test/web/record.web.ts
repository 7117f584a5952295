/** What passed in a backup: recorded in the page, shown by the viewer, saved as a file. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { DEMO_MAKER_PUBLIC } from "../../firmware/build/demo-maker.js";
import { fromHex, toHex } from "../../host/sdk/core.js";
import { isExchange, learn, readRecording } from "../../host/sdk/recording/index.js";
import type { ServedBoard } from "../../host/apps/page/server/serve.js";
import { CODE, heading, look, makeWallet, press, startBackup } from "./support.js";
import { tap, visit, withBrowser } from "./support.js";
import type { VisitOptions } from "./support.js";

type Card = ServedBoard;

/** Backed up to one card; `use` has the screen that says so. */
async function backedUp(
  browser: Parameters<typeof visit>[0],
  options: VisitOptions,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  await visit(browser, { cards: 2, ...options }, async ({ page, cards }) => {
    const [a, b] = cards as [Card, Card];
    await makeWallet(page, a);
    await startBackup(page, [b]);
    await tap(page, b);
    await heading(page, "Your backup is done");
    await use(page);
  });
}

async function saved(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), press(page, name)]);
  return readFileSync(await download.path(), "utf8");
}

describe("the page: what a backup's bytes were", function () {
  const { browser } = withBrowser(this);

  it("is shown by the viewer, handed over in memory, and saved from either", async () => {
    await backedUp(browser(), {}, async (page) => {
      await look(page, "90-done-recorded");
      const [viewer] = await Promise.all([
        page.waitForEvent("popup"),
        press(page, "What did my phone learn?"),
      ]);
      const faults: string[] = [];
      viewer.on("pageerror", (error) => faults.push(error.message));
      await viewer.getByRole("button", { name: /ACCEPT/ }).click();
      await viewer.getByText("Copy 1 checks the main card and takes the key").waitFor();
      // Demo cards: what is inside the seals is there too.
      const detail = await viewer.locator(".detail").innerText();
      assert.match(detail, /sealed under Ktocard[\s\S]*as app and card see it/);
      await look(viewer, "91-learned");
      const text = await saved(viewer, "Save this recording");
      assert.equal(text, await saved(page, "Save the recording"));
      const [run, more] = readRecording(text);
      assert.ok(run?.inside && !more);
      const { messages, cards } = learn(run, [fromHex(DEMO_MAKER_PUBLIC)]);
      assert.deepEqual(cards.map(({ letter, link }) => [letter, link]).sort(), [
        ["A", "Card A"],
        ["B", "Card B"],
      ]);
      assert.ok(messages.length > 1 && messages.every(({ genuine }) => genuine));
      // Loaded once more it asks once more.
      await viewer.reload();
      await viewer.getByRole("button", { name: /ACCEPT/ }).waitFor();
      assert.deepEqual(faults, []);
    });
  });

  it("holds nothing secret where the cards are not said to be demo cards", async () => {
    const config = (served: object) => ({ ...served, demo: false });
    await backedUp(browser(), { config }, async (page) => {
      const text = await saved(page, "Save the recording");
      const [run] = readRecording(text);
      assert.equal(run?.inside, false);
      for (const { inside, name } of run?.entries.filter(isExchange) ?? [])
        for (const { cover } of [...(inside?.commandParts ?? []), ...(inside?.answerParts ?? [])])
          assert.notEqual(cover, "secret", name);
      assert.ok(!text.includes(toHex(new TextEncoder().encode(CODE))));
    });
  });

  it("is forgotten when the user goes elsewhere", async () => {
    await backedUp(browser(), {}, async (page) => {
      const first = await saved(page, "Save the recording");
      await press(page, "Check a card");
      await heading(page, "Check a card");
      await page.goBack();
      await heading(page, "Back up your wallet");
      assert.equal(await page.getByRole("button", { name: "Save the recording" }).count(), 0);
      assert.ok(first.length > 1000);
    });
  });
});
