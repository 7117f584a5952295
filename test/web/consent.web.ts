/**
 * On-card consent on the page (docs/protocol.md 14): two virtual boards blink, a person compares
 * the lamps that the page draws, and holds the main card's button or says that they differ.
 */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { virtualCards } from "../../host/apps/cli/commands/lab/web.js";
import type { ServedBoard } from "../../host/apps/page/server/serve.js";
import { CardSession } from "../../host/sdk/card/session.js";
import { LineTransport } from "../../host/sdk/links/line/transport.js";
import { heading, look, makeWallet, PHONE, press, startBackup, tap } from "./support.js";
import { inSight, untilSo, visit, withBrowser } from "./support.js";

type Card = ServedBoard;
const RUN_S = 60;
const BOOT_S = 10;

/** Cards with the option; past the seconds after power-up in which no run begins. */
const consenting = async () => {
  const cards = await virtualCards(2, { consent: true });
  for (const { board } of cards) board.advance(BOOT_S);
  return cards;
};

/** In the page: what each drawn lamp does and when by the board's time, by its card's name. */
const WATCH = `
  window.blinked = {};
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const row = target.closest?.(".lamps");
      if (!row) continue;
      const lit = [...row.querySelectorAll(".lamp")].map((lamp) => +lamp.matches(".lit")).join("");
      (window.blinked[row.textContent] ??= []).push([Number(row.dataset.at), lit]);
    }
  }).observe(document, { subtree: true, attributeFilter: ["class"] });
`;
type Change = readonly [ms: number, lit: string];

/** Flashes of each digit, round by round: a pause of 0.5 s parts digits, one of 1 s rounds. */
function rounds(changes: readonly Change[]): string[] {
  const found: string[][] = [];
  let [dark, last] = [-Infinity, ""];
  for (const [at, lit] of changes) {
    if (lit === "000") {
      if (last !== "000") dark = at;
    } else if (lit !== last) {
      const colour = "rgb"[lit.indexOf("1")] ?? "?";
      if (at - dark > 1000) found.push([]);
      const round = found.at(-1);
      if (at - dark < 500 && round?.length) round[round.length - 1] += colour;
      else round?.push(colour);
    }
    last = lit;
  }
  return found.map((round) => round.join(" "));
}
const ROUND = /^(?:(?:r|gg|bbb) ){7}(?:r|gg|bbb)$/;

/** What a person sees who looks at both for as long as it takes to see a whole round of each. */
async function seen(page: Page): Promise<[main: string, copy: string]> {
  let found: (string | undefined)[] = [];
  await untilSo("no whole round", async () => {
    const blinked = (await page.evaluate("window.blinked")) as Record<string, Change[]>;
    found = ["Card A", "Card B"].map((name) =>
      rounds(blinked[name] ?? []).find((round) => ROUND.test(round)),
    );
    return found.every((round) => round !== undefined);
  });
  return found as [string, string];
}

/** By a link of its own; the page's is cut. */
async function stateOf({ board, name }: Card): Promise<string> {
  const session = new CardSession(await LineTransport.connect(board.duplex(), { name }));
  const { state } = await session.status();
  await session.close();
  return state;
}
const ask = (page: Page) =>
  page.locator("main").getByText("Do the two boards blink the same?").waitFor();
/** A wallet on one card, and its copy to the other as far as both blink. */
async function toTheQuestion(page: Page, main: Card, copy: Card): Promise<void> {
  await makeWallet(page, main);
  await startBackup(page, [copy]);
  await tap(page, copy);
  await ask(page);
}
const button = (page: Page, name: string) => page.getByRole("button", { name });
/** To the end. Only once a second has passed: a card must have seen its button released before. */
async function hold(page: Page): Promise<void> {
  await page.getByText(/There are [1-5]?\d s left/).waitFor();
  await button(page, "Hold Card A's button").hover();
  await page.mouse.down();
  await heading(page, "Your backup is done");
  await page.mouse.up();
}

describe("the page: on-card consent", function () {
  const { browser } = withBrowser(this);
  const options = { cards: 0, others: consenting, viewport: PHONE, before: WATCH };

  it("both boards' lamps blink the same eight digits, and the key is given by the held button", async () => {
    await visit(browser(), options, async ({ page, cards }) => {
      const [a, b] = cards as [Card, Card];
      await toTheQuestion(page, a, b);
      for (const name of ["Hold Card A's button", "They differ: stop"])
        await inSight(page, button(page, name));
      await inSight(page, page.locator(".compare-lights .lamps").first());
      const [main, copy] = await seen(page);
      assert.equal(main, copy, "the two boards");
      assert.equal(await page.getByText("Your backup is done").count(), 0, "without the button");
      await hold(page);
      await look(page, "101-given-by-the-button");
    });
  });

  it("a person who says that they differ ends it: nothing is given away, and a new try works", async () => {
    await visit(browser(), options, async ({ page, cards, served }) => {
      const [a, b] = cards as [Card, Card];
      await toTheQuestion(page, a, b);
      // In the second column, for which a phone has no room: what it holds is noted later.
      const beside = page.locator("#side li", { hasText: b.label });
      await beside.getByText("In use now").waitFor({ state: "attached" });
      await look(page, "100-compare-the-boards");
      await press(page, "They differ: stop");
      await page.getByText("You saw the two boards blink differently.").waitFor();
      await page.getByText("Nothing was given away").waitFor();
      await look(page, "102-they-differ");
      // A finger on the button now gives nothing: nobody asks the card any more.
      a.board.press();
      a.board.advance(RUN_S / 2);
      a.board.release();
      for (const { board } of cards) board.advance(RUN_S);
      served.cut(0);
      assert.equal(await stateOf(a), "WALLET", "the main card gave something");
      await press(page, "Try again");
      await tap(page, b);
      await ask(page);
      await hold(page);
    });
  });

  it("when nobody holds the button in the minute nothing is given away, and it says so", async () => {
    await visit(browser(), options, async ({ page, cards, served }) => {
      const [a, b] = cards as [Card, Card];
      await toTheQuestion(page, a, b);
      // Their minute goes faster than ours; the page asks on meanwhile.
      const hand = setInterval(() => cards.forEach(({ board }) => board.advance(1)), 200);
      await page.getByText("that time is over").waitFor();
      clearInterval(hand);
      await look(page, "103-nobody-held-it");
      served.cut(0);
      assert.equal(await stateOf(a), "WALLET", "the main card gave something");
    });
  });

  it("boards that were just switched on say for how long they must be waited for", async () => {
    const late = { ...options, others: () => virtualCards(2, { consent: true }) };
    await visit(browser(), late, async ({ page, cards }) => {
      const [a, b] = cards as [Card, Card];
      await makeWallet(page, a);
      for (const { board } of cards) {
        board.powerOff();
        board.powerOn();
      }
      await startBackup(page, [b]);
      await tap(page, b);
      await page
        .getByText(/needs a pause of \d+ seconds/)
        .first()
        .waitFor();
      await look(page, "104-needs-a-pause");
      for (const { board } of cards) board.advance(BOOT_S);
      await ask(page);
    });
  });
});
