/** A backup whose cards or whose page go away in the middle, at every message. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { Served, ServedBoard } from "../../host/apps/page/server/serve.js";
import { freezeAt, thaw } from "./frozen.js";
import { CODE, heading, home, look, makeWallet, press } from "./support.js";
import { startBackup, tap, until, untilRunHolds, untilSo, visit, withBrowser } from "./support.js";

type Card = ServedBoard;
type Cards = readonly Card[];

/** Holds the cards that are asked for until the backup is done. */
async function holdUntilDone(page: Page, main: Card, copy: Card): Promise<void> {
  const done = page.getByRole("heading", { level: 1, name: "Your backup is done" });
  const asked = page.locator('.tap:not([aria-busy="true"])');
  const same = page.getByRole("button", { name: "It is the same" });
  for (let steps = 0; steps < 12; steps++) {
    await done.or(asked).or(same).first().waitFor();
    if (await done.isVisible()) return;
    if (await same.isVisible()) await same.click();
    else {
      const panel = (await asked.elementHandle())!;
      const title = await (await panel.$("h2"))!.innerText();
      await tap(page, /main/.test(title) ? main : copy);
      // It is gone with the card that it asked for, or says why that is not so.
      await untilSo("the panel stays", async () => {
        if (!(await panel.isVisible())) return true;
        const fault = await panel.$(".fault:not(.calm)");
        return ((await fault?.textContent()) ?? "") !== "";
      });
    }
  }
  throw new Error("the page asks for cards and comes to no end");
}

/** Its battery falls out: no power, and the link is gone. */
function drop(cards: Cards, served: Served, at: number): void {
  cards[at]?.board.powerOff();
  served.cut(at);
}

describe("the page: an interrupted backup", function () {
  const { browser } = withBrowser(this);

  it("an unconfirmed receipt can wait, and is brought later", async () => {
    await visit(
      browser(),
      { cards: 2, before: freezeAt("receipt") },
      async ({ page, cards, served }) => {
        const [a, b] = cards as [Card, Card];
        await makeWallet(page, a);
        await startBackup(page, [b]);
        await tap(page, b);
        await untilRunHolds(page, "receipt");
        drop(cards, served, 0);
        await thaw(page);
        await press(page, "Leave that for later");
        await heading(page, "Your copies are good");
        await page.getByText("It is needed once more").waitFor();
        await look(page, "54-receipts-wait");
        a.board.powerOn();
        await press(page, "Go on now");
        await page.getByLabel("Access code").fill(CODE);
        await press(page, "Go on");
        await holdUntilDone(page, a, b);
      },
    );
  });

  it("a card that falls silent is said to be so within two seconds, and only while it is", async () => {
    const before = freezeAt("offer");
    await visit(browser(), { cards: 2, before }, async ({ page, cards }) => {
      const [a, b] = cards as [Card, Card];
      await makeWallet(page, a);
      await page.clock.install();
      await startBackup(page, [b]);
      await tap(page, b);
      await untilRunHolds(page, "offer");
      await until(page, "window.unheard");
      const said = page.locator("main").getByText("The main card does not answer");
      // By the page's clock, which is the test's: no matter how busy the machine is.
      await page.clock.fastForward(2000);
      assert.ok(await said.isVisible(), "not within two seconds");
      await page.getByText("bring it back: it goes on by itself").waitFor();
      await page.getByText("Card 1 of 2").waitFor();
      await look(page, "55-card-silent");
      await thaw(page);
      await heading(page, "Your backup is done");
      assert.equal(await said.count(), 0);
    });
  });

  it("a card that falls silent when it is used alone is said to be so too", async () => {
    await visit(browser(), { cards: 1 }, async ({ page, cards }) => {
      const [a] = cards as [Card];
      await page.getByRole("link", { name: /Check a card/ }).click();
      await page.evaluate(
        "window.real = WebSocket.prototype.send; WebSocket.prototype.send = function (data) {" +
          " if (!window.gone) window.real.call(this, data); window.gone ||= window.next; };",
      );
      await page.evaluate("window.next = true");
      await tap(page, a);
      await page.locator("main").getByText("The card does not answer. Check its power").waitFor();
      await page.evaluate("window.next = window.gone = false");
      await heading(page, "This card is genuine");
    });
  });

  for (const message of ["offer", "transfer", "receipt"]) {
    it(`a card that loses its power after the ${message}: asked for again, then done`, async () => {
      await visit(
        browser(),
        { cards: 2, before: freezeAt(message) },
        async ({ page, cards, served }) => {
          const [a, b] = cards as [Card, Card];
          await makeWallet(page, a);
          await startBackup(page, [b]);
          await tap(page, b);
          await untilRunHolds(page, message);
          for (const at of [0, 1]) drop(cards, served, at);
          await thaw(page);
          await page
            .getByText(/The connection to the card was lost|does not answer/)
            .first()
            .waitFor();
          if (message === "transfer") await look(page, "56-card-lost");
          for (const { board } of cards) board.powerOn();
          await holdUntilDone(page, a, b);
        },
      );
    });

    it(`a reload after the ${message}: goes on with the code alone`, async () => {
      await visit(browser(), { cards: 2, before: freezeAt(message) }, async ({ page, cards }) => {
        const [a, b] = cards as [Card, Card];
        await makeWallet(page, a);
        await startBackup(page, [b]);
        await tap(page, b);
        await untilRunHolds(page, message);
        await page.evaluate("sessionStorage.setItem('thaw', 'yes')");
        await page.reload();
        await home(page);
        await press(page, "Go on with it");
        await page.getByLabel("Access code").fill(CODE);
        await press(page, "Go on");
        await holdUntilDone(page, a, b);
      });
    });
  }
});
