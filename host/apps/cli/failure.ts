/**
 * Exit codes, and how an error of any layer becomes what happened, in what state the cards are, and
 * what to do next. docs/cli.md lists the codes.
 */

import { CommanderError } from "commander";
import { VerifyError } from "../../sdk/card/certificate.js";
import { ChannelClosedError } from "../../sdk/card/channel.js";
import { hexWord, isCardError } from "../../sdk/card/words.js";
import { FormatError } from "../../sdk/crypto/bytes.js";
import { CodeError } from "../../sdk/crypto/code.js";
import { FlashError } from "../flasher/errors.js";
import type { FlashReason } from "../flasher/errors.js";
import { LinkError } from "../../sdk/links/link.js";
import { LinkUriError } from "../../sdk/links/uri.js";
import { MakerError } from "../../sdk/maker/seal.js";
import { BackupError, explain } from "../../sdk/relay/errors.js";
import { RunFileError } from "../../sdk/relay/run-file.js";
import { CertificateError } from "../page/server/certificate.js";
import type { StatusWordName } from "../../sdk/wire/generated.js";
import { WalletFileError } from "./commands/wallet-file.js";

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

export interface Failure {
  readonly exit: ExitCode;
  readonly what: string;
  readonly next: string;
  readonly cards: readonly string[];
  readonly statusWord?: string;
}

/** The command line asks for something that can't be; nothing was done. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
/** Stopped by the user, or waiting for a card that isn't there: nothing is lost. */
export class ResumableError extends Error {
  override readonly name = "ResumableError";
  constructor(
    message: string,
    readonly next: string,
  ) {
    super(message);
  }
}

/** Refusals that mean something else to a single command than to a ceremony. */
const ADVICE: Partial<Record<StatusWordName, string>> = {
  BLANK: "Make it with `kincard personalise`; a card that had a wallet has lost it.",
  EMPTY: "Make a wallet with `kincard activate`, or take a copy with `kincard backup`.",
  STATE: "Look at `kincard status`: it says what the card can do now.",
  UNCONFIRMED:
    "Run `kincard backup` again to bring it the receipt, or give up on it: --unconfirmed.",
  PATH: "Take the next index.",
  PRESENCE: "Hold the card's button while you run the same command again.",
  CRYPTO: "Check that the card is of the maker you expect, and the cable or reader; try again.",
  MEMORY: "Run the same command again.",
  NO_VAULT: "Flash the card's image again.",
  KERNEL: "Flash the card's image again.",
};
const FLASH_EXIT: Readonly<Record<FlashReason, ExitCode>> = {
  usage: EXIT.USAGE,
  refused: EXIT.REFUSED,
  link: EXIT.LINK,
  files: EXIT.FILES,
  stopped: EXIT.RESUMABLE,
};
const HELP = "See `kincard --help`, or `kincard COMMAND --help`.";

const INSTALL = "Run the same command again when it is there.";
const AGAIN = "Check that the card is connected and on, then run the command again.";

export function failureOf(error: unknown, cards: readonly string[]): Failure {
  if (error instanceof BackupError) return ceremonyFailure(error, cards);
  const message = error instanceof Error ? error.message : String(error);
  const plain = (exit: ExitCode, next: string, what = message) => ({ exit, what, next, cards });
  if (error instanceof ResumableError) return plain(EXIT.RESUMABLE, error.next);
  if (isCardError(error)) {
    const { what, next } = explain(error, "the card", []);
    const advice = error.word && ADVICE[error.word];
    const exit = error.word === "WRONG_CODE" || error.word === "WAIT" ? EXIT.CODE : EXIT.REFUSED;
    const told = plain(exit, advice ?? next, advice ? error.sentence : what);
    return { ...told, statusWord: hexWord(error.sw) };
  }
  if (error instanceof VerifyError) return plain(EXIT.NOT_GENUINE, explain(error, "", []).next);
  if (error instanceof LinkError) {
    return plain(EXIT.LINK, error.failure === "missing" ? INSTALL : AGAIN);
  }
  // What people type is read by options.ts: these come from a card's answers.
  if (error instanceof FormatError || error instanceof ChannelClosedError) {
    return plain(EXIT.LINK, AGAIN);
  }
  if (error instanceof MakerError) {
    if (error.reason === "passphrase") return plain(EXIT.CODE, "Try again with the right one.");
    return plain(EXIT.FILES, "Nothing was changed.");
  }
  if (error instanceof FlashError) return plain(FLASH_EXIT[error.reason], error.next);
  if (error instanceof CertificateError) return plain(EXIT.FILES, "Nothing was served.");
  if (error instanceof RunFileError || error instanceof WalletFileError) {
    return plain(EXIT.FILES, "Nothing was changed on the cards.");
  }
  if (error instanceof CommanderError) {
    return plain(EXIT.USAGE, HELP, shortened(message));
  }
  if (error instanceof CodeError) return plain(EXIT.USAGE, "Nothing was sent to the card.");
  if (error instanceof UsageError || error instanceof LinkUriError) return plain(EXIT.USAGE, HELP);
  const call = syscallOf(error);
  if (call === "listen") return plain(EXIT.USAGE, "Name another address or port; nothing runs.");
  if (call) return plain(EXIT.FILES, "Nothing was changed.");
  return plain(EXIT.UNEXPECTED, "Look at `kincard status` for the cards, then try again.");
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

/** The relay's errors say what to do already; their cause gives the exit code. */
function ceremonyFailure(error: BackupError, cards: readonly string[]): Failure {
  const { what, next } = error;
  const { exit, statusWord } = error.cause
    ? failureOf(error.cause, cards)
    : { exit: EXIT.REFUSED, statusWord: undefined };
  return { exit, what, next, cards: error.cards.length ? error.cards : cards, statusWord };
}
