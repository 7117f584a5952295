/** What the page says when a rule stops the user, and that it lets them go on. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { buildFirmware } from "../../firmware/build/firmware.js";
import { virtualCards } from "../../host/cli/web.js";
import { toHex } from "../../host/core.js";
import { Maker } from "../../host/maker/maker.js";
import type { Served } from "../../host/web/serve.js";
import { CODE, heading, home, look, makeWallet, PHONE, press } from "./support.js";
import { startBackup, tap, untilRunHolds, visit, withBrowser } from "./support.js";

type Cards = Parameters<Parameters<typeof visit>[2]>[0]["cards"];
type Card = Cards[number];

/** From this message on nothing more reaches a card, until the page is told to thaw. */
const freezeAt = (message: string) => `
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (key, value) {
    setItem.call(this, key, value);
    if (value.includes('"${message}"') && !sessionStorage.getItem("thaw")) window.frozen = true;
  };
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    if (!window.frozen) send.call(this, data);
  };
`;
const thaw = (page: Page) =>
  page.evaluate("sessionStorage.setItem('thaw', 'yes'); window.frozen = false");

/** From the first screen: what an earlier backup left is dropped. */
async function forget(page: Page): Promise<void> {
  await heading(page, "Kincard");
  const button = page.getByRole("button", { name: "Forget it" });
  if (await button.isVisible()) await button.click();
}

/** Holds the cards that are asked for until the backup is done. */
async function holdUntilDone(page: Page, main: Card, copy: Card): Promise<void> {
  const done = page.getByRole("heading", { level: 1, name: "Your backup is done" });
  const asked = page.locator('.tap:not([aria-busy="true"])');
  const same = page.getByRole("button", { name: "They are the same" });
  for (let steps = 0; steps < 12; steps++) {
    await done.or(asked).or(same).first().waitFor({ timeout: 40_000 });
    if (await done.isVisible()) return;
    if (await same.isVisible()) await same.click();
    else {
      const title = await asked.locator("h2").innerText({ timeout: 1000 });
      await tap(page, /main/.test(title) ? main : copy);
      await page.waitForTimeout(200);
    }
  }
  throw new Error("the page asks for cards and comes to no end");
}

const alert = (page: Page) => page.getByRole("alert").innerText();

/** Its battery falls out: no power, and the link is gone. */
function drop(cards: Cards, served: Served, at: number): void {
  cards[at]?.board.powerOff();
  served.cut(at);
}

/** A set of two, made before the test's own steps. */
async function backUp(page: Page, a: Card, b: Card): Promise<void> {
  await makeWallet(page, a);
  await startBackup(page, [b]);
  await tap(page, b);
  await heading(page, "Your backup is done");
  await home(page);
}

/** From the first screen: main card and copies by their labels. */
async function askBackup(page: Page, main: Card, copies: readonly Card[], code = CODE) {
  await page.getByRole("link", { name: /Back up a wallet/ }).click();
  if (copies.length === 1) await page.getByLabel("Two cards").check();
  await page.getByLabel("Main card").fill(main.label);
  for (const [at, { label }] of copies.entries()) {
    await page.getByLabel(["Copy 1", "Copy 2"][at] as string).fill(label);
  }
  await page.getByLabel("Access code").fill(code);
  await press(page, "Start the backup");
}

describe("the page: a rule that stops the user is said", function () {
  const { browser } = withBrowser(this);
  const folder = mkdtempSync(join(tmpdir(), "kincard-rules-"));
  const other = Maker.create();
  const otherKey = toHex(other.publicKey);
  /** One card of another maker, called "Card F". */
  const stranger = async () => {
    const bundle = join(folder, "firmware.js");
    const maker = other.withSecret((secret) => Maker.fromSecret(secret));
    return virtualCards(1, { bundle, maker, first: 5 });
  };
  before(async () => {
    await buildFirmware({ makerKey: otherKey, outDir: folder });
  });
  after(() => {
    other.wipe();
    rmSync(folder, { recursive: true, force: true });
  });

  it("a full set takes no third card", async () => {
    await visit(browser(), { viewport: PHONE }, async ({ page, cards }) => {
      const [a, b, c] = cards as [Card, Card, Card];
      await backUp(page, a, b);
      await askBackup(page, a, [c]);
      await tap(page, a);
      await page.getByRole("heading", { name: "Copy 1, please" }).waitFor();
      await tap(page, c);
      await heading(page, "That did not work");
      const text = await alert(page);
      assert.match(text, /backup is complete: it never gives its key again/);
      assert.match(text, /copies that it has already/);
      await look(page, "50-full-set");
    });
  });

  it("a copy never gives its key", async () => {
    await visit(browser(), { viewport: PHONE }, async ({ page, cards }) => {
      const [a, b, c] = cards as [Card, Card, Card];
      await backUp(page, a, b);
      await askBackup(page, b, [c]);
      await tap(page, b);
      await page.getByText(/That is not the card that is needed now. It holds a copy/).waitFor();
      await look(page, "51-copy-as-main");
    });
  });

  it("a used card takes no other wallet's key", async () => {
    await visit(browser(), { cards: 4, viewport: PHONE }, async ({ page, cards }) => {
      const [a, b, c] = cards as [Card, Card, Card];
      await backUp(page, a, b);
      await makeWallet(page, c);
      await startBackup(page, [b]);
      await tap(page, b);
      await heading(page, "That did not work");
      assert.match(await alert(page), /already holds the key of another wallet/);
      await look(page, "52-used-card");
      await home(page);
      await forget(page);
      await askBackup(page, c, [a]);
      await tap(page, c);
      await page.getByRole("heading", { name: "Copy 1, please" }).waitFor();
      await tap(page, a);
      await page.getByText(/That is not the card that is needed now. It made its copies/).waitFor();
    });
  });

  it("a locked-out card says for how long, in a backup too", async () => {
    await visit(browser(), { cards: 2, viewport: PHONE }, async ({ page, cards }) => {
      const [a, b] = cards as [Card, Card];
      await makeWallet(page, a);
      await home(page);
      let text = "";
      for (let tries = 1; tries <= 12 && !/locked for a while/.test(text); tries++) {
        await askBackup(page, a, [b], "not the code");
        await tap(page, a);
        await heading(page, "That did not work");
        text = await alert(page);
        if (!/locked for a while/.test(text)) await home(page);
      }
      assert.match(text, /locked for a while, because of wrong codes before/);
      assert.match(text, /Keep it powered for \d+ seconds?, then try again/);
      await look(page, "53-locked");
    });
  });

  it("a card of another maker is no part of a set, and its own maker makes it one", async () => {
    const options = { cards: 2, others: stranger, viewport: PHONE };
    await visit(browser(), options, async ({ page, cards }) => {
      const [a, , f] = cards as [Card, Card, Card];
      await makeWallet(page, a);
      await startBackup(page, [f]);
      await tap(page, f);
      await heading(page, "That did not work");
      assert.match(await alert(page), /comes from another maker, or is not genuine/);
    });
    const config = ({ boards }: object & { boards?: unknown }) => ({ boards, makers: [otherKey] });
    await visit(browser(), { ...options, config }, async ({ page, cards }) => {
      await makeWallet(page, cards[2] as Card);
    });
  });

  it("cards of several makers: each is known by its own, and a set has one", async () => {
    const config = ({ maker, boards }: { maker?: string; boards?: unknown }) => ({
      ...{ maker, boards },
      makers: ["no key", otherKey, maker],
    });
    const options = { cards: 2, others: stranger, config, viewport: PHONE };
    await visit(browser(), options, async ({ page, cards }) => {
      const [a, b, f] = cards as [Card, Card, Card];
      await page.getByRole("link", { name: "Settings" }).click();
      await page.getByText(/those of the makers [0-9a-f]{8} and [0-9a-f]{8}, as this/).waitFor();
      for (const card of [a, f]) {
        await home(page);
        await page.getByRole("link", { name: /Check a card/ }).click();
        await tap(page, card);
        await heading(page, "This card is genuine");
      }
      await home(page);
      await makeWallet(page, a);
      await startBackup(page, [f]);
      await tap(page, f);
      await heading(page, "That did not work");
      assert.match(await alert(page), /comes from another maker/);
      await home(page);
      await forget(page);
      await askBackup(page, a, [b]);
      await heading(page, "The main card, please");
      await tap(page, a);
      await page.getByRole("heading", { name: "Copy 1, please" }).waitFor();
      await tap(page, b);
      await heading(page, "Your backup is done");
    });
  });

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
