/**
 * The lights of drawn boards, and the panel on which two are compared (docs/protocol.md 14). It
 * shows what the boards' LEDs do and nothing that this page could work out by itself: a page is not
 * to be trusted here. Real boards have their lights on themselves.
 */

import type { CardLink } from "./deck.js";
import { h } from "../controls/dom.js";
import { holdButton } from "../controls/hold-button.js";

/** Of one drawn board: which lamps are lit, as its host says. */
export class Lights {
  #lit = "000";
  readonly #listeners = new Set<(lit: string) => void>();

  /** Red, green, blue: "100" is red alone. */
  get lit(): string {
    return this.#lit;
  }
  set(lit: string): void {
    this.#lit = lit;
    for (const listener of this.#listeners) listener(lit);
  }
  onChange(listener: (lit: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

const COLOURS = ["red", "green", "blue"] as const;

/** Three lamps that follow the board's for as long as they are on the page. */
function lamps({ name, lights }: CardLink): HTMLElement {
  const drawn = COLOURS.map((colour) => h("span", { class: `lamp ${colour}` }));
  const show = (lit: string) => {
    for (const [index, lamp] of drawn.entries()) lamp.classList.toggle("lit", lit[index] === "1");
  };
  const row = h("div", { class: "lamps" }, h("strong", {}, name), ...drawn);
  show(lights.lit);
  const end = lights.onChange((lit) => (row.isConnected || !seen ? show(lit) : end()));
  let seen = false;
  requestAnimationFrame(() => (seen = row.isConnected));
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
