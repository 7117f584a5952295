/**
 * Status words as errors with a person's sentence. Browser-safe.
 */

import { Reader } from "../crypto/bytes.js";
import { STATUS_WORDS } from "../wire/generated.js";
import type { CommandName, StatusWordName } from "../wire/generated.js";

export const OK = STATUS_WORDS.OK.value;
const NONE = new Uint8Array(0);

export function wordName(sw: number): StatusWordName | undefined {
  const entries = Object.entries(STATUS_WORDS) as [StatusWordName, { value: number }][];
  return entries.find(([, word]) => word.value === sw)?.[0];
}

export function hexWord(sw: number): string {
  return sw.toString(16).padStart(4, "0");
}

/** A card refused a command. Nothing changed on it, and its channel is gone. */
export class CardError extends Error {
  override readonly name = "CardError";
  /** The word's name in the wire table; undefined for one that this version does not know. */
  readonly word: StatusWordName | undefined;
  readonly sentence: string;
  /** WRONG_CODE, and WAIT on a code: wrong tries so far. */
  readonly misses: number | undefined;
  /** WAIT on an offer that was to be dropped: drops so far. */
  readonly drops: number | undefined;
  /** WRONG_CODE and WAIT: seconds until the next try (or dropped offer) is taken. */
  readonly waitSeconds: number | undefined;

  constructor(
    readonly sw: number,
    readonly command: CommandName | "SELECT",
    readonly data: Uint8Array = NONE,
    /** True when the word came inside the channel: then the card itself said it. */
    readonly authentic = false,
  ) {
    const word = wordName(sw);
    const sentence = word ? STATUS_WORDS[word].says : "the card answered an unknown status word";
    const counted = (word === "WRONG_CODE" || word === "WAIT") && data.length === 3;
    const reader = new Reader(data, "the count of tries");
    const count = counted ? reader.byte() : undefined;
    const waitSeconds = counted ? reader.uint16() : undefined;
    const wait = waitSeconds ? `; the next one is taken in ${waitSeconds} s` : "";
    super(`${sentence}${wait} (${command}: ${hexWord(sw)})`);
    this.word = word;
    this.sentence = sentence + wait;
    this.misses = command === "CODE" ? count : undefined;
    this.drops = command === "CODE" ? undefined : count;
    this.waitSeconds = waitSeconds;
  }
}

export function isCardError(error: unknown, ...words: StatusWordName[]): error is CardError {
  if (!(error instanceof CardError)) return false;
  return words.length === 0 || (error.word !== undefined && words.includes(error.word));
}
