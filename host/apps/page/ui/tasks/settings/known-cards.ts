/** The cards that this browser knows, under Settings: named, forgotten, and what their codes cost. */

import { NAME_MOST, renamed, withoutCard } from "../../../../../sdk/book/book.js";
import type { Book, KnownCard } from "../../../../../sdk/book/book.js";
import { formatLabel } from "../../../../../sdk/card/label.js";
import { SCRYPT } from "../../../../../sdk/wire/generated.js";
import { forgetBook, pageBook } from "../../kept/book-store.js";
import { button, field, form, h } from "../../controls/dom.js";
import { faultOf } from "../../faults.js";
import { savedCost, saveCost } from "../../kept/settings.js";
import { STATES } from "../../words/cards.js";

/** `again` draws the settings anew. Undefined: what was kept can't be read. */
export function knownCards(book: Book | undefined, again: () => Promise<void>): HTMLElement[] {
  const title = h("h2", {}, "Your cards");
  const forgetAll = async () => {
    forgetBook();
    await again();
  };
  if (!book) return [title, button("Forget all known cards", () => void forgetAll())];
  if (!book.length) {
    return [title, h("p", {}, "None yet: each is asked about when it is met first.")];
  }
  return [title, h("ul", { class: "cards" }, ...book.map((card) => cardItem(card, again)))];
}

function cardItem({ id, name, state }: KnownCard, again: () => Promise<void>): HTMLElement {
  const label = formatLabel(id);
  // For who hears the buttons one by one.
  const which = () => h("span", { class: "unseen" }, ` ${label}`);
  const forget = async () => {
    await pageBook.change((book) => withoutCard(book, id));
    await again();
  };
  const typed = field("What you call it", { value: name ?? "", maxlength: NAME_MOST });
  const rename = async () => {
    try {
      await pageBook.change((book) => renamed(book, id, typed.input.value.trim()));
      await again();
    } catch (error) {
      typed.fault(faultOf(error).what);
    }
  };
  return h(
    "li",
    { class: "box" },
    name !== undefined && h("strong", {}, name),
    h("span", { class: "label one" }, label),
    h("p", { class: "hint" }, state ? STATES[state][0] : "Met, and not used yet"),
    h(
      "details",
      {},
      h("summary", {}, name ? "Another name" : "Name it", which()),
      form("Save the name", () => void rename(), typed.element),
    ),
    h("button", { type: "button", click: () => void forget() }, "Forget it", which()),
  );
}

/** Below the usual cost a code is cheap to guess: nobody is asked about that in passing. */
export function costForm(again: () => Promise<void>): HTMLElement {
  const own = savedCost();
  const typed = field(
    "Least cost of an access code",
    { inputmode: "numeric", value: String(own ?? SCRYPT.DEFAULT) },
    `${SCRYPT.DEFAULT} unless you chose a lower one for your cards: each step down makes guessing ` +
      `twice as cheap. ${SCRYPT.LEAST} is the least.`,
  );
  const save = () => {
    try {
      saveCost(typed.input.value);
    } catch (error) {
      return typed.fault(faultOf(error).what);
    }
    void again();
  };
  return h(
    "details",
    own === undefined ? {} : { open: true },
    h("summary", {}, "How access codes are stretched"),
    form("Save the cost", save, typed.element),
  );
}
