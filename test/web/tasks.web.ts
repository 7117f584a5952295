/** Everything but the backup: check, copies, sign, verify, reset, settings; and what goes wrong. */

import assert from "node:assert/strict";
import { decodeBase58Check } from "../../host/sdk/core.js";
import { formatSignedMessage } from "../../host/sdk/signed/block.js";
import { CODE, heading, home, look, makeWallet, PHONE, press } from "./support.js";
import { tap, visit, withBrowser } from "./support.js";

const OTHER_MAKER = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

describe("the page: other tasks", function () {
  const { browser } = withBrowser(this);

  it("checks a card, shows its copies, signs, verifies and erases", async () => {
    await visit(browser(), { viewport: PHONE }, async ({ page, cards }) => {
      const [a] = cards as [(typeof cards)[0]];
      const task = (name: RegExp) => page.getByRole("link", { name }).click();
      const fact = async (name: string) => {
        const value = page.locator("dt", { hasText: name }).locator("+ dd");
        return (await value.innerText()).trim();
      };
      await makeWallet(page, a);
      await home(page);

      await task(/Check a card/);
      await look(page, "20-check");
      await tap(page, a);
      await heading(page, "This card is genuine");
      await look(page, "21-genuine");
      const shown = await page.locator(".biglabel span").allInnerTexts();
      assert.equal(shown.join("-"), a.label);
      await page.getByLabel("Access code").fill(CODE);
      await press(page, "Show its copies");
      await heading(page, "Cards with this key");
      assert.equal(await fact("Main card"), a.label);
      await look(page, "22-copies");
      await home(page);

      await task(/Sign a message/);
      await press(page, "Next: the card");
      await page.getByText("Write a message first.").waitFor();
      await page.getByLabel("Message").fill("I was here. ✓");
      await page.getByLabel("Access code").fill(CODE);
      await look(page, "23-sign");
      await press(page, "Next: the card");
      await tap(page, a);
      await heading(page, "Signed");
      const [address, signature] = [await fact("Address"), await fact("Signature")];
      assert.equal(decodeBase58Check(address).length, 21);
      await look(page, "24-signed");
      await home(page);

      await task(/Verify a message/);
      await page.getByLabel("Address").fill(address);
      await page.getByLabel("Signature").fill(signature);
      await page.getByLabel("Message").fill("I was here. ✓");
      await press(page, "Verify");
      await page.getByText("The signature is good").waitFor();
      await look(page, "25-verified");
      // All of it at once, as it was copied, or as a forum shows it.
      const block = formatSignedMessage({ message: "I was here. ✓", address, signature });
      for (const label of ["Address", "Signature"]) await page.getByLabel(label).fill("");
      await page.getByLabel("Message").fill(block);
      assert.equal(await page.getByLabel("Address").inputValue(), address);
      await press(page, "Verify");
      await page.getByText("The signature is good").waitFor();
      await page.getByLabel("Message").fill("I was there. ✓");
      await press(page, "Verify");
      await page.getByText("The signature is not good").waitFor();
      await page.getByLabel("Address").fill(address.slice(1));
      await press(page, "Verify");
      await page.getByText("This is not a Bitcoin address").waitFor();
      await home(page);

      await task(/Factory reset/);
      await page.getByText("everything in the wallet is lost").waitFor();
      await look(page, "26-before-a-reset");
      await press(page, "Choose the card to erase");
      await tap(page, a);
      await heading(page, "Erase this card?");
      await look(page, "26-erase");
      await page.getByLabel("Access code").fill(CODE);
      await press(page, "Go on");
      await heading(page, "Really erase it?");
      await page.getByLabel(/^Type/).fill("XXXX");
      await press(page, "Erase the key for good");
      await page.getByText("Nothing was erased").waitFor();
      await look(page, "27-really");
      await page.getByLabel(/^Type/).fill(a.label.slice(-4));
      await press(page, "Erase the key for good");
      await heading(page, "The card is empty");
    });
  });

  it("refuses a mistyped label before any card is asked for", async () => {
    await visit(browser(), { cards: 1 }, async ({ page, cards }) => {
      const [a] = cards as [(typeof cards)[0]];
      await page.getByRole("link", { name: /Make a wallet/ }).click();
      const wrong = a.label.slice(0, -1) + (a.label.endsWith("0") ? "1" : "0");
      await page.getByLabel("Label of the empty card").fill(wrong);
      await press(page, "Next: the card");
      await page.getByText("One of the label's characters is wrong").waitFor();
      await page.getByLabel("Label of the empty card").fill(a.label);
      await page.getByLabel("New access code").fill("short");
      await page.getByLabel("The same code again").fill("short");
      await press(page, "Next: the card");
      await page.getByText("too short").waitFor();
      await page.getByLabel("New access code").fill(CODE);
      await press(page, "Next: the card");
      await page.getByText("not the same").waitFor();
    });
  });

  it("tells a card of another maker, and takes the maker's key in the settings", async () => {
    await visit(browser(), { cards: 1, maker: OTHER_MAKER }, async ({ page, cards }) => {
      const [a] = cards as [(typeof cards)[0]];
      await page.getByRole("link", { name: /Check a card/ }).click();
      await tap(page, a);
      await page.getByText("This card comes from another maker").waitFor();
      await look(page, "28-other-maker");
      await page.getByRole("link", { name: "Settings" }).click();
      await page.getByLabel("Public key of the maker").fill("02ab");
      await press(page, "Save");
      await page.getByText("This has 4 characters; it needs 66").waitFor();
      await page.getByLabel("Public key of the maker").fill(OTHER_MAKER);
      await press(page, "Save");
      await page.getByText("which you chose").waitFor();
      await look(page, "29-settings");
    });
  });

  it("says that a used card can't take a wallet, and that an empty one can't sign", async () => {
    await visit(browser(), { cards: 2 }, async ({ page, cards }) => {
      const [a, b] = cards as [(typeof cards)[0], (typeof cards)[0]];
      await makeWallet(page, a);
      await home(page);
      await page.getByRole("link", { name: /Make a wallet/ }).click();
      await page.getByLabel("New access code").fill(CODE);
      await page.getByLabel("The same code again").fill(CODE);
      await press(page, "Next: the card");
      await tap(page, a);
      await page.getByText("It holds a wallet's key").waitFor();
      await home(page);
      await page.getByRole("link", { name: /Sign a message/ }).click();
      await page.getByLabel("Message").fill("I was here.");
      await page.getByLabel("Access code").fill(CODE);
      await press(page, "Next: the card");
      await tap(page, b);
      await page.getByText("It holds no key.").waitFor();
    });
  });

  it("locks a card out after wrong codes, and says for how long", async () => {
    await visit(browser(), { cards: 1 }, async ({ page, cards }) => {
      const [a] = cards as [(typeof cards)[0]];
      await makeWallet(page, a);
      await home(page);
      await page.getByRole("link", { name: /Sign a message/ }).click();
      for (let tries = 1; tries <= 5; tries++) {
        await page.getByLabel("Message").fill("I was here.");
        await page.getByLabel("Access code").fill("not the code");
        await press(page, "Next: the card");
        await tap(page, a);
        await heading(page, "That did not work");
        const text = await page.getByRole("alert").innerText();
        const wanted = [
          /wrong access code\./,
          /the second time in a row/,
          /the third time/,
          /locked for \d+ seconds?/,
        ];
        const sentence = wanted[tries - 1] ?? /locked for a while|locked for \d+ seconds?/;
        assert.match(text, sentence, `after ${tries} wrong codes`);
        await press(page, "Try again");
      }
    });
  });

  it("works with the keyboard alone", async () => {
    await visit(browser(), { cards: 1 }, async ({ page }) => {
      const until = async (name: string) => {
        for (let tries = 0; tries < 25; tries++) {
          await page.keyboard.press("Tab");
          const focused = (await page.evaluate("document.activeElement.innerText")) as string;
          if (focused?.includes(name)) return page.keyboard.press("Enter");
        }
        throw new Error(`Tab never comes to "${name}"`);
      };
      await until("Check a card");
      await heading(page, "Check a card");
      const focus = (await page.evaluate("document.activeElement.tagName")) as string;
      assert.equal(focus, "H1", "a new screen does not take the focus");
      await until("Card A");
      await heading(page, "This card is genuine");
    });
  });
});
