/**
 * Without the code a card is erased by its button: released first, then held for 5 s. The card's
 * time is the test's.
 */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { virtualCards } from "../../host/apps/cli/commands/lab/web.js";
import type { ServedBoard } from "../../host/apps/page/server/serve.js";
import { heading, home, look, makeWallet, press, tap, untilSo } from "./support.js";
import { visit, withBrowser } from "./support.js";

type Card = ServedBoard;
const HOLD_S = 5;

/** Up to where the card waits for its button. */
async function arm(page: Page, card: Card): Promise<void> {
  await makeWallet(page, card);
  await home(page);
  await page.getByRole("link", { name: /Factory reset/ }).click();
  await press(page, "Choose the card to erase");
  await tap(page, card);
  await press(page, "Without the code, by the card's button");
  await page.getByLabel(/^Type/).fill(card.label.slice(-4));
  await press(page, "Erase the key for good");
  await heading(page, "The card waits for its button");
  await page.locator("main").getByText("Release the card's button, then hold it").waitFor();
}

/** Lets the card's time go on, a little at a time, until the page shows this. Seconds that it took. */
async function passes(page: Page, { board }: Card, shows: RegExp, seconds = 0.1): Promise<number> {
  const start = board.time;
  await untilSo(`never ${shows}`, async () => {
    if (shows.test(await page.locator("main").innerText())) return true;
    board.advance(seconds);
    return false;
  });
  return board.time - start;
}

describe("the page: a reset by the button", function () {
  const { browser } = withBrowser(this);
  const options = { cards: 0, others: () => virtualCards(1, { clock: "virtual" }) };

  it("takes a button that is held for 5 s; one that is let go of too early erases nothing", async () => {
    await visit(browser(), options, async ({ page, cards }) => {
      const [a] = cards as [Card];
      await arm(page, a);
      await look(page, "60-armed");
      const lead = page.locator("main .lead");
      a.board.press();
      a.board.advance(2.5);
      await lead.getByText("hold it: 3 seconds more").waitFor();
      a.board.release();
      a.board.advance(0.2);
      await lead.getByText("hold it: 5 seconds more").waitFor();
      assert.doesNotMatch(await lead.innerText(), /does not answer/);
      a.board.press();
      a.board.advance(HOLD_S + 0.3);
      await heading(page, "The card is empty");
      a.board.release();
    });
  });

  it("takes the drawn card's button too, by mouse and by keyboard", async () => {
    await visit(browser(), options, async ({ page, cards }) => {
      const [a] = cards as [Card];
      await arm(page, a);
      const button = page.getByRole("button", { name: "Hold Card A's button" });
      await button.hover();
      await page.mouse.down();
      await passes(page, a, /hold it: 4 seconds more/);
      await page.mouse.up();
      // The card looks at its button every 0.1 s: only a release that it saw counts.
      await passes(page, a, /hold it: 5 seconds more/);
      await button.focus();
      await page.keyboard.down(" ");
      const held = await passes(page, a, /The card is empty/);
      await page.keyboard.up(" ");
      assert.ok(held > HOLD_S - 0.3, `it took ${held} s`);
    });
  });

  it("erases nothing when nobody holds it, and says so", async () => {
    await visit(browser(), options, async ({ page, cards }) => {
      const [a] = cards as [Card];
      await arm(page, a);
      await passes(page, a, /That did not work/, 1);
      await page.getByText("Nobody held the card's button for long enough").waitFor();
      await page.getByText("It has kept its key").waitFor();
    });
  });
});
