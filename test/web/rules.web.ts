/** What the page says when a rule stops the user, and that it lets them go on. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { buildFirmware } from "../../firmware/build/firmware.js";
import { virtualCards } from "../../host/apps/cli/commands/lab/web.js";
import { toHex } from "../../host/sdk/core.js";
import { Maker } from "../../host/sdk/maker/maker.js";
import type { ServedBoard } from "../../host/apps/page/server/serve.js";
import { CODE, heading, home, look, makeWallet, PHONE, press } from "./support.js";
import { startBackup, tap, visit, withBrowser } from "./support.js";

type Card = ServedBoard;

/** From the first screen: what an earlier backup left is dropped. */
async function forget(page: Page): Promise<void> {
  await heading(page, "Kincard");
  const button = page.getByRole("button", { name: "Forget it" });
  if (await button.isVisible()) await button.click();
}

const alert = (page: Page) => page.getByRole("alert").innerText();

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
      await page
        .getByText(/This is a copy. It opens your wallet, but only the main card can give/)
        .waitFor();
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
      assert.match(text, /locked for a while because of earlier wrong codes/);
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
      await page.getByText(/those of the makers [0-9a-f]{8} and [0-9a-f]{8}, which came/).waitFor();
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
});
