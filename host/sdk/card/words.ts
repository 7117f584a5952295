/**
 * Status words as errors. Browser-safe.
 */

import { Reader } from "../crypto/bytes.js";
import { Failure } from "../failures/failure.js";
import type { CardCode, Refusal } from "../failures/facts.js";
import { LAYOUTS, STATUS_WORDS } from "../wire/generated.js";
import type { CommandName, StatusWordName } from "../wire/generated.js";

export const OK = STATUS_WORDS.OK.value;
const NONE = new Uint8Array(0);

export function wordName(sw: number): StatusWordName | undefined {
  const entries = Object.entries(STATUS_WORDS) as [StatusWordName, { value: number }][];
  return entries.find(([, word]) => word.value === sw)?.[0];
}

/** A card refused a command. Nothing changed on it; but for PRESENCE its channel is gone. */
export class CardError extends Failure<CardCode> {
  override readonly name = "CardError";
  /** The word's name in the wire table; undefined for one that this version does not know. */
  readonly word: StatusWordName | undefined;

  constructor(
    sw: number,
    command: CommandName | "SELECT",
    readonly data: Uint8Array = NONE,
    /** True when the word came inside the channel: then the card itself said it. */
    readonly authentic = false,
  ) {
    const word = wordName(sw);
    const code = word === undefined || word === "OK" ? "card/unknown" : (`card/${word}` as const);
    super(code, { sw, command, ...countsIn(word, command, data) });
    this.word = word;
  }

  get sw(): number {
    return this.facts.sw;
  }
  get command(): CommandName | "SELECT" {
    return this.facts.command;
  }
  /** WRONG_CODE, and WAIT on a code: wrong tries so far. */
  get misses(): number | undefined {
    return this.facts.misses;
  }
  /** WAIT on an offer that was to be dropped: drops so far. */
  get drops(): number | undefined {
    return this.facts.drops;
  }
  /** WRONG_CODE and WAIT: seconds until the next try (or dropped offer) is taken. */
  get waitSeconds(): number | undefined {
    return this.facts.seconds;
  }
}

/** count [1] || seconds [2], or hold [1] || left [1], where the word has them. */
function countsIn(
  word: StatusWordName | undefined,
  command: CommandName | "SELECT",
  data: Uint8Array,
): Partial<Refusal> {
  if (word === "PRESENCE" && data.length === LAYOUTS.Gesture.SIZE)
    return { hold: data[LAYOUTS.Gesture.HOLD], left: data[LAYOUTS.Gesture.LEFT] };
  if ((word !== "WRONG_CODE" && word !== "WAIT") || data.length !== 3) return {};
  const reader = new Reader(data, "the count of tries");
  const [count, seconds] = [reader.byte(), reader.uint16()];
  return command === "CODE" ? { misses: count, seconds } : { drops: count, seconds };
}

export function isCardError(error: unknown, ...words: StatusWordName[]): error is CardError {
  if (!(error instanceof CardError)) return false;
  return words.length === 0 || (error.word !== undefined && words.includes(error.word));
}
