/** The card signs a message; anybody can verify it with the address. */

import { formatPath, hardenedInstead, parsePath } from "../../../../sdk/crypto/bip32.js";
import type { AccessCode } from "../../../../sdk/crypto/code.js";
import { addressOf } from "../../../../sdk/signed/address.js";
import { formatSignedMessage } from "../../../../sdk/signed/block.js";
import { formatSignature, messageDigest } from "../../../../sdk/signed/message.js";
import { copyButton } from "../controls/copy-button.js";
import { field, fieldOf, form, h } from "../controls/dom.js";
import { faultOf, needState, WITH_KEY } from "../faults.js";
import { codeField } from "../controls/fields.js";
import { giveCode } from "../cards/known.js";
import type { Page } from "../page.js";
import { facts } from "./check.js";
import { afterwards, meet } from "./meet.js";

/** The first receiving address of the first account (BIP44). */
const PATH = "m/44'/0'/0'/0/0";
const HOLD_MS = 1500;

interface Asked {
  readonly message: string;
  readonly path: readonly number[];
  readonly code: AccessCode;
}

export async function signTask(page: Page): Promise<void> {
  page.makers();
  const { message, path, code } = await ask(page);
  try {
    await sign(page, message, path, code);
  } finally {
    code.wipe();
  }
}

export const messageField = () => fieldOf("textarea", "Message", { rows: 4 });

function ask(page: Page): Promise<Asked> {
  return page.ask((resolve) => {
    const message = messageField();
    const where = field("Key", { value: PATH, spellcheck: "false", class: "label" });
    const codes = codeField(false);
    const next = () => {
      let path: number[];
      where.fault();
      message.fault();
      const text = message.input.value;
      if (!text) return message.fault("Write a message first.");
      try {
        messageDigest(text);
      } catch (error) {
        return message.fault(faultOf(error).what);
      }
      try {
        path = parsePath(where.input.value);
      } catch (error) {
        return where.fault(faultOf(error).what);
      }
      const code = codes.take();
      if (code) resolve({ message: text, path, code });
    };
    page.show(
      "Sign a message",
      h("p", { class: "lead" }, "Your main card or a copy of it signs what you write here."),
      form(
        "Next: the card",
        next,
        message.element,
        ...codes.elements,
        h("details", {}, h("summary", {}, "With another key of the wallet"), where.element),
      ),
    );
  });
}

async function sign(page: Page, message: string, path: readonly number[], code: AccessCode) {
  const card = await meet(page, {
    title: "Hold one of your cards",
    text: "The main card or a copy. The key stays inside.",
    holdMs: HOLD_MS,
    suits: (status) => needState(status, WITH_KEY, "Take a card that holds your wallet."),
  });
  const { address, text } = await page.work("The card signs", HOLD_MS, async (onProgress) => {
    const { session } = card;
    await giveCode(page, card, code, onProgress);
    const { publicKey } = await session.publicKey(path);
    const signed = await session.sign(path, messageDigest(message), publicKey);
    return { address: addressOf(publicKey), text: formatSignature(signed) };
  });
  const meant = hardenedInstead(path);
  const block = formatSignedMessage({ message, address, signature: text });
  page.show(
    "Signed",
    h(
      "p",
      { class: "lead" },
      "Send these three together: with them anybody can see that it was you.",
    ),
    facts([
      ["Message", message],
      ["Address", h("span", { class: "label" }, address)],
      ["Signature", h("span", { class: "label" }, text)],
    ]),
    meant &&
      h(
        "p",
        { class: "box bad" },
        `The key is ${formatPath(path)}. Other wallets look at ${formatPath(meant)}, which is another.`,
      ),
    afterwards(copyButton(page, "Copy all three", block, "main")),
  );
}
