/**
 * The panel on which the lights of two drawn boards are compared (docs/protocol.md 14). It shows
 * what the boards' LEDs do and nothing that this page could work out by itself: a page is not to be
 * trusted here. Real boards have their lights on themselves.
 */

import type { CardLink } from "../../cards/deck.js";
import { button, h } from "../../controls/dom.js";
import { holdButton } from "../../controls/hold-button.js";
import { TaskError } from "../../faults.js";

const COLOURS = ["red", "green", "blue"] as const;

/** Three lamps that follow the board's for as long as they are on the page. */
function lamps({ name, lights }: CardLink): HTMLElement {
  const drawn = COLOURS.map((colour) => h("span", { class: `lamp ${colour}` }));
  const show = (lit: string) => {
    for (const [index, lamp] of drawn.entries()) lamp.classList.toggle("lit", lit[index] === "1");
  };
  const row = h("div", { class: "lamps" }, h("strong", {}, name), ...drawn);
  show(lights.lit);
  let wasShown = false;
  const end = lights.onChange((lit, at) => {
    if (wasShown && !row.isConnected) return end();
    wasShown = row.isConnected;
    row.dataset["at"] = String(at);
    show(lit);
  });
  return row;
}

const COMPARE =
  "Both boards blink now, in rounds of eight: once red, twice green or three times blue. Look at both " +
  "for a whole round, and hold the main card's button only if they blink the same.";

/** What the user compares, the main card's button where it is drawn, and the way out. */
export function comparePanel(
  source: CardLink | undefined,
  copy: CardLink | undefined,
  differ: () => void,
): HTMLElement {
  const drawn = [source, copy].flatMap((link) => (link?.isDrawn ? [lamps(link)] : []));
  const hold = source && holdButton(source);
  return h(
    "div",
    { class: "compare-lights" },
    h("p", {}, COMPARE),
    ...drawn,
    h("div", { class: "row" }, hold, button("They differ: stop", differ)),
  );
}

/** Why a backup ended by the user's own word. */
export const differed = () =>
  new TaskError(
    "You saw the two boards blink differently.",
    "Nothing was given away: the main card kept its key for itself. Something may stand between the " +
      "two, or one of them is another board than you think: look at their labels, and try again with another " +
      "phone or computer. The boards blink on until their minute is over; don't press a button now.",
  );
