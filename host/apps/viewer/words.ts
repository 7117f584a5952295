/** What a viewer says of a recording, for the terminal and for the page. Browser-safe. */

import type { Cover, Exchange, Learned, SeenCard } from "../../sdk/recording/index.js";

/** What each colour means, in the order of a legend. */
export const COVER_WORDS: Readonly<Record<Cover, string>> = {
  frame: "frame: header, lengths, status word",
  public: "in the clear",
  signed: "in the clear, but signed",
  signature: "a signature",
  mac: "a keyed hash",
  sealed: "sealed: unreadable on the way",
  secret: "secret, shown because the card is virtual",
};

/** What protects a part: "sealed under Ktocard". */
export function protection(cover: Cover, by?: string): string {
  if (by === undefined) return cover === "frame" ? "" : cover;
  if (cover === "sealed") return `sealed under ${by}`;
  if (cover === "mac") return `hashed under ${by}`;
  return cover === "signature" ? `by ${by}` : `signed by ${by}`;
}

/** "A" with its label where that is known. */
export const cardWords = ({ letter, label, link }: SeenCard) =>
  label === undefined ? `${letter} on ${link}` : `${letter}, ${label}, on ${link}`;

/** "24 commands, 1.930 s of waiting; the longest: SEAL, 0.900 s" */
export const waitWords = ({ waits: { commands, ms, longest } }: SeenCard) =>
  `${count(commands, "command")}, ${clock(ms)} of waiting; the longest: ${longest.name}, ${clock(longest.ms)}`;

const count = (number: number, one: string) => `${number} ${one}${number === 1 ? "" : "s"}`;

/** What whoever carried the bytes knows now. */
export function learnedWords({ cards, messages, exchanges, sealed, bytes }: Learned): string[] {
  const shown = cards.filter(({ open }) => open);
  const met = shown.map(({ letter, label, link }) => `${letter} is ${label}, on ${link}`);
  const makers = [...new Set(shown.map(({ makerId }) => makerId))];
  const sent = messages.filter(
    ({ message, open, genuine }) => open && genuine !== false && message === "TRANSFER",
  ).length;
  return [
    `${count(exchanges, "command")} to ${count(cards.length, "card")}; ${sealed} of them sealed`,
    ...(met.length ? [`which cards: ${met.join("; ")}`] : []),
    ...(met.length ? [`who made them: maker ${makers.join(", ")}`] : []),
    ...(sent ? [`that ${count(sent, "card")} got a sealed key from another`] : []),
    ...(met.length ? [] : ["not which cards they are: that was said under seal alone"]),
    `nothing of ${bytes.sealed} sealed bytes, the access code and the wallet's keys among them`,
  ];
}

/** The status word of an answer, or why there was none. */
export const outcome = ({ answer, lost }: Exchange): string =>
  lost ?? [...answer.slice(-2)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Milliseconds as people read them. */
export const clock = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;
