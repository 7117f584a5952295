/** An empty card makes a wallet key under the user's new access code. */

import { button, form, h } from "../controls/dom.js";
import { needState } from "../faults.js";
import { codeField, EITHER_WAY, labelField, printedLabels } from "../controls/fields.js";
import { go } from "../words/common.js";
import type { Page } from "../page.js";
import { cardPicture } from "../controls/pictures.js";
import { guardOf, presented } from "../cards/known.js";
import { afterwards, meet, publicKeyOf, refresh } from "./meet.js";
import { SCRYPT } from "../../../../sdk/wire/generated.js";
import type { AccessCode } from "../../../../sdk/crypto/code.js";

const HOLD_MS = 1500;

export async function walletTask(page: Page): Promise<void> {
  page.makers();
  const { label, code } = await ask(page);
  try {
    await make(page, label, code);
  } finally {
    // The backup that follows may have taken it over.
    if (page.fresh?.code !== code) code.wipe();
  }
}

function ask(page: Page): Promise<{ label: string | undefined; code: AccessCode }> {
  return page.ask((resolve) => {
    const name = labelField("Label of the empty card", EITHER_WAY);
    const codes = codeField(true);
    const next = () => {
      const label = name.read();
      const code = label === false ? undefined : codes.take();
      if (label !== false && code) resolve({ label, code });
    };
    page.show(
      "Make a wallet",
      printedLabels(page, [name]),
      form("Next: the card", next, name.element, ...codes.elements),
    );
  });
}

async function make(page: Page, label: string | undefined, code: AccessCode): Promise<void> {
  const card = await meet(page, {
    title: "Hold the empty card",
    text: "It makes your wallet's key, and asks for nothing else.",
    holdMs: HOLD_MS,
    label,
    suits: (status) =>
      needState(
        status,
        ["EMPTY", "OFFERED"],
        "Take an empty card, or empty this one with a factory reset.",
      ),
  });
  const { id } = card.certificate;
  const guard = guardOf(page);
  const { setId, publicKey } = await page.work("The card makes your key", HOLD_MS, async (told) => {
    await refresh(card);
    let salt = new Uint8Array(0) as Uint8Array;
    const onSalt = async (drawn: Uint8Array) => {
      await guard.mayTakeSalt(drawn);
      salt = drawn;
    };
    const options = { onProgress: told, signal: page.signal, onSalt };
    const made = await card.session.activate(code, options);
    const noted = { ...presented(card), salt, cost: SCRYPT.DEFAULT };
    await guard.learned(noted, { setId: made.setId, state: "WALLET" });
    return made;
  });
  page.keep({ source: { id, setId, publicKey }, maker: card.maker, code, link: card.link });
  page.show(
    "Your wallet is made",
    h("div", { class: "hero" }, cardPicture(card.link.hue, "key")),
    h(
      "p",
      { class: "lead" },
      "Only this card has its key. Lose it, and the wallet is gone: back it up now.",
    ),
    publicKeyOf(publicKey),
    afterwards(button("Back it up now", () => go("#/backup"), "main")),
  );
}
