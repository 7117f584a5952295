/** The page's own ceremony: made, interrupted, gone on with; on a phone's and a desk's screen. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { DESK, CODE, heading, look, makeWallet, PHONE, press, startBackup } from "./support.js";
import { freezeAt } from "./frozen.js";
import { home, tap, untilRunHolds, visit, withBrowser } from "./support.js";

const SCREENS = [
  { name: "360 px, light", viewport: PHONE, colorScheme: "light" },
  { name: "1280 px, dark", viewport: DESK, colorScheme: "dark" },
] as const;

const stored = (page: Page) => page.evaluate("JSON.stringify(localStorage)") as Promise<string>;

describe("the page: backup", function () {
  const { browser } = withBrowser(this);

  for (const { name, ...screen } of SCREENS) {
    it(`makes a wallet and backs it up to two cards, each chosen once (${name})`, async () => {
      await visit(browser(), screen, async ({ page, cards }) => {
        const [a, b, c] = cards as [(typeof cards)[0], (typeof cards)[0], (typeof cards)[0]];
        await look(page, "1-start");
        await page.getByRole("link", { name: /Make a wallet/ }).click();
        await look(page, "2-make-a-wallet");
        await home(page);
        await makeWallet(page, a);
        await look(page, "3-wallet-made");
        await press(page, "Back it up now");
        await look(page, "4-back-it-up");
        await page.goBack();
        await home(page);
        await page.getByRole("link", { name: /Back up a wallet/ }).click();
        await page.getByLabel("Main card").fill(a.label);
        await page.getByLabel("Copy 1").fill(b.label);
        await page.getByLabel("Copy 2").fill(c.label);
        await page.getByLabel("Access code").fill(CODE);
        await press(page, "Start the backup");
        await page.locator(".tap").waitFor();
        await look(page, "5-hold-the-main-card");
        await tap(page, a);
        await page.getByRole("heading", { name: "Copy 1, please" }).waitFor();
        await look(page, "6-hold-copy-1");
        await tap(page, b);
        await page.getByRole("heading", { name: "Copy 2, please" }).waitFor();
        await tap(page, c);
        await heading(page, "Your backup is done");
        await look(page, "7-done");
        const text = await page.locator("main").innerText();
        for (const { label } of cards) assert.ok(text.includes(label), `${label} is not shown`);
        assert.ok(!(await stored(page)).includes("kincard.run"), "a finished run is kept");
      });
    });
  }

  it("asks for the two copies alone when the wallet was made just before", async () => {
    await visit(browser(), {}, async ({ page, cards }) => {
      const [a, b, c] = cards as [(typeof cards)[0], (typeof cards)[0], (typeof cards)[0]];
      await makeWallet(page, a);
      await startBackup(page, [b, c]);
      await tap(page, b);
      await page.getByRole("heading", { name: "Copy 2, please" }).waitFor();
      await tap(page, c);
      await heading(page, "Your backup is done");
    });
  });

  it("goes on after a reload, and keeps no code meanwhile", async () => {
    await visit(browser(), { before: freezeAt("transfer") }, async ({ page, cards }) => {
      const [a, b] = cards as [(typeof cards)[0], (typeof cards)[0]];
      await makeWallet(page, a);
      await startBackup(page, [b]);
      await tap(page, b);
      await untilRunHolds(page, "transfer");
      await page.evaluate("sessionStorage.setItem('thaw', 'yes')");
      await page.reload();
      const kept = await stored(page);
      assert.ok(!kept.includes(CODE), "the access code is in the browser's store");
      const names = Object.keys(JSON.parse(kept) as object);
      assert.deepEqual(names.sort(), ["kincard.cards", "kincard.run"]);
      await home(page);
      await press(page, "Go on with it");
      await look(page, "8-go-on");
      await page.getByLabel("Access code").fill(CODE);
      await press(page, "Go on");
      await page.getByRole("heading", { name: "Copy 1, please" }).waitFor();
      await tap(page, b);
      await page.getByRole("heading", { name: "The main card, please" }).waitFor();
      await tap(page, a);
      await heading(page, "Your backup is done");
    });
  });

  it("mends a backup whose memory is lost when the copy has the key and the main card no receipt", async () => {
    await visit(browser(), { before: freezeAt("receipt") }, async ({ page, cards }) => {
      const [a, b] = cards as [(typeof cards)[0], (typeof cards)[0]];
      await makeWallet(page, a);
      await startBackup(page, [b]);
      await tap(page, b);
      await untilRunHolds(page, "receipt");
      await page.evaluate("sessionStorage.setItem('thaw', 'yes'); localStorage.clear()");
      await page.reload();
      await home(page);
      await page.getByRole("link", { name: /Back up a wallet/ }).click();
      await page.getByLabel("Two cards").check();
      await page.getByLabel("Main card").fill(a.label);
      await page.getByLabel("Copy 1").fill(b.label);
      await page.getByLabel("Access code").fill(CODE);
      await press(page, "Start the backup");
      await tap(page, a);
      await page.getByRole("heading", { name: "Copy 1, please" }).waitFor();
      await tap(page, b);
      await heading(page, "Your backup is done");
    });
  });

  it("opens a link again that was cut, without asking", async () => {
    const before = freezeAt("offer");
    await visit(browser(), { before }, async ({ page, cards, served }) => {
      const [a, b] = cards as [(typeof cards)[0], (typeof cards)[0]];
      await makeWallet(page, a);
      await startBackup(page, [b]);
      await tap(page, b);
      await untilRunHolds(page, "offer");
      served.cut(0);
      served.cut(1);
      await page.evaluate("sessionStorage.setItem('thaw', 'yes'); window.frozen = false");
      await heading(page, "Your backup is done");
    });
  });

  it("sends a wrong card away and asks again", async () => {
    await visit(browser(), {}, async ({ page, cards }) => {
      const [a, b, c] = cards as [(typeof cards)[0], (typeof cards)[0], (typeof cards)[0]];
      await makeWallet(page, a);
      await startBackup(page, [b]);
      await tap(page, c);
      await page
        .getByText(/This is the card/)
        .first()
        .waitFor();
      await look(page, "9-wrong-card");
      await tap(page, b);
      await heading(page, "Your backup is done");
    });
  });

  it("tells of a wrong code, and how often it was wrong", async () => {
    await visit(browser(), {}, async ({ page, cards }) => {
      const [a, b] = cards as [(typeof cards)[0], (typeof cards)[0]];
      await makeWallet(page, a);
      await home(page);
      await page.getByRole("link", { name: /Back up a wallet/ }).click();
      await page.getByLabel("Two cards").check();
      await page.getByLabel("Access code").fill("not the code");
      await press(page, "Start the backup");
      await tap(page, a);
      await page.getByText("That was the wrong access code.").waitFor();
      await look(page, "10-wrong-code");
      await press(page, "Try again");
      await page.getByLabel("Two cards").check();
      await page.getByLabel("Access code").fill(CODE);
      await press(page, "Start the backup");
      await tap(page, a);
      await tap(page, b);
      // The main card was named when it was made; the copy is met here first.
      await heading(page, "Is this your card?");
      await look(page, "11-compare");
      await press(page, "It is the same");
      await heading(page, "Your backup is done");
    });
  });
});
