/**
 * Pictures of cards, drawn with the page's own colours (style.css), so that they fit light and
 * dark. They are decoration: what they show is always said in words beside them.
 */

import { s } from "./dom.js";

/** Which of the three colours a card has; 3: not known yet which card it is. */
export type Hue = 0 | 1 | 2 | 3;
/** What the card carries: nothing, a wallet key, a checked one; or nobody asked it yet. */
export type Mark = "empty" | "key" | "done" | "unknown";

const LETTERS = ["A", "B", "C", ""] as const;
const KEY =
  "M0 -5a5 5 0 1 0 0 10a5 5 0 0 0 4.6 -3h6.4v3h3v-3h2v-4h-11.4a5 5 0 0 0 -4.6 -3zM0 -1.8a1.8 1.8 0 1 1 0 3.6a1.8 1.8 0 0 1 0 -3.6z";

function mark(kind: Mark) {
  if (kind === "key") return s("path", { d: KEY, class: "key", transform: "translate(18 62)" });
  if (kind === "done") {
    return s("path", { d: "M14 62l6 6l12 -13", class: "line", "stroke-width": 4 });
  }
  if (kind === "empty") {
    return s("circle", { cx: 20, cy: 62, r: 5, class: "line", "stroke-width": 2 });
  }
  return undefined;
}

function face(hue: Hue, kind: Mark): SVGElement {
  const waves = ["M96 22a16 16 0 0 1 0 20", "M103 17a24 24 0 0 1 0 30"];
  return s(
    "g",
    { class: `card hue${hue}` },
    s("rect", { x: 1, y: 1, width: 126, height: 78, rx: 9, class: "body" }),
    s("rect", { x: 14, y: 18, width: 26, height: 20, rx: 4, class: "chip" }),
    s("path", { d: "M14 28h26M27 18v20", class: "wires" }),
    ...waves.map((d) => s("path", { d, class: "line", "stroke-width": 3 })),
    s("text", { x: 112, y: 70, class: "letter" }, LETTERS[hue]),
    mark(kind),
  );
}

const frame = (box: string, ...children: SVGElement[]) =>
  s("svg", { viewBox: box, class: "picture", "aria-hidden": "true" }, ...children);

export function cardPicture(hue: Hue, kind: Mark): SVGElement {
  return frame("0 0 128 80", face(hue, kind));
}

export interface Placed {
  readonly hue: Hue;
  readonly mark: Mark;
  /** It is at work now. */
  readonly active?: boolean;
}
const WHOLE: readonly Placed[] = [
  { hue: 0, mark: "key" },
  { hue: 1, mark: "done" },
  { hue: 2, mark: "done" },
];

/** The main card at the left gives to the others. */
export function setPicture(size: number, cards: readonly Placed[] = WHOLE): SVGElement {
  const place = (at: number, x: number, y: number) => {
    const { hue, mark: kind, active } = cards[at] as Placed;
    const shift = { transform: `translate(${x} ${y})`, class: active ? "active" : undefined };
    return s("g", shift, face(hue, kind));
  };
  const arrow = (d: string) => s("path", { d, class: "arrow", "stroke-width": 4 });
  const arrows =
    size === 3
      ? ["M138 76l22 -24M149 53l11 -1l-1 11", "M138 94l22 24M149 117l11 1l-1 -11"]
      : ["M138 85h24M154 77l8 8l-8 8"];
  const copies = size === 3 ? [place(1, 172, 0), place(2, 172, 90)] : [place(1, 172, 45)];
  const box = size === 3 ? "0 0 302 170" : "0 35 302 100";
  return frame(box, place(0, 2, 45), ...arrows.map(arrow), ...copies);
}

/** A card held against a phone. */
export function holdPicture(hue: Hue): SVGElement {
  return frame(
    "0 0 190 150",
    s("rect", { x: 98, y: 6, width: 74, height: 138, rx: 12, class: "phone" }),
    s("rect", { x: 105, y: 18, width: 60, height: 108, rx: 3, class: "glass" }),
    s("circle", { cx: 135, cy: 135, r: 4, class: "glass" }),
    s("g", { transform: "translate(8 42)", class: "held" }, face(hue, "unknown")),
  );
}
