/**
 * Exit codes, and how an error of any layer becomes what happened, in what state the cards are, and
 * what to do next. docs/cli.md lists the exit codes; the words are in words/.
 */

import { CommanderError } from "commander";
import { CardError } from "../../sdk/card/words.js";
import { kindOf, lookUp } from "../../sdk/failures/facts.js";
import type { AnyFailure, FailureCode, FailureKind } from "../../sdk/failures/facts.js";
import { Failure } from "../../sdk/failures/failure.js";
import { cardName, hexWord, plainText } from "../../sdk/failures/text.js";
import { BackupError } from "../../sdk/relay/errors.js";
import type { CardState } from "../../sdk/relay/errors.js";
import { FlashError } from "../flasher/failures.js";
import type { FlashReason } from "../flasher/failures.js";
import { CertificateError } from "../page/server/certificate.js";
import { FAILURES } from "./words/failures.js";
import { FLASH_NEXT } from "./words/flash.js";

export const EXIT = {
  OK: 0,
  UNEXPECTED: 1,
  USAGE: 2,
  REFUSED: 3,
  LINK: 4,
  NOT_GENUINE: 5,
  CODE: 6,
  RESUMABLE: 7,
  FILES: 8,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What is told, whatever was thrown. */
export interface Told {
  readonly exit: ExitCode;
  readonly what: string;
  readonly next: string;
  readonly cards: readonly string[];
  readonly statusWord?: string;
}

/** What the command line found out by itself: the words are where it is thrown. */
export class CliError extends Error {
  override readonly name = "CliError";
  constructor(
    readonly exit: ExitCode,
    message: string,
    readonly next: string,
  ) {
    super(message);
  }
}
/** How far the command came a failed system call does not tell: the cards' states do. */
const MEND = "Mend that, then run the same command again.";
const HELP = "See `kincard --help`, or `kincard COMMAND --help`.";

/** The command line asks for something that can't be; nothing was done. */
export const usageError = (message: string) => new CliError(EXIT.USAGE, message, HELP);
/** Stopped by the user, or waiting for a card that isn't there: nothing is lost. */
export const resumable = (message: string, next: string) =>
  new CliError(EXIT.RESUMABLE, message, next);

/** How the program ends, by kind; and the codes that end it otherwise. */
const EXIT_BY_KIND: Readonly<Record<FailureKind, ExitCode>> = {
  card: EXIT.REFUSED,
  verify: EXIT.NOT_GENUINE,
  link: EXIT.LINK,
  channel: EXIT.LINK,
  input: EXIT.USAGE,
  code: EXIT.USAGE,
  // What people type is input/...: these come from a card's answers.
  format: EXIT.LINK,
  run: EXIT.FILES,
  maker: EXIT.FILES,
  book: EXIT.NOT_GENUINE,
  backup: EXIT.REFUSED,
  package: EXIT.USAGE,
  unexpected: EXIT.UNEXPECTED,
};
const EXIT_BY_CODE: Readonly<Partial<Record<FailureCode, ExitCode>>> = {
  "card/WRONG_CODE": EXIT.CODE,
  "card/WAIT": EXIT.CODE,
  "book/unknown-card": EXIT.USAGE,
  "book/no-card": EXIT.USAGE,
  "book/name": EXIT.USAGE,
  "book/name-taken": EXIT.USAGE,
  "book/content": EXIT.FILES,
  "book/damaged": EXIT.FILES,
  "book/read": EXIT.FILES,
  "book/write": EXIT.FILES,
  "maker/passphrase-short": EXIT.CODE,
  "maker/passphrase-wrong": EXIT.CODE,
  "maker/locked": EXIT.CODE,
};
const EXIT_BY_REASON: Readonly<Record<FlashReason, ExitCode>> = {
  usage: EXIT.USAGE,
  refused: EXIT.REFUSED,
  link: EXIT.LINK,
  files: EXIT.FILES,
  stopped: EXIT.RESUMABLE,
};

/** A failure in the words of the command line. */
export function describeFailure(failure: AnyFailure, card = "the card") {
  const { what = plainText(failure), next } = lookUp(FAILURES, failure, card);
  return { what, next };
}

const cardLine = ({ card, state, checked }: CardState): string =>
  `${typeof card === "string" ? card : cardName(card)}: ${state}${checked ? ", checked" : ""}`;

export function failureOf(error: unknown, cards: readonly string[]): Told {
  const plain = (exit: ExitCode, what: string, next: string) => ({ exit, what, next, cards });
  if (error instanceof CliError) return plain(error.exit, error.message, error.next);
  if (error instanceof Failure) return told(error, cards);
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof FlashError) {
    return plain(EXIT_BY_REASON[error.reason], message, lookUp(FLASH_NEXT, error));
  }
  if (error instanceof CertificateError) return plain(EXIT.FILES, message, "Nothing was served.");
  if (error instanceof CommanderError) return plain(EXIT.USAGE, shortened(message), HELP);
  const call = syscallOf(error);
  if (call === "listen") {
    const next = "Choose another address or port. Nothing was started.";
    return plain(EXIT.USAGE, message, next);
  }
  if (call)
    return plain(EXIT.FILES, message, cards.length ? `The states are above. ${MEND}` : MEND);
  const { next } = describeFailure({ code: "unexpected", facts: { detail: message } });
  return plain(EXIT.UNEXPECTED, message, next);
}

function told(error: Failure, cards: readonly string[]): Told {
  const { code, cause } = error;
  const ceremony = error instanceof BackupError ? error : undefined;
  const lines = ceremony?.cards.length ? ceremony.cards.map(cardLine) : cards;
  // What a ceremony did not expect has words of its own, if it came from here.
  if (code === "unexpected" && cause !== undefined) return { ...failureOf(cause, lines) };
  const refused = error instanceof CardError ? error : cause;
  return {
    exit: EXIT_BY_CODE[code] ?? EXIT_BY_KIND[kindOf(code)],
    ...describeFailure(error, ceremony?.card && cardName(ceremony.card)),
    cards: lines,
    ...(refused instanceof CardError ? { statusWord: hexWord(refused.sw) } : {}),
  };
}

/** The operating system's call that failed, here or in the error's cause. */
function syscallOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return (error as NodeJS.ErrnoException).syscall ?? syscallOf(error.cause);
}

/** Commander's sentence without what was typed: it may have been meant to stay private. */
function shortened(message: string): string {
  const [, option, why] =
    /^error: option '(.*?)' argument .* is invalid\. (.*)$/s.exec(message) ?? [];
  if (option) return `${option}: ${why}`;
  return message.replace(/^error: /, "").replace(/^(unknown option '[^'=]*)=.*'/s, "$1'");
}
