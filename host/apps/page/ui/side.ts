/**
 * The second column, where there is room for one: the user's cards, and what passes between them and
 * the page, as anybody on the way sees it. Nothing in it is needed, and nothing is asked there.
 */

import type { KnownCard } from "../../../sdk/book/book.js";
import { formatLabel } from "../../../sdk/card/label.js";
import { Explainer } from "../../../sdk/recording/explain.js";
import type { Explained } from "../../../sdk/recording/explain.js";
import { pageBook } from "./kept/book-store.js";
import type { CardLink, Deck } from "./cards/deck.js";
import { h } from "./controls/dom.js";
import { cardPicture } from "./controls/pictures.js";
import type { Mark } from "./controls/pictures.js";
import { STATES } from "./words/cards.js";

/** So many commands are shown. */
const MOST = 10;

interface Passed {
  readonly card: string;
  readonly what: Explained;
  readonly sent: number;
  readonly got: number;
}

export class Side {
  readonly #deck: Deck;
  readonly #cards = h("ul", { class: "side-cards" });
  readonly #log = h("ol", { class: "wire" });
  readonly #count = h("p", { class: "hint" }, "Nothing yet.");
  readonly #watched = new Map<CardLink, Explainer>();
  /** Those that have answered here. */
  readonly #met = new Set<CardLink>();
  #passed: Passed[] = [];
  #commands = 0;
  #bytes = 0;

  constructor(deck: Deck, place: HTMLElement) {
    this.#deck = deck;
    place.replaceChildren(
      h("h2", {}, "Your cards"),
      this.#cards,
      h("h2", {}, "What passes on the way"),
      h(
        "p",
        { class: "hint" },
        "What a listener sees of the cards and this page: names and sizes. What is sealed, only the card reads.",
      ),
      this.#count,
      this.#log,
    );
  }

  /** With every screen: cards may have joined, or changed. */
  async draw(): Promise<void> {
    for (const link of this.#deck.links) this.#watch(link);
    const book = await pageBook.load().catch(() => []);
    const rest = [...book];
    const drawn = this.#deck.links.flatMap((link) => {
      const at = rest.findIndex(({ id }) => formatLabel(id) === link.printed);
      const [known] = at < 0 ? [] : rest.splice(at, 1);
      if (link.printed === undefined) return [];
      return [item(link.name, link.printed, known, link, this.#met.has(link))];
    });
    const others = rest.map((card) => item(card.name, formatLabel(card.id), card));
    const none = h("li", { class: "hint" }, "None is known here yet.");
    const all = [...drawn, ...others];
    this.#cards.replaceChildren(...(all.length ? all : [none]));
  }

  #watch(link: CardLink): void {
    if (this.#watched.has(link)) return;
    const explainer = new Explainer();
    this.#watched.set(link, explainer);
    link.onTraffic = (sent, got) => {
      if (!this.#met.has(link)) {
        this.#met.add(link);
        void this.draw();
      }
      const what = explainer.explain(sent, got);
      this.#note({ card: link.name, what, sent: sent.length, got: got.length });
    };
  }

  #note(passed: Passed): void {
    this.#commands++;
    this.#bytes += passed.sent + passed.got;
    this.#passed = [passed, ...this.#passed].slice(0, MOST);
    this.#count.textContent = `${this.#commands} commands, ${this.#bytes} bytes since this page was opened.`;
    this.#log.replaceChildren(...this.#passed.map(line));
  }
}

/** `met`: it has answered, but what it holds is noted when the task is done. */
function item(
  name: string | undefined,
  label: string,
  known?: KnownCard,
  link?: CardLink,
  met = false,
) {
  const state = known?.state;
  const mark: Mark = state === undefined ? "unknown" : state === "EMPTY" ? "empty" : "key";
  const unknown = met ? "In use now" : "Not met yet";
  const told = state === undefined ? unknown : STATES[state][0];
  return h(
    "li",
    {},
    cardPicture(link?.hue ?? 3, mark),
    h(
      "div",
      {},
      h("strong", {}, known?.name ?? name ?? "A card of yours"),
      h("span", { class: "label one" }, label),
      h("span", { class: "hint" }, told),
    ),
  );
}

const line = ({ card, what, sent, got }: Passed) =>
  h(
    "li",
    {},
    h("span", {}, card),
    h("span", { class: "label" }, what.name),
    h("span", { class: "label" }, `${sent} → ${got} B`),
    h("span", { class: what.sealed ? "sealed" : "open" }, what.sealed ? "sealed" : "open"),
  );
