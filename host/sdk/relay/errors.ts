/**
 * A ceremony that can't go on, for a person: what happened, in what state the cards are, what to do
 * next. Browser-safe.
 */

import { VerifyError } from "../card/certificate.js";
import { isCardError } from "../card/words.js";
import type { CardError } from "../card/words.js";
import type { StatusWordName } from "../wire/generated.js";

export class BackupError extends Error {
  override readonly name = "BackupError";
  constructor(
    /** What happened, one sentence. */
    readonly what: string,
    /** What to do next, one sentence. */
    readonly next: string,
    /** One line a card: who it is and its state. */
    readonly cards: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super([what, ...cards, next].join("\n"), options);
  }
}

const RESUME = "Run the same command again: it goes on where it stopped.";

type Advice = readonly [what: string, next: string];

/** Advice by status word: `card` is the card's name in the sentence. */
const REFUSALS: Partial<Record<StatusWordName, (card: string, error: CardError) => Advice>> = {
  WRONG_CODE: (card, { misses, waitSeconds }) => [
    `${card} refused the access code (wrong tries so far: ${misses ?? "unknown"})`,
    waitSeconds
      ? `Try again with the right code after ${waitSeconds} s; nothing is lost.`
      : "Try again with the right code; nothing is lost.",
  ],
  WAIT: (card, { waitSeconds, drops }) => [
    drops === undefined
      ? `${card} takes no access code yet`
      : `${card} holds another offer and drops it only after a wait`,
    `Wait ${waitSeconds ?? "some"} s with the card powered, then run the same command again.`,
  ],
  PRESENCE: (card) => [
    `${card} still holds an offer for another source and wants its button held`,
    "Hold the card's button while you run the same command again.",
  ],
  FULL: (card) => [
    `${card} has no place left in its set`,
    "A place once given to a card is never freed: use the cards that the ledger lists.",
  ],
  USED: (card) => [
    `${card} has given or received its key already and does not do it again`,
    "Only a factory reset of that card, which destroys its key, lets it take part again.",
  ],
  NAMES: (card) => [
    `${card} refused a message that names another card or set`,
    "Check that all cards belong to this ceremony, then run the same command again.",
  ],
  CRYPTO: (card) => [
    `${card} refused what it was given: a signature, certificate or seal is not valid`,
    `Check that all cards are of the same maker, and the cable or reader. ${RESUME}`,
  ],
  DAMAGED: (card) => [
    `${card} found its own record damaged and stopped`,
    "Don't use this card any more; the other cards of its set are not affected.",
  ],
  MEMORY: (card) => [`${card} could not write its flash; nothing changed on it`, RESUME],
  RANDOM: (card) => [
    `the random number generator of ${card} failed its health test; it made no key`,
    "Power the card off and on; if it happens again, don't use this card.",
  ],
};

/** Turns whatever a step threw into a BackupError; one that is one already stays. */
export function explain(error: unknown, card: string, cards: readonly string[]): BackupError {
  if (error instanceof BackupError) {
    if (error.cards.length) return error;
    return new BackupError(error.what, error.next, cards, { cause: error.cause });
  }
  const options = { cause: error };
  if (isCardError(error)) {
    const [what, next] = REFUSALS[error.word ?? "OK"]?.(card, error) ?? [
      `${card}: ${error.message}`,
      RESUME,
    ];
    return new BackupError(what, next, cards, options);
  }
  if (error instanceof VerifyError) {
    const next =
      error.reason === "identity"
        ? "Compare the labels of the cards, and take the right one."
        : "Don't go on with this card: show it to whoever made it.";
    return new BackupError(`${card}: ${error.message}`, next, cards, options);
  }
  return new BackupError(`${card}: ${(error as Error).message}`, RESUME, cards, options);
}
