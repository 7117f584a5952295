/**
 * Sends a recorded run once more, to whatever cards: the same commands, byte for byte. A virtual
 * card with the seed, the flash and the history of the recorded one answers the same bytes. Any
 * other draws other random numbers: its answers are then alike (same status word, same length), and
 * what the app sealed for the recorded card's channel can't be sent to it. Browser-safe.
 */

import { equal } from "../crypto/bytes.js";
import type { Transport } from "../links/link.js";
import { isExchange } from "./format.js";
import type { Exchange, Run } from "./format.js";

/**
 * same: every byte; alike: the same status word and length; sealed: not sent, for it was sealed
 * for another channel; different: another status word, or another length.
 */
export type Likeness = "same" | "alike" | "sealed" | "different";

export interface Compared {
  readonly exchange: Exchange;
  readonly likeness: Likeness;
  /** What the card answered now; undefined when nothing was sent. */
  readonly answer?: Uint8Array;
  /** Names of the parts whose bytes are others. */
  readonly parts: readonly string[];
}

/** The links of a run, in the order in which they were used. */
export const linksOf = (run: Run): string[] => [
  ...new Set(run.entries.filter(isExchange).map(({ link }) => link)),
];

/**
 * `cards`: where each recorded link leads now. Throws LinkError, and a RangeError for a link that
 * leads nowhere.
 */
export async function* replay(
  run: Run,
  cards: ReadonlyMap<string, Transport>,
  signal?: AbortSignal,
): AsyncGenerator<Compared> {
  /** Links whose channel has other keys than the recorded one. */
  const others = new Set<string>();
  for (const exchange of run.entries.filter(isExchange)) {
    const card = cards.get(exchange.link);
    if (!card) throw new RangeError(`no card for the link ${exchange.link}`);
    if (exchange.sealed && others.has(exchange.link)) {
      yield { exchange, likeness: "sealed", parts: [] };
      continue;
    }
    const answer = await card.transmit(exchange.command, signal ? { signal } : {});
    const compared = compare(exchange, answer);
    if (exchange.name === "OPEN") {
      if (compared.likeness === "same") others.delete(exchange.link);
      else others.add(exchange.link);
    }
    yield compared;
  }
}

export function compare(exchange: Exchange, answer: Uint8Array): Compared {
  const was = exchange.answer;
  if (equal(was, answer)) return { exchange, likeness: "same", answer, parts: [] };
  const word = (bytes: Uint8Array) => bytes.slice(-2);
  const alike = was.length === answer.length && equal(word(was), word(answer));
  if (!alike) return { exchange, likeness: "different", answer, parts: [] };
  const parts: string[] = [];
  let at = 0;
  for (const { name, size } of exchange.answerParts) {
    if (!equal(was.slice(at, at + size), answer.slice(at, at + size))) parts.push(name);
    at += size;
  }
  return { exchange, likeness: "alike", answer, parts };
}
