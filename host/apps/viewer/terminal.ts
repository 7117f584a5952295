/** A recording on a terminal: who said what, what protects each byte, the chain of trust. */

import { visible } from "../../sdk/crypto/text.js";
import { isExchange, learn } from "../../sdk/recording/index.js";
import type { Cover, Exchange, Learned, Part, Run } from "../../sdk/recording/index.js";
import type { Paint } from "../terminal/style.js";
import {
  cardWords,
  clock,
  COVER_WORDS,
  learnedWords,
  outcome,
  protection,
  waitWords,
} from "./words.js";

export interface ViewOptions {
  readonly paint: Paint;
  /** Every byte, in place of the first ones of each part. */
  readonly bytes?: boolean;
  /** Kmakers whose chains are called genuine. */
  readonly makers?: readonly Uint8Array[];
}

/** The same on every terminal. */
export const COVER_COLOURS: Readonly<Record<Cover, Parameters<Paint>[0]>> = {
  frame: "dim",
  public: "white",
  signed: "green",
  signature: "blue",
  mac: "cyan",
  sealed: "red",
  secret: ["bold", "magenta"],
};
/** Bytes of a part that are shown without `bytes`. */
const SHORT = 12;
const PER_LINE = 24;

export function viewRun(run: Run, options: ViewOptions): string[] {
  const { paint, makers } = options;
  const learned = learn(run, makers);
  const letters = new Map(learned.cards.map(({ link, letter }) => [link, letter]));
  const lines: string[] = [];
  for (const card of learned.cards) {
    lines.push(`  ${paint("bold", visible(cardWords(card)))}`);
    lines.push(`     ${paint("dim", visible(waitWords(card)))}`);
  }
  lines.push("", `  ${legend(paint, run.inside)}`, "");
  for (const entry of run.entries) {
    if (isExchange(entry)) lines.push(...exchangeLines(entry, letters, options));
    else lines.push(paint("bold", `${clock(entry.at).padStart(10)}  ${visible(entry.note)}`));
  }
  lines.push("", ...chainLines(learned, letters, paint));
  lines.push("", paint("bold", "Whoever carried these bytes learned"));
  return [...lines, ...learnedWords(learned).map((line) => `  ${visible(line)}`)];
}

function exchangeLines(
  exchange: Exchange,
  letters: ReadonlyMap<string, string>,
  { paint, bytes = false }: ViewOptions,
): string[] {
  const { at, ms, link, name, sealed, command, answer, inside } = exchange;
  const through = sealed ? paint("red", "sealed") : "      ";
  const sizes = `${command.length} > ${answer.length}`.padStart(11);
  const took = `${ms.toFixed(0)} ms`.padStart(8);
  const head = `${clock(at).padStart(10)}  ${letters.get(link) ?? "?"}  ${visible(name).padEnd(17)}`;
  const lines = [`${head} ${through} ${sizes} bytes ${took}  ${visible(outcome(exchange))}`];
  if (bytes || (!sealed && isProtected(exchange))) {
    lines.push(...partLines(">", command, exchange.commandParts, paint, bytes));
    lines.push(...partLines("<", answer, exchange.answerParts, paint, bytes));
  }
  if (inside) {
    lines.push(`              ${paint("magenta", "inside, as app and card see it")}`);
    lines.push(...partLines(">", inside.command, inside.commandParts, paint, bytes));
    lines.push(...partLines("<", inside.answer, inside.answerParts, paint, bytes));
  }
  return lines;
}

/** Somebody stands for a part of it. */
const isProtected = ({ commandParts, answerParts }: Exchange) =>
  [...commandParts, ...answerParts].some(({ by }) => by !== undefined);

function partLines(
  way: string,
  data: Uint8Array,
  parts: readonly Part[],
  paint: Paint,
  all: boolean,
): string[] {
  const lines: string[] = [];
  let from = 0;
  for (const { name, size, cover, by } of parts) {
    const own = data.subarray(from, from + size);
    from += size;
    if (cover === "frame" && !all) continue;
    const [first = "", ...more] = hexLines(own, all);
    const what = `${visible(name)}, ${size}`.padEnd(32);
    const note = paint("dim", visible(protection(cover, by)));
    lines.push(`            ${way} ${paint(COVER_COLOURS[cover], what)} ${first}  ${note}`);
    for (const line of more) lines.push(`${" ".repeat(47)}${line}`);
  }
  return lines;
}

function hexLines(data: Uint8Array, all: boolean): string[] {
  const hex = (from: number, to: number) => Buffer.from(data.subarray(from, to)).toString("hex");
  if (!all) return [data.length > SHORT ? `${hex(0, SHORT)}…` : hex(0, SHORT)];
  const lines: string[] = [];
  for (let at = 0; at < data.length; at += PER_LINE) lines.push(hex(at, at + PER_LINE));
  return lines;
}

function legend(paint: Paint, inside: boolean): string {
  return (Object.keys(COVER_WORDS) as Cover[])
    .filter((cover) => inside || cover !== "secret")
    .map((cover) => paint(COVER_COLOURS[cover], `■ ${cover}`))
    .join("  ");
}

/** Kmaker -> Kcard -> Klink, message by message. */
function chainLines(
  { messages }: Learned,
  letters: ReadonlyMap<string, string>,
  paint: Paint,
): string[] {
  if (messages.length === 0) return [];
  const lines = messages.map(({ message, link, from, klink, about, genuine }) => {
    const mark = genuine
      ? paint("green", "✓ checked")
      : paint("yellow", "? of another maker, or forged");
    const chain = `Kmaker > Kcard of ${from} > Klink ${klink.slice(0, 12)}…`;
    const carried = `${message.padEnd(8)} (${letters.get(link) ?? "?"})`;
    return [`  ${carried}  ${visible(chain)}  ${mark}`, `                ${visible(about)}`];
  });
  return [paint("bold", "The chain of trust"), ...lines.flat()];
}
