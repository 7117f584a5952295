/** Factory reset of one card, asked for twice: it destroys the key that the card holds. */

import type { AccessCode } from "../../../../sdk/crypto/code.js";
import { formatLabel } from "../../../../sdk/card/label.js";
import { button, field, form, h } from "../controls/dom.js";
import { needState, WITH_KEY } from "../faults.js";
import { STATES } from "../words/cards.js";
import { codeField } from "../controls/fields.js";
import { giveCode, guardOf, ownName } from "../cards/known.js";
import { go, homeButton } from "../words/common.js";
import type { Page } from "../page.js";
import { cardPicture } from "../controls/pictures.js";
import { afterwards, bigLabel, meet, refresh } from "./meet.js";
import type { MetCard } from "./meet.js";

const HOLD_MS = 900;

export async function resetTask(page: Page): Promise<void> {
  page.makers();
  await before(page);
  const card = await meet(page, {
    title: "Factory reset",
    text: "Hold the card that you want to erase.",
    holdMs: HOLD_MS,
    suits: (status) =>
      needState(status, ["OFFERED", ...WITH_KEY], "There is nothing to erase on it."),
  });
  const code = await first(page, card, await ownName(card));
  try {
    await second(page, card);
    await page.work("The card erases its key", HOLD_MS, async (onProgress) => {
      await refresh(card);
      if (code) await giveCode(page, card, code, onProgress);
      page.check();
      await card.session.reset();
      const { state } = await card.session.status();
      await guardOf(page).emptied(card.certificate.id, state);
    });
  } finally {
    code?.wipe();
  }
  page.show(
    "The card is empty",
    h("div", { class: "hero" }, cardPicture(card.link.hue, "empty")),
    h("p", { class: "lead" }, "It is still genuine and can be used again."),
    h("p", {}, "Its copies and its main card keep what they have."),
    afterwards(),
  );
}

/** What will be lost, before a card is asked for. */
function before(page: Page): Promise<void> {
  return page.ask((resolve) =>
    page.show(
      "Factory reset",
      h("p", { class: "lead" }, "It erases the key on one card, for good."),
      h(
        "ul",
        {},
        h("li", {}, "The other cards of its set keep theirs, and open the wallet as before."),
        h("li", {}, "If no other card has the key, everything in the wallet is lost."),
      ),
      h(
        "p",
        {},
        "Not sure? Check the card first: with your code it shows which cards have its key.",
      ),
      h(
        "div",
        { class: "row" },
        button("Check a card first", () => go("#/check")),
        homeButton(),
      ),
      h("div", { class: "row danger" }, button("Choose the card to erase", resolve, "main")),
    ),
  );
}

/** What it means, and the code, or the button for who does not know it. */
function first(page: Page, { status, certificate, link }: MetCard, name: string | undefined) {
  return page.ask<AccessCode | undefined>((resolve) => {
    const codes = codeField(false);
    const holdsKey = status.state !== "OFFERED";
    const next = () => {
      const code = codes.take();
      if (code) resolve(code);
    };
    page.show(
      "Erase this card?",
      h("div", { class: "hero small" }, cardPicture(link.hue, holdsKey ? "key" : "empty")),
      bigLabel(certificate.id),
      name !== undefined && h("p", {}, "You call it ", h("strong", {}, name)),
      h("p", { class: "lead" }, STATES[status.state][1]),
      h(
        "p",
        { class: "box bad" },
        "The key on this card is erased, for good. If no other card has it, ",
        "everything in the wallet is lost.",
      ),
      holdsKey && form("Go on", next, ...codes.elements),
      h(
        "div",
        { class: "row" },
        status.button && button("Without the code, by the card's button", () => resolve(undefined)),
        homeButton(),
      ),
    );
  });
}

/** The second confirmation: the end of the card's own label. */
function second(page: Page, { certificate }: MetCard): Promise<void> {
  const last = formatLabel(certificate.id).slice(-4);
  return page.ask((resolve) => {
    const typed = field(`Type ${last}, the end of its label`, {
      class: "label",
      spellcheck: "false",
      autocapitalize: "characters",
    });
    const erase = () => {
      const same = typed.input.value.trim().toUpperCase() === last;
      if (same) resolve();
      else typed.fault(`That is not ${last}. Nothing was erased.`);
    };
    page.show(
      "Really erase it?",
      h("p", { class: "lead" }, "This can't be undone."),
      h("div", { class: "danger" }, form("Erase the key for good", erase, typed.element)),
      h("div", { class: "row" }, homeButton()),
    );
  });
}
