/** What a screen has in sight, and what a wide one does with its room. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { ServedBoard } from "../../host/apps/page/server/serve.js";
import { freezeAt, thaw } from "./frozen.js";
import { DESK, heading, home, look, makeWallet, PHONE, press } from "./support.js";
import { inSight, startBackup, tap, untilRunHolds, visit, withBrowser } from "./support.js";

type Card = ServedBoard;

/** No field that has the focus lies under the button that stays in sight. */
async function typeable(page: Page): Promise<void> {
  const under = await page.evaluate(`[...document.querySelectorAll("form input, form textarea")]
    .filter((field) => field.checkVisibility())
    .filter((field) => {
      field.focus();
      const { left, top, width, height } = field.getBoundingClientRect();
      return !field.contains(document.elementFromPoint(left + width / 2, top + height - 3));
    })
    .map((field) => field.outerHTML)`);
  assert.deepEqual(under, []);
}
const button = (page: Page, name: string) => page.getByRole("button", { name });

describe("the page: what is in sight", function () {
  const { browser } = withBrowser(this);

  it("on a phone: the button of each step, and a backup's picture while a card is asked for", async () => {
    const options = { viewport: PHONE, before: freezeAt("offer") };
    await visit(browser(), options, async ({ page, cards }) => {
      const [a, b, c] = cards as [Card, Card, Card];
      await page.getByRole("link", { name: /Make a wallet/ }).click();
      await inSight(page, button(page, "Next: the card"));
      await home(page);
      await page.getByRole("link", { name: /Sign a message/ }).click();
      await heading(page, "Sign a message");
      await inSight(page, button(page, "Next: the card"));
      await typeable(page);
      await home(page);
      await page.getByRole("link", { name: /Back up a wallet/ }).click();
      await inSight(page, button(page, "Start the backup"));
      await look(page, "62-long-form");
      await typeable(page);
      await home(page);
      await makeWallet(page, a);
      await inSight(page, button(page, "Back it up now"));
      await startBackup(page, [b, c]);
      await page.locator(".tap").waitFor();
      await inSight(page, page.locator(".progress .picture"));
      await page.getByText("Card 2 of 3").waitFor();
      for (const { name } of [b, c])
        await inSight(page, page.locator(".tap button.pick", { hasText: name }));
      await tap(page, b);
      await untilRunHolds(page, "offer");
      await thaw(page);
      await page.getByRole("heading", { name: "Copy 2, please" }).waitFor();
      await page.getByText(/Card 3 of 3 · \d+ of \d+ steps done/).waitFor();
      await tap(page, c);
      await heading(page, "Your backup is done");
      await inSight(page, button(page, "Receive"));
    });
  });

  it("drawn cards are what is pressed, not a cable; and the banner is as wide as the rest", async () => {
    await visit(browser(), { viewport: PHONE }, async ({ page }) => {
      await page.getByRole("link", { name: /Check a card/ }).click();
      await page.getByText("Press a card").waitFor();
      assert.equal(await page.locator(".tap button.main").count(), 0);
      for (const viewport of [PHONE, DESK]) {
        await page.setViewportSize(viewport);
        const [banner, frame] = (await page.evaluate(`[".demo", ".frame"].map((name) => {
          const found = document.querySelector(name), style = getComputedStyle(found);
          const { left, right } = found.getBoundingClientRect(), pad = name === ".frame";
          return [left + (pad && parseFloat(style.paddingLeft)), right - (pad && parseFloat(style.paddingRight))];
        })`)) as number[][];
        assert.deepEqual(banner?.map(Math.round), frame?.map(Math.round));
      }
    });
  });

  it("a wide screen shows the cards and what passes; a narrow one has no second column", async () => {
    await visit(browser(), { cards: 2 }, async ({ page, cards }) => {
      const [a] = cards as [Card];
      const side = page.locator("#side");
      await side.getByText(a.label).waitFor();
      await makeWallet(page, a);
      await side.getByText("Not backed up").waitFor();
      await side.getByText("ACTIVATE").waitFor();
      const row = side.locator(".wire li", { hasText: "ACTIVATE" });
      assert.match(await row.innerText(), /sealed/);
      assert.match(
        await side.locator(".wire li", { hasText: "STATUS" }).first().innerText(),
        /open/,
      );
      assert.doesNotMatch(await side.innerText(), /a fine code/);
      await look(page, "64-wide");
      await page.setViewportSize(PHONE);
      assert.equal(await side.isVisible(), false);
    });
  });

  it("an address that leads nowhere says so; the start tells how far a backup is", async () => {
    await visit(browser(), { cards: 3, before: freezeAt("offer") }, async ({ page, cards }) => {
      const [a, b, c] = cards as [Card, Card, Card];
      await page.evaluate("location.hash = '#/constructor'");
      await heading(page, "There is no such screen");
      await look(page, "65-no-such-screen");
      await press(page, "Back to the start");
      await makeWallet(page, a);
      await startBackup(page, [b, c]);
      await tap(page, b);
      await untilRunHolds(page, "offer");
      await home(page);
      const box = page.getByRole("region", { name: "Unfinished backup" });
      await box.getByText("ready to take the key").waitFor();
      await box.getByText("not met yet").waitFor();
      await look(page, "66-unfinished");
    });
  });

  it("nothing that destroys stands beside what does not, and every screen has a way back", async () => {
    await visit(browser(), { viewport: PHONE }, async ({ page }) => {
      await page.getByRole("link", { name: /Factory reset/ }).click();
      await heading(page, "Factory reset");
      assert.equal(await page.locator(".tap").count(), 0, "before it was said what goes");
      await inSight(page, button(page, "Choose the card to erase"));
      await press(page, "Back to the start");
      await page.getByRole("link", { name: "Settings" }).click();
      await page.getByRole("link", { name: "Make a board into a card" }).click();
      const box = page.getByLabel("Erase that card with its key");
      assert.equal(await box.isVisible(), false);
      await page.getByText("Erase the card that is on the board").click();
      await box.waitFor();
      await look(page, "67-flash");
      await press(page, "Back to the start");
      await heading(page, "Kincard");
    });
  });
});
