/** Without the code a card is erased by its button: released first, then held for 5 s. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { ServedBoard } from "../../host/apps/page/server/serve.js";
import { heading, home, look, makeWallet, press, tap, visit, withBrowser } from "./support.js";

type Card = ServedBoard;
const HOLD_MS = 5000;

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

describe("the page: a reset by the button", function () {
  const { browser } = withBrowser(this);

  it("takes a button that is held for 5 s; one that is let go of too early erases nothing", async () => {
    await visit(browser(), { cards: 1 }, async ({ page, cards }) => {
      const [a] = cards as [Card];
      await arm(page, a);
      await look(page, "60-armed");
      const lead = page.locator("main .lead");
      const countdown = async (text: RegExp) => {
        for (let tries = 0; tries < 200; tries++) {
          if (text.test(await lead.innerText())) return;
          await page.waitForTimeout(50);
        }
        assert.fail(`never ${text}: ${await lead.innerText()}`);
      };
      a.board.press();
      await countdown(/hold it: 3 seconds more/);
      a.board.release();
      await countdown(/hold it: 5 seconds more/);
      assert.doesNotMatch(await lead.innerText(), /does not answer/);
      a.board.press();
      await heading(page, "The card is empty");
      a.board.release();
    });
  });

  it("takes the drawn card's button too, by mouse and by keyboard", async () => {
    await visit(browser(), { cards: 1 }, async ({ page, cards }) => {
      const [a] = cards as [Card];
      await arm(page, a);
      const button = page.getByRole("button", { name: "Hold Card A's button" });
      await button.hover();
      await page.mouse.down();
      await page.waitForTimeout(1000);
      await page.mouse.up();
      // The card looks at its button every 0.1 s: only a release that it saw counts.
      await page.locator("main .lead").getByText("hold it: 5 seconds more").waitFor();
      await button.focus();
      const start = performance.now();
      await page.keyboard.down(" ");
      await heading(page, "The card is empty");
      await page.keyboard.up(" ");
      assert.ok(performance.now() - start > HOLD_MS - 300, "it did not take five seconds");
    });
  });

  it("erases nothing when nobody holds it, and says so", async function () {
    this.timeout(120_000);
    await visit(browser(), { cards: 1 }, async ({ page, cards }) => {
      const [a] = cards as [Card];
      await arm(page, a);
      await heading(page, "That did not work").catch(() => heading(page, "That did not work"));
      await page.getByText("Nobody held the card's button for long enough").waitFor();
      await page.getByText("It has kept its key").waitFor();
    });
  });
});
