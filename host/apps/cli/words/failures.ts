/**
 * What the command line says about each failure: what happened (the library's plain sentence unless
 * there is a better one here) and what to do next. `card` is the card's name in the sentence. A new
 * code, or a new status word, does not compile before it has its line here.
 */

import type { CardCode, FailureCode, PerCode, Refusal } from "../../../sdk/failures/facts.js";
import type { StateName } from "../../../sdk/wire/generated.js";

export interface Said {
  /** Default: the library's plain text. */
  readonly what?: string;
  readonly next: string;
}
type Say<Facts> = (facts: Facts, card: string) => Said;
type Table<Codes extends FailureCode> = Pick<PerCode<Said, [card: string]>, Codes>;

/** The plain sentence, and this advice. */
const next = (text: string) => (): Said => ({ next: text });

const RESUME = "Run the same command again: it goes on where it stopped.";
const RETRY = "Run the same command again.";
const FLASH = "Flash the card's image again.";
const PROGRAM =
  "This is probably a mistake in the program: run it with KINCARD_DEBUG=1 and report it.";

const refusal: { readonly [Code in CardCode]: Say<Refusal> } = {
  "card/WRONG_CODE": ({ misses, seconds }, card) => ({
    what: `${card} refused the access code (wrong tries so far: ${misses ?? "unknown"})`,
    next: seconds
      ? `Try again with the right code after ${seconds} s; nothing is lost.`
      : "Try again with the right code; nothing is lost.",
  }),
  "card/WAIT": ({ seconds, drops }, card) => ({
    what:
      drops === undefined
        ? `${card} does not accept an access code yet`
        : `${card} holds another offer and only drops it after a wait`,
    next: `Wait ${seconds ?? "some"} s with the card powered, then run the same command again.`,
  }),
  "card/PRESENCE": ({ command }, card) => ({
    what:
      command === "RESET"
        ? `Nobody held the button of ${card} for long enough, and it kept its key`
        : `Nobody held the button of ${card} for long enough, and it kept the offer that it holds`,
    next:
      "Nothing was changed. Run the same command again, release the card's button, " +
      "then hold it until the command goes on.",
  }),
  "card/FULL": (_, card) => ({
    what: `${card} has no place left in its set`,
    next: "A place once given to a card is never freed: use the cards that the ledger lists.",
  }),
  "card/USED": (_, card) => ({
    what: `${card} has already given or received its key, and never does so twice`,
    next: "Only a factory reset of that card, which destroys its key, lets it take part again.",
  }),
  "card/NAMES": (_, card) => ({
    what: `${card} refused a message that names another card or set`,
    next: "Check that all cards belong to this backup, then run the same command again.",
  }),
  "card/CRYPTO": (_, card) => ({
    what: `${card} refused what it was given: a signature, certificate or seal is not valid`,
    next: `Check that all cards are from the maker that you expect, and the cable or reader. ${RESUME}`,
  }),
  "card/DAMAGED": (_, card) => ({
    what: `${card} found its own record damaged and stopped`,
    next: "Don't use this card any more; the other cards of its set are not affected.",
  }),
  "card/MEMORY": (_, card) => ({
    what: `${card} could not write to its flash; nothing changed on it`,
    next: RESUME,
  }),
  "card/RANDOM": (_, card) => ({
    what: `the random number generator of ${card} failed its health test, so it made no key`,
    next: "Switch the card off and on; if it happens again, don't use this card.",
  }),
  "card/BLANK": next("Make it with `kincard personalise`; a card that had a wallet has lost it."),
  "card/EMPTY": next(
    "Make a wallet with `kincard activate`, or take a copy with `kincard backup`.",
  ),
  "card/STATE": next("Look at `kincard status`: it says what the card can do now."),
  "card/UNCONFIRMED": next(
    "Run `kincard backup` again to bring it the receipt, or give up on that copy: --unconfirmed.",
  ),
  "card/PATH": next("Use the next index."),
  "card/NO_VAULT": next(FLASH),
  "card/CONSENT": (_, card) => ({
    what: `${card} gives its key only when it and the other board blink the same, and that run is over`,
    next: `Have both boards before you, in reach at the same time. ${RESUME}`,
  }),
  "card/NO_BUTTON": next("Leave --consent out, or take a board that has a button and a light."),
  "card/KERNEL": next(FLASH),
  "card/CHANNEL": next(RETRY),
  "card/CODE": next(RETRY),
  "card/LENGTH": next(PROGRAM),
  "card/DATA": next(PROGRAM),
  "card/P1P2": next(PROGRAM),
  "card/INS": next("Flash the card's current image: it does not know this command."),
  "card/CLA": next("Check that this is a Kincard card."),
  "card/NOT_FOUND": next("Check that this is a Kincard card."),
  "card/unknown": next("Flash the card's current image, or use a newer version of this program."),
};

const DISTRUST = next("Don't go on with this card: show it to whoever made it.");
const COMPARE = next("Compare the labels on the cards, and take the right one.");
const verify: Table<Extract<FailureCode, `verify/${string}`>> = {
  "verify/maker": next("Take a card from your maker, or name the maker of this one."),
  "verify/certificate": DISTRUST,
  "verify/certificate-version": DISTRUST,
  "verify/request": DISTRUST,
  "verify/handshake": DISTRUST,
  "verify/answer": DISTRUST,
  "verify/proof": DISTRUST,
  "verify/signature": DISTRUST,
  "verify/other-card": COMPARE,
  "verify/changed-card": COMPARE,
  "verify/other-role": COMPARE,
  "verify/no-code": next("Make a wallet on it first: `kincard activate`."),
  "verify/ledger": DISTRUST,
  "verify/ledger-content": DISTRUST,
  "verify/ledger-stale": DISTRUST,
  "verify/ledger-card": DISTRUST,
  "verify/message": DISTRUST,
  "verify/message-header": DISTRUST,
  "verify/message-answer": DISTRUST,
  "verify/copy": next(
    "Don't rely on this card as a copy. Only the cards in the ledger hold the key.",
  ),
};

const CONNECT = next(
  "Check that the card is connected and switched on, then run the command again.",
);
const INSTALL = next("Run the same command again when the package is installed.");
const ADDRESS = next("`kincard ports` lists the serial ports, and with --ble the cards in range.");
const READER = next("Check the reader's name and cable, then run the command again.");
const FREE = next("Close the other program, then run the command again.");
const links: Table<Extract<FailureCode, `link/${string}` | "channel/closed">> = {
  "link/open": CONNECT,
  "link/scheme": next("Use another kind of link."),
  "link/silent": CONNECT,
  "link/echo": next("Put the image on the board first: docs/boards.md."),
  "link/nothing-listens": CONNECT,
  "link/no-host": next(
    "Check the host's name and that it is connected, then run the command again.",
  ),
  "link/no-port": ADDRESS,
  "link/no-permission": next("Log in again after joining the group, then run the command again."),
  "link/in-use": FREE,
  "link/unusable": CONNECT,
  "link/no-reader-service": next("Start the service, then run the command again."),
  "link/no-reader": READER,
  "link/many-readers": next("Give more of the reader's name, so that only one reader matches."),
  "link/no-card": next("Put the card on the reader and run the command again."),
  "link/card-in-use": FREE,
  "link/reader": READER,
  "link/virtual-reader": next("Start the reader, then run the command again."),
  "link/slot-silent": next("Use another slot, or remove the card that is in this one."),
  "link/no-tag": next("Hold the card to the reader and run the command again."),
  "link/foreign-tag": next("Put a Kincard card on the reader and run the command again."),
  "link/bluetooth-off": next("Switch Bluetooth on, then run the command again."),
  "link/not-heard": ADDRESS,
  "link/step-late": CONNECT,
  "link/not-a-card": ADDRESS,
  "link/no-prompt": next("Use another way to put the image on: docs/boards.md lists them."),
  "link/no-api": CONNECT,
  "link/not-allowed": CONNECT,
  "link/package-missing": INSTALL,
  "link/package-unbuilt": INSTALL,
  "link/package-broken": INSTALL,
  "link/no-answer": CONNECT,
  "link/held-up": CONNECT,
  "link/closed": CONNECT,
  "link/hung-up": CONNECT,
  "link/write": CONNECT,
  "link/card-gone": CONNECT,
  "link/card-restarted": CONNECT,
  "link/held-elsewhere": CONNECT,
  "link/driver": next("Unplug the reader and plug it in again, then run the command again."),
  "link/aborted": next(RETRY),
  "link/garbled": CONNECT,
  "link/endless": CONNECT,
  "link/never-whole": next("Hold the card still on the reader and run the command again."),
  "channel/closed": CONNECT,
};

const HELP = next("See `kincard --help`, or `kincard COMMAND --help`.");
const UNSENT = next("Nothing was sent to the card.");
const typed: Table<Extract<FailureCode, `input/${string}` | `code/${string}`>> = {
  "input/link": HELP,
  "input/path-depth": HELP,
  "input/path-index": HELP,
  "input/label-shape": HELP,
  "input/label-typo": HELP,
  "input/hex": HELP,
  "input/hex-size": HELP,
  "input/hex-length": HELP,
  "input/point": HELP,
  "input/recording": next("Nothing was changed."),
  "input/base58": HELP,
  "input/base58-check": HELP,
  "input/url": HELP,
  "input/url-scheme": HELP,
  "input/url-user": HELP,
  "input/url-fragment": HELP,
  "input/url-long": HELP,
  "input/bech32": HELP,
  "input/address": HELP,
  "input/address-kind": HELP,
  "input/signature": HELP,
  "input/signature-kind": HELP,
  "input/serial": HELP,
  "input/message-long": HELP,
  "input/message-text": HELP,
  "input/transaction": HELP,
  "input/psbt": HELP,
  "input/psbt-sighash": next("Nothing was signed. Ask for SIGHASH_ALL."),
  "input/psbt-nothing": next(
    "Nothing was signed. Check that this card holds the wallet, and that the PSBT names its keys' " +
      "paths and master fingerprint (`kincard descriptor` shows them).",
  ),
  "code/text": UNSENT,
  "code/line-break": UNSENT,
  "code/utf8": UNSENT,
  "code/empty": UNSENT,
  "code/short": UNSENT,
  "code/long": UNSENT,
  "code/cost": UNSENT,
  "code/salt": UNSENT,
  "code/wiped": UNSENT,
};

const UNTOUCHED = next("Nothing was changed on the cards.");
const UNCHANGED = next("Nothing was changed.");
const files: Table<Extract<FailureCode, `run/${string}` | `maker/${string}` | `format/${string}`>> =
  {
    "format/short": CONNECT,
    "format/long": CONNECT,
    "format/size": CONNECT,
    "format/point": DISTRUST,
    "format/version": next(
      "Flash the card's current image, or use the version that it was made for.",
    ),
    "format/state": next("Flash the card's current image, or use a newer version of this program."),
    "run/content": UNTOUCHED,
    "run/damaged": next(
      "Check that this is the run file. If it is, remove it and start again: the cards know how far " +
        "they are, and nothing was changed on them.",
    ),
    "run/read": UNTOUCHED,
    "run/write": next("Make room or choose another file, then run the same command again."),
    "run/remove": next("The backup is done: remove the file yourself."),
    "maker/exists": UNCHANGED,
    "maker/missing": next("Make one with `kincard maker init`. Nothing was changed."),
    "maker/damaged": next("Restore it from your backup. Nothing was changed."),
    "maker/foreign-key": next("Restore it from your backup. Nothing was changed."),
    "maker/read": next("Check who may read it, then run the same command again."),
    "maker/list-write": next(
      "Make room, or check who may write there, then run the same command again: what is not on " +
        "the list is not signed.",
    ),
    "maker/passphrase-short": next("Try again with a longer one."),
    "maker/passphrase-wrong": next("Try again with the right one."),
    "maker/locked": next("Try again with the maker's passphrase."),
  };

const NOT_SENT = "The access code was not stretched or sent.";
const book: Table<Extract<FailureCode, `book/${string}`>> = {
  "book/content": UNTOUCHED,
  "book/damaged": next(
    `Mend it, or remove it: each card is asked about once more then. ${NOT_SENT}`,
  ),
  "book/read": next(`Check who may read it. ${NOT_SENT}`),
  "book/write": next("Check who may write there, and whether there is room."),
  "book/unknown-card": (_, card) => ({
    what: `${card} is genuine, but it is not one that this computer knows, nor one that you named`,
    next:
      "Name it by the label that is printed on it: --expect LABEL. Without that it could be " +
      "anybody's card.",
  }),
  "book/salt": ({ label }) => ({
    what: `the card ${label} asks for its access code in another way than when it became known here`,
    next:
      `If you changed its code or made it anew elsewhere: --accept-new-code ${label}. If not, don't ` +
      `use it: it may collect another card's code. ${NOT_SENT}`,
  }),
  "book/salt-again": next(`Don't use this card: show it to whoever made it. ${NOT_SENT}`),
  "book/cost": ({ cost, least }) => ({
    next:
      cost < least
        ? `If you chose that cost yourself, add --accept-cost ${cost}. ${NOT_SENT}`
        : `If you want to wait for it (20 takes about 50 s and 1.2 GB), add --accept-cost ${cost}. ${NOT_SENT}`,
  }),
  "book/no-card": next("`kincard cards` lists the cards that are known here."),
  "book/name": HELP,
  "book/name-taken": next("Choose another name, or rename that card first."),
};

const CANNOT_GIVE: Readonly<Partial<Record<StateName, readonly [what: string, next: string]>>> = {
  COPY: ["is itself a copy, and a copy never gives the key", "Use the card that it came from."],
  BLANK: ["is blank", "The maker has to personalise it; then activate it."],
  DAMAGED: ["found its own record damaged", "Don't use this card any more."],
};
const CANNOT_TAKE: Readonly<Partial<Record<StateName, string>>> = {
  BLANK: "is blank: the maker has to personalise it first",
  DAMAGED: "found its own record damaged",
};
const ledgerCards = next(
  "Use the cards that its ledger lists; a new wallet needs a factory reset of the source.",
);
const ceremony: Table<Extract<FailureCode, `${"backup" | "package"}/${string}` | "unexpected">> = {
  "backup/other-run": () => ({
    what: "the run file belongs to another backup (another maker, set size or number of copies)",
    next: "Name another run file, or remove this one to start over.",
  }),
  "backup/unnamed": ({ label }) => ({
    what: `the run file goes on with the card ${label}, which is not one of those you named`,
    next: "Name the cards of that run, or remove the run file to start over.",
  }),
  "backup/not-presented": (_, card) => ({
    what: `${card} was not presented`,
    next: "Run the same command again and present it.",
  }),
  "backup/not-approved": () => ({
    what: "you did not confirm the cards, so nothing was sealed",
    next: "Compare the labels on the cards with the ids shown, then run the same command again.",
  }),
  "backup/apart": next(
    "Connect both at once, by cable or Bluetooth: a --card for each, in the same command.",
  ),
  "backup/endless": next("Check the cables and readers, then run the same command again."),
  "backup/no-source": next("Activate the card that is to be the source."),
  "backup/many-sources": next("Connect one source; the cards that take its copies must be empty."),
  "backup/absent": next(
    "Connect the cards that this backup began with, or remove the run file to start over.",
  ),
  "backup/cannot-give": ({ state }, card) => {
    const [what, then] = CANNOT_GIVE[state] ?? ["holds no wallet yet", "Activate it first."];
    return { what: `${card} ${what}`, next: then };
  },
  "backup/cannot-take": ({ state }, card) => ({
    what: `${card} ${CANNOT_TAKE[state] ?? "holds a wallet of its own"} and can't take a copy`,
    next: "Use an empty card; a factory reset empties one and destroys the key that it holds.",
  }),
  "backup/place-spent": ({ label, certain }, card) => ({
    what: `${card} ${certain ? "held" : "may have held"} a copy of this wallet and was reset since`,
    next:
      "Its place in the set is used up; only the cards in the source's ledger hold the key " +
      `(this one is ${label}, now empty).`,
  }),
  "backup/other-wallet": () => ({
    what: "the source card holds another wallet than the one that this backup began with",
    next: "Remove the run file to start a new backup with this wallet.",
  }),
  "backup/set-size": ({ setSize }) => ({ next: `Ask for a set of ${setSize} cards.` }),
  "backup/not-confirmed": next(
    "The run is kept. Run the command again with the source itself; if that does not help, the link alters what is said.",
  ),
  "backup/closed": ledgerCards,
  "backup/full": ledgerCards,
  "package/missing": INSTALL,
  unexpected: next("Look at `kincard status` for the cards, then try again."),
};

export const FAILURES: PerCode<Said, [card: string]> = {
  ...{ ...refusal, ...verify, ...links, ...typed, ...files, ...book, ...ceremony },
};
