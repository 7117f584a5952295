/**
 * A Bitcoin transaction that another program prepared (a PSBT): what it would do is shown and asked
 * about, and then the card signs its inputs. A card has no display, so what stands here is all that
 * its owner sees of it: it comes from the PSBT and the card's own keys (host/sdk/signers/psbt.ts).
 */

import type { AccessCode } from "../../../../sdk/crypto/code.js";
import { toBase64, toLatin1 } from "../../../../sdk/crypto/text.js";
import { Failure } from "../../../../sdk/failures/failure.js";
import { assertPsbt, isPsbt, readPsbt, signPsbt } from "../../../../sdk/signers/psbt.js";
import type { SignedPsbt } from "../../../../sdk/signers/psbt.js";
import { giveCode } from "../cards/known.js";
import { copyButton } from "../controls/copy-button.js";
import { button, field, fieldOf, form, h } from "../controls/dom.js";
import { codeField } from "../controls/fields.js";
import { saveFile } from "../controls/save-file.js";
import { faultOf, needState, TaskError, WITH_KEY } from "../faults.js";
import type { Page } from "../page.js";
import { afterwards, meet } from "../tasks/meet.js";
import type { MetCard } from "../tasks/meet.js";
import { homeButton } from "../words/common.js";
import { question } from "./question.js";

const READ_MS = 2000;
const SIGN_MS = 1500;
/** With whole previous transactions in it. */
const MOST = 8 << 20;

interface Asked {
  /** As it came: bytes, or base64. */
  readonly psbt: Uint8Array | string;
  /** Of its file, without the ending. */
  readonly name: string;
  readonly code: AccessCode;
}

export async function psbtTask(page: Page): Promise<void> {
  page.makers();
  const asked = await ask(page);
  // The card may ask for it again after the question, until the user goes elsewhere.
  page.signal.addEventListener("abort", () => asked.code.wipe(), { once: true });
  try {
    const signed = await sign(page, asked);
    shown(page, asked, signed);
  } finally {
    asked.code.wipe();
  }
}

function ask(page: Page): Promise<Asked> {
  return page.ask((resolve) => {
    const file = field(
      "The file",
      { type: "file", accept: ".psbt,.txt" },
      "A PSBT, from any wallet.",
    );
    const text = fieldOf("textarea", "Or its text", {
      ...{ rows: 4, spellcheck: "false", autocapitalize: "none", class: "label" },
      placeholder: "cHNidP8BA…",
    });
    const codes = codeField(false);
    const next = async () => {
      file.fault();
      text.fault();
      const chosen = file.input.files?.[0];
      const pasted = text.input.value.trim();
      if (!chosen && !pasted) return file.fault("Choose a file, or paste its text below.");
      const from = chosen ? file : text;
      try {
        const psbt = chosen ? await read(chosen) : pasted;
        assertPsbt(psbt);
        const code = codes.take();
        const name = chosen?.name.replace(/\.[^.]*$/, "") ?? "transaction";
        if (code) resolve({ psbt, name, code });
      } catch (error) {
        from.fault(faultOf(error).what);
      }
    };
    page.show(
      "Sign a transaction",
      h(
        "p",
        { class: "lead" },
        "Another wallet program prepares it, without keys. One of your cards signs it.",
      ),
      form(
        "Next: the card",
        () => void next(),
        file.element,
        h("details", {}, h("summary", {}, "Paste it instead"), text.element),
        ...codes.elements,
      ),
      h("div", { class: "row" }, homeButton()),
    );
  });
}

/** Throws a TaskError for what is too large. */
async function read(file: File): Promise<Uint8Array | string> {
  if (file.size > MOST)
    throw new TaskError("This file is too large for a PSBT.", "Choose another.");
  const bytes = new Uint8Array(await file.arrayBuffer());
  return isPsbt(bytes) ? bytes : toLatin1(bytes);
}

async function sign(page: Page, { psbt, code }: Asked): Promise<SignedPsbt> {
  const card = await meet(page, {
    title: "Hold one of your cards",
    text: "The main card or a copy. First it says which of the coins are its own.",
    holdMs: READ_MS,
    suits: (status) => needState(status, WITH_KEY, "Take a card that holds your wallet."),
  });
  const summary = await page.work("The card looks for its keys", READ_MS, async (onProgress) => {
    await giveCode(page, card, code, onProgress);
    return readPsbt(card.session, psbt);
  });
  if (!summary.inputs.some(({ own, signed }) => own && !signed))
    throw new Failure("input/psbt-nothing", {});
  await question(page, summary);
  return page.work("The card signs", SIGN_MS, async (onProgress) => {
    const { session } = await unlocked(page, card, code, onProgress);
    return signPsbt(session, psbt, { network: summary.network });
  });
}

/** The question may have outlived its channel. */
async function unlocked(
  page: Page,
  card: MetCard,
  code: AccessCode,
  onProgress: (part: number) => void,
): Promise<MetCard> {
  if (card.session.unlocked) return card;
  const again = { ...card, session: await page.session(card.link) };
  await giveCode(page, again, code, onProgress);
  return again;
}

function shown(page: Page, { name }: Asked, { psbt, summary, signed, transaction }: SignedPsbt) {
  const base64 = toBase64(psbt);
  const whole = transaction !== undefined;
  const all = summary.inputs.length;
  const some = `The card signed ${signed.length} of ${all} inputs: others still have to sign.`;
  const save = () => saveFile(`${name}-signed.psbt`, psbt.slice());
  page.show(
    "Signed",
    h(
      "p",
      { class: "lead" },
      whole ? "Every input is signed. Give it back to your wallet program, which sends it." : some,
    ),
    afterwards(
      button("Save the file", save, "main"),
      copyButton(page, "Copy it as text", base64),
      whole && copyButton(page, "Copy the raw transaction", transaction),
    ),
    h(
      "details",
      {},
      h("summary", {}, "The signed PSBT as text"),
      h("p", { class: "label long" }, base64),
    ),
  );
}
