/**
 * The panel on which the lights of two drawn boards are compared (docs/protocol.md 14). It shows
 * what the boards' LEDs do and nothing that this page could work out by itself: a page is not to be
 * trusted here. Real boards have their lights on themselves.
 */

import type { CardLink } from "../../cards/deck.js";
import { h } from "../../controls/dom.js";
import { holdButton } from "../../controls/hold-button.js";

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
  const end = lights.onChange((lit) => {
    if (wasShown && !row.isConnected) return end();
    wasShown = row.isConnected;
    show(lit);
  });
  return row;
}

const COMPARE =
  "Both boards now blink: red once, green twice, blue three times, eight of these in each round. " +
  "Hold the main card's button only if the other board blinks the same.";
const DIFFERENT =
  "If they differ, don't press: something stands between the two. Nothing was given away.";

/** What the user compares, and the main card's button where it is drawn. */
export function comparePanel(source?: CardLink, copy?: CardLink): HTMLElement {
  const drawn = [source, copy].flatMap((link) => (link?.isDrawn ? [lamps(link)] : []));
  const button = source && holdButton(source);
  return h(
    "div",
    { class: "compare-lights" },
    ...[h("p", {}, COMPARE), ...drawn, h("p", { class: "hint" }, DIFFERENT)],
    ...(button ? [button] : []),
  );
}
