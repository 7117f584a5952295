/**
 * Whatever went wrong, as a person reads it: what happened, and what to do next.
 */

import { VerifyError } from "../../../sdk/card/certificate.js";
import { ChannelClosedError } from "../../../sdk/card/channel.js";
import type { Status } from "../../../sdk/card/commands/index.js";
import { isCardError } from "../../../sdk/card/words.js";
import { FormatError } from "../../../sdk/crypto/bytes.js";
import { CodeError } from "../../../sdk/crypto/code.js";
import { LinkError } from "../../../sdk/links/link.js";
import { FlashError } from "../../flasher/errors.js";
import { BackupError, explain } from "../../../sdk/relay/errors.js";
import type { StateName } from "../../../sdk/wire/generated.js";

export interface Fault {
  readonly what: string;
  readonly next: string;
  /** Where it is mended: what the button says, and the address after #. */
  readonly way?: readonly [text: string, hash: string];
}

/** The user stopped, or went elsewhere: not a fault. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}
/** A fault that a task found by itself. */
export class TaskError extends Error {
  override readonly name = "TaskError";
  constructor(
    readonly what: string,
    readonly next: string,
    readonly way?: Fault["way"],
  ) {
    super(what);
  }
}

/** A card's state in a few plain words, and in a sentence. */
export const STATES: Readonly<Record<StateName, readonly [short: string, long: string]>> = {
  BLANK: ["Not ready", "It was never made ready by its maker, or it lost its memory."],
  EMPTY: ["Empty", "It holds no key. It can make a wallet or take a copy of one."],
  OFFERED: ["Waiting for its copy", "It waits for a copy of another card's key."],
  WALLET: ["Not backed up", "It holds a wallet's key, and no other card does: back it up."],
  SHARING: ["Backup not finished", "It has begun to give its key to other cards."],
  SHARED: ["Main card", "It made its copies and never gives its key again."],
  COPY: ["Copy", "It holds a copy of a wallet's key and is as good as the main card."],
  DAMAGED: ["Damaged", "It found its own memory damaged and stopped. Don't use it any more."],
};

/** Stops a task early when the card can't do what is wanted. */
export function needState({ state }: Status, wanted: RegExp, next: string): void {
  if (wanted.test(state)) return;
  throw new TaskError(`That can't be done with this card. ${STATES[state][1]}`, next);
}

const ADVICE: Readonly<Partial<Record<string, Fault>>> = {
  BLANK: {
    what: "This card is not ready: its maker has not finished it, or it lost its memory.",
    next: "Ask whoever made the card, or take another one.",
  },
  EMPTY: {
    what: "This card holds no wallet yet.",
    next: "Make a wallet on it, or take the card that holds yours.",
  },
  NO_VAULT: {
    what: "This card is not set up completely.",
    next: "Ask whoever made it, or take another one.",
  },
  KERNEL: {
    what: "This card is not set up completely.",
    next: "Ask whoever made it, or take another one.",
  },
};
const MAKER: Fault = {
  what: "This card comes from another maker, or is not genuine.",
  next: "Take another card, or check the maker's key under Settings if you know this maker.",
};
const OTHER_WALLET: Fault = {
  what: "This card already holds the key of another wallet, so it can't take this one.",
  next: "Take an empty card, or empty this one with a factory reset.",
};
export const LINK: Fault = {
  what: "The connection to the card was lost. Nothing is lost on the card.",
  next: "Check that the card is on and near, or its cable, and try again.",
};

const SILENT: Fault = {
  what: "The card does not answer.",
  next: "Check that it is on and near, or its cable, and try again.",
};

export function faultOf(error: unknown): Fault {
  const { cause, message } = error as Error;
  if (error instanceof TaskError) return error;
  if (error instanceof BackupError) {
    const known = cause instanceof Error && !(cause instanceof BackupError);
    const own = known && ownWords(cause);
    return own || phrased(error.what, error.next);
  }
  const own = ownWords(error);
  if (own) return own;
  if (isCardError(error) || error instanceof VerifyError) {
    const { what, next } = explain(error, "the card", []);
    const other = error instanceof VerifyError && error.reason === "identity";
    return phrased(other ? error.message : what, next);
  }
  if (error instanceof FlashError) return flashFault(error);
  if (error instanceof CodeError) return phrased(message, "Change the code and try again.");
  if (error instanceof FormatError) return phrased(message, "Try again with the right text.");
  return phrased(message, "Try again. If it happens again, reload the page: nothing is lost.");
}

/** Faults that read better in the page's own words than in the relay's. */
function ownWords(error: unknown): Fault | undefined {
  if (isCardError(error)) {
    const { word = "", misses, waitSeconds } = error;
    if (word === "WRONG_CODE") return wrongCode(misses, waitSeconds);
    if (word === "WAIT" && misses !== undefined) return lockedOut(waitSeconds);
    return ADVICE[word];
  }
  if (error instanceof VerifyError && error.reason === "maker") return MAKER;
  if (error instanceof VerifyError && /is no copy/.test(error.message)) return OTHER_WALLET;
  if (error instanceof LinkError && error.failure !== "open") return LINK;
  if (error instanceof LinkError && /speaks Kincard's lines/.test(error.message)) return SILENT;
  return error instanceof ChannelClosedError ? LINK : undefined;
}

const count = (wait: number) => (wait === 1 ? "1 second" : `${wait} seconds`);
function wrongCode(misses = 1, wait = 0): Fault {
  const tries = misses === 1 ? "once" : `${misses} times`;
  return {
    what: `That was the wrong access code. It was wrong ${tries} now.`,
    next: wait
      ? `The card is locked for ${count(wait)}. Keep it powered, then try the right code.`
      : "Try again with the right code. Nothing is lost.",
  };
}

function lockedOut(wait = 0): Fault {
  return {
    what: "The card is locked for a while, because of wrong codes before.",
    next: `Keep it powered for ${wait ? count(wait) : "some seconds"}, then try again. It lost nothing.`,
  };
}

/** The flasher speaks to users of a command line: what has no place here reads otherwise. */
const ON_THE_PAGE: readonly (readonly [RegExp, string])[] = [
  [/; --board \S+ means a /, "; the image is for a "],
  [/ \(npm run image[^)]*\)|,? or add --force/g, ""],
  [/Name the board that you have:.*/, "Choose the image that was made for your board."],
  [/`kincard ports`.*/, "Check that it is on and near, and that nothing else is connected to it."],
  [/Name the rate:.*/, "Use the kincard program on a computer, which can try other rates."],
  [/\brun the (same )?command again/g, "try again"],
  [/\bRun the (same )?command again/g, "Try again"],
];
function flashFault({ message, next, reason }: FlashError): Fault {
  if (reason === "stopped") return { what: "You did not confirm it.", next };
  const here = (text: string) =>
    ON_THE_PAGE.reduce((said, [words, better]) => said.replace(words, better), text);
  return phrased(here(message), here(next));
}

/** The relay speaks to users of a command line too. */
function phrased(what: string, next: string): Fault {
  const words = (text: string) => {
    const plain = text
      .replaceAll("Run the same command again", "Try again")
      .replaceAll("run the same command again", "try again")
      .replaceAll("remove the run file", "forget the saved backup")
      .replaceAll("Remove the run file", "Forget the saved backup")
      .replaceAll("run file", "saved backup")
      .replace(/\bthe cards that (its|the) ledger lists\b/, "the copies that it has already")
      .replace("set is closed", "backup is complete")
      .replace(/\bthe source( card)?\b/g, "the main card")
      .replace(/\b1 seconds\b/g, "1 second");
    return plain.charAt(0).toUpperCase() + plain.slice(1);
  };
  const sentence = words(what);
  return { what: /[.!?]$/.test(sentence) ? sentence : `${sentence}.`, next: words(next) };
}
