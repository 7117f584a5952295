/** What is typed stays as it was typed, and what is said of it does not outlive it. */

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { verifySigned } from "../../host/sdk/core.js";
import { CODE, heading, home, makeWallet, press, tap, visit, withBrowser } from "./support.js";

/** As an input method does: letters stand underlined in the field before they are committed. */
async function compose(page: Page, field: Locator, text: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await field.focus();
  for (let size = 1; size <= text.length; size++) {
    const part = { text: text.slice(0, size), selectionStart: size, selectionEnd: size };
    await devtools.send("Input.imeSetComposition", part);
    assert.ok((await field.inputValue()).endsWith(part.text), `left alone at ${part.text}`);
  }
  await devtools.send("Input.insertText", { text });
  await devtools.detach();
}

describe("the page: what people type", function () {
  const { browser } = withBrowser(this);
  const task = (page: Page, name: RegExp) => page.getByRole("link", { name }).click();
  const fact = (page: Page, name: string) =>
    page.locator("dt", { hasText: name }).locator("+ dd").innerText();

  it("is signed whole, however long it is, and lines stay lines", async () => {
    await visit(browser(), { cards: 1 }, async ({ page, cards }) => {
      const [a] = cards as [(typeof cards)[0]];
      await makeWallet(page, a);
      await home(page);
      await task(page, /Sign a message/);
      const message = `${"I owe you 1.\n".repeat(400)}The end, of 5,200 and more. ✓`;
      await page.getByLabel("Message").fill(message);
      await page.getByLabel("Access code").fill(CODE);
      await press(page, "Next: the card");
      await tap(page, a);
      await heading(page, "Signed");
      const [address, by] = [await fact(page, "Address"), await fact(page, "Signature")];
      assert.equal(verifySigned(message, address.trim(), by.trim()), "good");
      await home(page);
      await task(page, /Verify a message/);
      await page.getByLabel("Message").fill(message);
      await page.getByLabel("Address").fill(address);
      await page.getByLabel("Signature").fill(by);
      await press(page, "Verify");
      await page.getByText("The signature is good").waitFor();
      // The verdict was about another text.
      await page.getByLabel("Message").press("End");
      await page.getByLabel("Message").pressSequentially("!");
      assert.equal(await page.getByText("The signature is good").count(), 0);
      await press(page, "Verify");
      await page.getByText("The signature is not good").waitFor();
    });
  });

  it("is refused before a card is asked for, where it is too long to be signed", async () => {
    await visit(browser(), { cards: 1 }, async ({ page }) => {
      await task(page, /Sign a message/);
      await page.getByLabel("Message").fill("a".repeat(65_536));
      await page.getByLabel("Access code").fill(CODE);
      await press(page, "Next: the card");
      await page.getByText("The message is too long").waitFor();
    });
  });

  it("is grouped as a label, left alone while a keyboard composes, and never dropped", async () => {
    await visit(browser(), { cards: 1 }, async ({ page }) => {
      await task(page, /Make a wallet/);
      const field = page.getByLabel("Label of the empty card");
      await field.pressSequentially("9q3k41zb");
      assert.equal(await field.inputValue(), "9Q3K-41ZB");
      await field.fill("");
      await compose(page, field, "9Q3K");
      await compose(page, field, "41ZB");
      assert.equal(await field.inputValue(), "9Q3K-41ZB");
      await field.pressSequentially("%x");
      assert.equal(await field.inputValue(), "9Q3K-41ZB%x");
      await press(page, "Next: the card");
      await page.getByText("five groups of four").waitFor();
    });
  });

  it("is not called what it was before", async () => {
    await visit(browser(), { cards: 1 }, async ({ page }) => {
      await task(page, /Make a wallet/);
      await press(page, "Next: the card");
      await page.getByText("The access code is empty").waitFor();
      const code = page.getByLabel("New access code");
      await code.pressSequentially("abc");
      assert.equal(await page.getByText("The access code is empty").count(), 0);
      assert.equal(await code.getAttribute("aria-invalid"), "false");
      await page.getByLabel("The same code again").fill("abd");
      await press(page, "Next: the card");
      await page.getByText("not the same").waitFor();
      await code.fill("abd");
      assert.equal(await page.getByText("not the same").count(), 0);
      await code.fill("👨‍👩‍👧‍👦");
      await page.getByLabel("The same code again").fill("👨‍👩‍👧‍👦");
      await press(page, "Next: the card");
      await page.getByText("too short: it needs at least 6 characters").waitFor();
    });
  });
});
