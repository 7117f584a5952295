/**
 * An address to receive by, and its QR code: the card derives it, after the code, inside its channel,
 * so it is that of the card whose label stands beside it. Another card of the set can be asked for
 * the same one: the copies hold the same key.
 *
 * The addresses are P2WPKH at m/84'/0'/0'/0/N (BIP 84), which wallets look at by default.
 */

import { formatPath, parsePath } from "../../../../sdk/crypto/bip32.js";
import type { AccessCode } from "../../../../sdk/crypto/code.js";
import { formatLabel } from "../../../../sdk/card/label.js";
import { witnessAddressOf } from "../../../../sdk/signed/address.js";
import type { CardLink } from "../cards/deck.js";
import { copyButton } from "../controls/copy-button.js";
import { button, field, form, h } from "../controls/dom.js";
import { needState, TaskError, WITH_KEY } from "../faults.js";
import { codeField } from "../controls/fields.js";
import { giveCode, ownName } from "../cards/known.js";
import type { Page } from "../page.js";
import { qrPicture } from "../controls/qr-picture.js";
import { homeButton } from "../words/common.js";
import { facts } from "./check.js";
import { meet } from "./meet.js";

const HOLD_MS = 1200;
const ACCOUNT = "m/84'/0'/0'/0";
const MOST = 2 ** 31 - 1;

interface Asked {
  readonly number: number;
  readonly code: AccessCode;
}
interface Derived {
  readonly address: string;
  /** The label of the card that derived it, and what the user calls it. */
  readonly label: string;
  readonly name?: string;
  readonly link: CardLink;
}

export async function receiveTask(page: Page): Promise<void> {
  page.makers();
  const { number, code } = await ask(page);
  // Kept for a second card, until the user goes elsewhere.
  page.signal.addEventListener("abort", () => code.wipe(), { once: true });
  try {
    const first = await derive(page, number, code, []);
    shown(page, number, first, code);
  } catch (error) {
    code.wipe();
    throw error;
  }
}

function ask(page: Page): Promise<Asked> {
  return page.ask((resolve) => {
    const which = field(
      "Number of the address",
      { inputmode: "numeric", value: "1" },
      "A new number for each payer keeps them apart.",
    );
    const codes = codeField(false);
    const next = () => {
      which.fault();
      const number = Number(which.input.value);
      if (!Number.isInteger(number) || number < 1 || number > MOST) {
        return which.fault("A number is 1 or more, without a fraction.");
      }
      const code = codes.take();
      if (code) resolve({ number, code });
    };
    page.show(
      "Receive",
      h("p", { class: "lead" }, "One of your cards shows an address of your wallet."),
      form(
        "Next: the card",
        next,
        ...codes.elements,
        h("details", {}, h("summary", {}, "Another address of the wallet"), which.element),
      ),
      h("div", { class: "row" }, homeButton()),
    );
  });
}

const pathOf = (number: number) => parsePath(`${ACCOUNT}/${number - 1}`);

async function derive(
  page: Page,
  number: number,
  code: AccessCode,
  not: readonly CardLink[],
): Promise<Derived> {
  const card = await meet(page, {
    title: not.length ? "Hold another of your cards" : "Hold one of your cards",
    text: "The main card or a copy. The key stays inside.",
    holdMs: HOLD_MS,
    not,
    suits: (status) => needState(status, WITH_KEY, "Take a card that holds your wallet."),
  });
  const address = await page.work("The card derives the address", HOLD_MS, async (onProgress) => {
    await giveCode(page, card, code, onProgress);
    const { publicKey } = await card.session.publicKey(pathOf(number));
    return witnessAddressOf(publicKey);
  });
  const label = formatLabel(card.certificate.id);
  return { address, label, name: await ownName(card), link: card.link };
}

const cardOf = ({ label, name }: Derived) =>
  h("span", {}, name !== undefined && `${name}, `, h("span", { class: "label one" }, label));

function shown(page: Page, number: number, first: Derived, code: AccessCode, second?: Derived) {
  const { address } = first;
  const another = async () => {
    const found = await derive(page, number, code, [first.link]);
    if (found.address !== address) {
      throw new TaskError(
        `The card ${found.label} shows another address: it holds another wallet.`,
        "Take a card of the same set. Until then use neither address.",
      );
    }
    shown(page, number, first, code, found);
  };
  const check = () => void another().catch((error: unknown) => page.fail(receiveTask, error));
  page.show(
    `Address ${number}`,
    h(
      "div",
      { class: "receive" },
      qrPicture(`bitcoin:${address}`),
      h("p", { class: "address label" }, ...groups(address)),
    ),
    h(
      "div",
      { class: "row" },
      copyButton(page, "Copy the address", address, "main"),
      !second && button("Check it with another card", check),
      homeButton(),
    ),
    second
      ? h("p", { class: "box good lead" }, "Both cards show this address: it is your wallet's.")
      : h(
          "p",
          {},
          "The label below must be the one on the card that you held. Another card of the set shows the same address.",
        ),
    facts([
      [second ? "First card" : "Card", cardOf(first)],
      ...(second ? [["Second card", cardOf(second)] as const] : []),
      ["Key", h("span", { class: "label" }, formatPath(pathOf(number)))],
      ["Kind", "Bitcoin, native SegWit (P2WPKH)"],
    ]),
  );
}

/** Four characters a group, which eyes compare. */
const groups = (address: string) =>
  (address.match(/.{1,4}/g) ?? []).map((part) => h("span", {}, part));
