/**
 * Fields that several tasks ask for: a card's label, the access code. The code stays in its input
 * until the task takes it, and the input is emptied then.
 */

import { groupLabel, parseLabel } from "../../../../sdk/card/label.js";
import { AccessCode } from "../../../../sdk/crypto/code.js";
import type { CardLink } from "../cards/deck.js";
import { field, h } from "./dom.js";
import type { Field } from "./dom.js";
import { faultOf } from "../faults.js";
import { scanner } from "./scan.js";
import type { Page } from "../page.js";

export interface LabelField extends Field {
  /** The label, undefined when left empty. False: it is wrong, and the field says so. */
  read(): string | undefined | false;
}

/**
 * Groups of four, as printed. Left alone while the user types in the middle, and while a keyboard
 * composes: it would put what it has composed so far behind what it finds.
 */
function grouped(event: Event): void {
  const input = event.target as HTMLInputElement;
  const composing = event instanceof InputEvent && event.isComposing;
  const atEnd = input.selectionStart === input.value.length;
  if (composing || !atEnd) return;
  const text = groupLabel(input.value);
  if (text !== undefined && text !== input.value) input.value = text;
}

/** A label may be left out. */
export const EITHER_WAY = "As printed on the card. Or leave it empty, and compare later.";

export function labelField(name: string, hint?: string): LabelField {
  const made = field(
    name,
    {
      placeholder: "XXXX-XXXX-XXXX-XXXX-XXXX",
      class: "label",
      autocapitalize: "characters",
      autocomplete: "off",
      spellcheck: "false",
      input: grouped,
      compositionend: grouped,
    },
    hint,
  );
  const scan = scanner((label) => {
    made.fault();
    made.input.value = label;
    made.input.focus();
  });
  if (scan) made.element.append(scan);
  const read = () => {
    const text = made.input.value.trim();
    made.fault();
    if (!text) return undefined;
    try {
      parseLabel(text);
      return text;
    } catch (error) {
      made.fault(faultOf(error).what);
      return false;
    }
  };
  return { ...made, read };
}

/** Clicking a drawn card copies its label: what reading it off a real card is. */
export function printedLabels(
  page: Page,
  fields: readonly LabelField[],
  but?: CardLink,
): HTMLElement | undefined {
  const drawn = page.deck.links.filter((link) => link.printed !== undefined && link !== but);
  if (!drawn.length) return undefined;
  const copy = (label: string) => {
    const next = fields.find(({ input, element }) => !input.value && !element.hidden);
    if (!next) return;
    next.input.value = label;
    // What was said of the empty field is over.
    next.fault();
  };
  const chips = drawn.map(({ name, printed = "" }) =>
    h(
      "button",
      { type: "button", class: "printed", click: () => copy(printed) },
      name,
      h("span", { class: "unseen" }, ` ${printed}`),
    ),
  );
  const text = "Virtual cards: press one to fill in its label.";
  return h("div", { class: "chips" }, h("p", { class: "hint" }, text), ...chips);
}

export interface CodeField {
  readonly elements: readonly HTMLElement[];
  /** The code, or undefined when the field says what is wrong. */
  take(): AccessCode | undefined;
}

/** `fresh`: a new code, asked for twice. */
export function codeField(fresh: boolean): CodeField {
  const hint = fresh
    ? "6 to 32 characters. Nobody can recover it."
    : "The one you chose when you made the wallet.";
  const props = { type: "password", autocomplete: "off", spellcheck: "false" };
  const code = field(fresh ? "New access code" : "Access code", props, hint);
  const again = fresh ? field("The same code again", props) : undefined;
  const inputs = again ? [code.input, again.input] : [code.input];
  // That the two differ is mended in either.
  code.input.addEventListener("input", () => again?.fault());
  const shown = h("input", {
    type: "checkbox",
    change: () => inputs.forEach((input) => (input.type = shown.checked ? "text" : "password")),
  });
  const show = h("label", { class: "check" }, shown, fresh ? " Show both" : " Show it");
  const take = () => {
    code.fault();
    again?.fault();
    if (again && again.input.value !== code.input.value) {
      again.fault("The two codes are not the same.");
      return undefined;
    }
    try {
      const taken = AccessCode.from(code.input.value);
      for (const input of inputs) input.value = "";
      return taken;
    } catch (error) {
      code.fault(faultOf(error).what);
      return undefined;
    }
  };
  return { elements: [code.element, ...(again ? [again.element] : []), show], take };
}
