/**
 * One run: its steps on one side, the chosen one's bytes on the other, and what is known of the
 * chain of trust at that moment. Arrow keys go from step to step.
 */

import { isExchange, learn } from "../../../sdk/recording/index.js";
import type { Cover, Entry, Exchange, Learned, Run } from "../../../sdk/recording/index.js";
import { h } from "../../page/ui/controls/dom.js";
import { clock, COVER_WORDS, learnedWords, outcome, waitWords } from "../words.js";
import { bytesView } from "./bytes.js";
import { chainPicture } from "./chain.js";

export function showRun(run: Run, makers: readonly Uint8Array[]): HTMLElement {
  const learned = learn(run, makers);
  const letter = (link: string | undefined) =>
    learned.cards.find((card) => card.link === link)?.letter ?? "";
  const detail = h("div", { class: "detail", "aria-live": "polite" });
  const chain = h("div", { class: "trust" });
  const steps = run.entries.map((entry) => stepButton(entry, letter));
  const choose = (index: number) => {
    const entry = run.entries[index];
    if (!entry) return;
    for (const [at, step] of steps.entries())
      step.setAttribute("aria-current", String(at === index));
    detail.replaceChildren(...detailOf(entry, letter));
    chain.replaceChildren(
      chainPicture(learned, entry.at) ?? h("p", { class: "soft" }, NOTHING_YET),
    );
    steps[index]?.scrollIntoView({ block: "nearest" });
  };
  for (const [index, step] of steps.entries()) step.addEventListener("click", () => choose(index));
  const list = h("ol", { class: "steps" }, ...steps.map((step) => h("li", {}, step)));
  list.addEventListener("keydown", (event) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const now = steps.indexOf(document.activeElement as HTMLButtonElement);
    if (by === 0 || now < 0) return;
    event.preventDefault();
    steps[now + by]?.focus();
    choose(now + by);
  });
  choose(Math.max(0, run.entries.findIndex(isOffer)));
  return h(
    "article",
    { class: "run" },
    overview(learned, run.inside),
    h(
      "div",
      { class: "columns" },
      list,
      h("div", {}, h("h2", {}, "The chain of trust"), chain, detail),
    ),
  );
}

const NOTHING_YET = "No card has shown a link key yet.";
const isOffer = (entry: Entry) => isExchange(entry) && entry.name === "OFFER";

function overview(learned: Learned, inside: boolean): HTMLElement {
  const covers = (Object.keys(COVER_WORDS) as Cover[]).filter(
    (each) => inside || each !== "secret",
  );
  return h(
    "section",
    { class: "overview" },
    h("h2", {}, "What could be learned on the way"),
    h("ul", {}, ...learnedWords(learned).map((line) => h("li", {}, line))),
    h(
      "p",
      { class: "soft" },
      learned.cards.map((card) => `${card.letter}: ${waitWords(card)}.`).join(" "),
    ),
    h(
      "ul",
      { class: "legend" },
      ...covers.map((cover) => h("li", { class: cover }, COVER_WORDS[cover])),
    ),
  );
}

function stepButton(entry: Entry, letter: (link?: string) => string): HTMLButtonElement {
  const time = h("span", { class: "time" }, clock(entry.at));
  if (!isExchange(entry))
    return h("button", { type: "button", class: "note" }, time, h("strong", {}, entry.note));
  const { link, name, sealed } = entry;
  return h(
    "button",
    { type: "button" },
    time,
    h("b", { class: `card ${letter(link)}` }, letter(link)),
    h("span", { class: "what" }, name),
    h("span", { class: sealed ? "sealed" : "clear" }, sealed ? "sealed" : "in the clear"),
    h("span", { class: "word" }, outcome(entry)),
  );
}

function detailOf(entry: Entry, letter: (link?: string) => string): HTMLElement[] {
  if (!isExchange(entry)) return [h("h2", {}, entry.note)];
  const { name, link, ms, inside, command, commandParts, answer, answerParts } = entry;
  const card = `card ${letter(link)}`;
  return [
    h("h2", {}, `${name}, ${card}, ${ms.toFixed(0)} ms`),
    h("p", { class: "soft" }, sightOf(entry)),
    bytesView(`to ${card}`, command, commandParts),
    bytesView(`from ${card}`, answer, answerParts),
    ...(inside
      ? [
          h("h2", {}, "The same, as app and card see it"),
          bytesView(`inside, to ${card}`, inside.command, inside.commandParts),
          bytesView(`inside, from ${card}`, inside.answer, inside.answerParts),
        ]
      : []),
  ];
}

const sightOf = ({ sealed, lost }: Exchange) =>
  lost !== undefined
    ? `No answer came: ${lost}.`
    : sealed
      ? "Only this card and the app can read what is sealed here."
      : "Whoever carries these bytes can read them; what is signed they can't change.";
