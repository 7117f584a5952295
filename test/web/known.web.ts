/** The cards that the page knows: strangers in their place, their names, what their codes cost. */

import assert from "node:assert/strict";
import { scryptSync } from "node:crypto";
import type { Page } from "playwright-core";
import { DEMO_MAKER_PUBLIC } from "../../firmware/build/demo-maker.js";
import { AccessCode, CardSession, fromHex, LineTransport } from "../../host/sdk/core.js";
import type { ServedBoard } from "../../host/apps/page/server/serve.js";
import {
  CODE,
  heading,
  home,
  look,
  makeWallet,
  press,
  tap,
  visit,
  withBrowser,
} from "./support.js";

type Card = ServedBoard;
const COST = 18;

/** A wallet whose code is stretched at another cost, made elsewhere. */
async function activateAt({ board, name }: Card, cost: number): Promise<void> {
  const session = new CardSession(await LineTransport.connect(board.duplex(), { name }));
  await session.openChannel({ maker: fromHex(DEMO_MAKER_PUBLIC) });
  const code = AccessCode.from(CODE);
  // OpenSSL's: in JavaScript, on a busy machine, it may outlast the channel.
  code.stretch = async (salt) =>
    new Uint8Array(
      scryptSync(CODE, salt, 32, { N: 2 ** cost, r: 8, p: 1, maxmem: 2 ** (cost + 11) }),
    );
  await session.activate(code, { cost });
  code.wipe();
  await session.close();
}

async function sign(page: Page, card: Card): Promise<void> {
  await home(page);
  await page.getByRole("link", { name: /Sign a message/ }).click();
  await page.getByLabel("Message").fill("I was here.");
  await page.getByLabel("Access code").fill(CODE);
  await press(page, "Next: the card");
  await tap(page, card);
}

/** How often a code was tried that is not its own. */
const tries = async ({ board, name }: Card) => {
  const session = new CardSession(await LineTransport.connect(board.duplex(), { name }));
  const { misses } = await session.status();
  await session.close();
  return misses;
};

describe("the page: known cards", function () {
  const { browser } = withBrowser(this);

  it("are used silently, and a stranger's card in their place is refused with both labels", async () => {
    await visit(browser(), { cards: 2 }, async ({ page, cards }) => {
      const [a, b] = cards as [Card, Card];
      await makeWallet(page, a);
      await sign(page, a);
      await heading(page, "Signed");
      await home(page);
      await page.getByRole("link", { name: /Make a wallet/ }).click();
      await page.getByLabel("Label of the empty card").fill(a.label);
      await page.getByLabel("New access code").fill(CODE);
      await page.getByLabel("The same code again").fill(CODE);
      await press(page, "Next: the card");
      await tap(page, b);
      await heading(page, "That did not work");
      const text = await page.getByRole("alert").innerText();
      for (const { label } of [a, b]) assert.ok(text.includes(label), text);
    });
  });

  it("are told from a stranger's, which gets no code before the user says that it is theirs", async () => {
    await visit(browser(), { cards: 2 }, async ({ page, cards }) => {
      const [a, b] = cards as [Card, Card];
      await activateAt(b, 15);
      await makeWallet(page, a);
      await sign(page, b);
      await heading(page, "Is this your card?");
      await page.getByText("This browser does not know this card").waitFor();
      await look(page, "57-stranger");
      await press(page, "No, stop");
      await heading(page, "Kincard");
      assert.equal(await tries(b), 0);
    });
  });

  it("have names of the user's own, and are forgotten", async () => {
    await visit(browser(), { cards: 2 }, async ({ page, cards }) => {
      const [a] = cards as [Card];
      await makeWallet(page, a);
      await page.getByRole("link", { name: "Settings" }).click();
      await page.getByText(`Name it ${a.label}`).click();
      const name = page.getByLabel("What you call it");
      await name.fill(a.label);
      await press(page, "Save the name");
      await page.getByText("A name has 1 to 40 characters and is not a label").waitFor();
      await name.fill("savings");
      await press(page, "Save the name");
      await page.locator("main").getByText("savings", { exact: true }).waitFor();
      await look(page, "58-known-cards");
      await home(page);
      await page.getByRole("link", { name: /Check a card/ }).click();
      await tap(page, a);
      await page.locator("main").getByText("savings", { exact: true }).waitFor();
      await page.getByRole("link", { name: "Settings" }).click();
      await press(page, `Forget it ${a.label}`);
      await page.getByText("None yet").waitFor();
      await sign(page, a);
      await heading(page, "Is this your card?");
    });
  });

  it("with a cheap code are refused, until the user accepts its cost under Settings", async () => {
    await visit(browser(), { cards: 1 }, async ({ page, cards }) => {
      const [a] = cards as [Card];
      await activateAt(a, 12);
      await sign(page, a);
      await press(page, "It is the same");
      await heading(page, "That did not work");
      await page.getByText("cheap to guess (cost 12, less than 15)").waitFor();
      await page.getByText("Your code was not sent").waitFor();
      assert.equal(await tries(a), 0);
      await press(page, "Open the settings");
      await page.getByText("How access codes are stretched").click();
      await page.getByLabel("Least cost of an access code").fill("9");
      await press(page, "Save the cost");
      await page.getByText("a whole number from 10 to 15").waitFor();
      await page.getByLabel("Least cost of an access code").fill("12");
      await press(page, "Save the cost");
      await sign(page, a);
      await heading(page, "Signed");
    });
  });

  it(`with a cost of ${COST} are asked about before the wait`, async function () {
    // Twice 256 MB of scrypt, once in the browser.
    this.timeout(300_000);
    await visit(browser(), { cards: 1 }, async ({ page, cards }) => {
      const [a] = cards as [Card];
      await activateAt(a, COST);
      await sign(page, a);
      await press(page, "It is the same");
      await heading(page, "This takes long");
      await look(page, "59-takes-long");
      await press(page, "No, stop");
      await page.getByText("more work for its access code than you agreed to").waitFor();
      assert.equal(await tries(a), 0);
      await sign(page, a);
      await press(page, "Go on, I chose that");
      await page.getByRole("heading", { name: "Signed" }).waitFor({ timeout: 200_000 });
    });
  });
});
