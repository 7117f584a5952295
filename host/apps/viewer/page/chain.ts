/**
 * The chain of trust as a picture, as far as it is known at a moment: Kmaker signed each Kcard, and
 * each Kcard its Klink. Decoration: the list beside it says the same.
 */

import type { Learned, SeenMessage } from "../../../sdk/recording/index.js";
import { s } from "../../page/ui/controls/dom.js";

const COLUMN = 190;
const WIDTH = 170;
const ROWS = { maker: 8, card: 84, link: 160 } as const;
const HEIGHT = 214;

interface Branch {
  readonly card: string;
  readonly links: readonly SeenMessage[];
}

function branches(messages: readonly SeenMessage[]): Branch[] {
  const cards = [...new Set(messages.map(({ from }) => from))];
  return cards.map((card) => ({ card, links: messages.filter(({ from }) => from === card) }));
}

function box(x: number, y: number, kind: string, title: string, text: string): SVGElement {
  return s(
    "g",
    { class: `key ${kind}` },
    s("rect", { x, y, width: WIDTH, height: 46, rx: 8 }),
    s("text", { x: x + 10, y: y + 19, class: "name" }, title),
    s("text", { x: x + 10, y: y + 36, class: "value" }, text),
  );
}
const arrow = (x: number, from: number, x2: number, to: number, good: boolean) =>
  s("path", {
    d: `M${x} ${from}C${x} ${from + 18} ${x2} ${to - 18} ${x2} ${to}`,
    class: good ? "good" : "doubt",
  });

/** What had passed by `at` (milliseconds). */
export function chainPicture({ messages }: Learned, at: number): SVGElement | undefined {
  const passed = branches(messages.filter((message) => message.at <= at));
  if (passed.length === 0) return undefined;
  const columns = passed.map(({ links }) => links.length);
  const width = COLUMN * columns.reduce((sum, count) => sum + count, 0);
  const middle = width / 2;
  const parts: SVGElement[] = [
    box(middle - WIDTH / 2, ROWS.maker, "maker", "Kmaker", "the maker's"),
  ];
  let column = 0;
  for (const { card, links } of passed) {
    const centre = COLUMN * (column + links.length / 2);
    const good = links.every(({ genuine }) => genuine === true);
    parts.push(arrow(middle, ROWS.maker + 46, centre, ROWS.card, good));
    parts.push(box(centre - WIDTH / 2, ROWS.card, "card", "Kcard", card.slice(0, 19)));
    for (const link of links) {
      const own = COLUMN * (column + 0.5);
      parts.push(arrow(centre, ROWS.card + 46, own, ROWS.link, link.genuine === true));
      const text = `${link.klink.slice(0, 14)}…`;
      parts.push(box(own - WIDTH / 2, ROWS.link, "link", `Klink in ${link.message}`, text));
      column++;
    }
  }
  return s(
    "svg",
    { viewBox: `0 0 ${width} ${HEIGHT}`, class: "chain", role: "presentation" },
    ...parts,
  );
}
