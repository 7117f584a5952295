/**
 * What the page says about each failure: what happened, and what to do next. `card` is the card's
 * name in the sentence. A new code, or a new status word, does not compile before it is here.
 */

import type {
  AnyFailure,
  CardCode,
  CopyFault,
  FailureCode,
  PerCode,
  Refusal,
  UnknownSignature,
} from "../../../../sdk/failures/facts.js";
import { lookUp } from "../../../../sdk/failures/facts.js";
import { plainText } from "../../../../sdk/failures/text.js";
import type { CardRef } from "../../../../sdk/relay/visits/role.js";
import { capital, counted } from "../../../../sdk/crypto/text.js";
import { roleName, STATES } from "./cards.js";

export interface Fault {
  readonly what: string;
  readonly next: string;
  /** Where it is mended: what the button says, and the address after #. */
  readonly way?: readonly [text: string, hash: string];
}
type Say<Facts> = (facts: Facts, card: string) => Fault;
type Table<Codes extends FailureCode> = Pick<PerCode<Fault, [card: string]>, Codes>;

const say = (what: string, next: string) => (): Fault => ({ what, next });
/** The library's plain sentence is good enough for the page too. */
const plainly =
  <Code extends FailureCode>(code: Code, next: string) =>
  (facts: AnyFailure<Code>["facts"]): Fault => ({
    what: sentence(plainText({ code, facts } as AnyFailure)),
    next,
  });
const sentence = (text: string) => `${capital(text)}.`;
const count = (wait: number) => (wait === 1 ? "1 second" : `${wait} seconds`);
const ORDINALS = ["", "first", "second", "third", "fourth", "fifth", "sixth"];
const ordinal = (number: number) => ORDINALS[number] ?? `${number}th`;

const NEAR = "Check that it is on and near, or its cable, and try again.";
const RELOAD = "Try again. If it happens again, reload the page: nothing is lost.";
const ANOTHER = "Ask whoever made it, or take another one.";
const REPLACE = "Don't use this card any more. The other cards of its set are not affected.";

const LOST = say(
  "The connection to the card was lost. Nothing is lost on the card.",
  "Check that the card is on and near, or its cable, and try again.",
);
const SILENT = say("The card does not answer.", NEAR);
const INCOMPLETE = say("This card is not set up completely.", ANOTHER);
const PUZZLED = say("The card did not understand the page.", RELOAD);
const FOREIGN = say("This is not a Kincard card.", "Take another card.");

const refusal: { readonly [Code in CardCode]: Say<Refusal> } = {
  "card/WRONG_CODE": ({ misses = 1, seconds }) => ({
    what:
      misses === 1
        ? "That was the wrong access code."
        : `That was the wrong access code, for the ${ordinal(misses)} time in a row.`,
    next: seconds
      ? `The card is locked for ${count(seconds)}. Keep it powered, then try the right code.`
      : "Try again with the right code. Nothing is lost.",
  }),
  "card/WAIT": ({ drops, seconds }) => ({
    what:
      drops === undefined
        ? "The card is locked for a while because of earlier wrong codes."
        : "The card waits for another backup, and only gives that up after a while.",
    next:
      `Keep it powered for ${seconds ? count(seconds) : "some seconds"}, then try again. ` +
      "It has lost nothing.",
  }),
  "card/PRESENCE": ({ command }) => ({
    what:
      command === "RESET"
        ? "Nobody held the card's button for long enough. It has kept its key."
        : "This card waits for another backup, and nobody held its button to give that up.",
    next: "Nothing was changed. Try again: release the card's button, then hold it when asked.",
  }),
  "card/FULL": say(
    "The main card has no place left for another copy.",
    "Use the copies that it has already. A place once given to a card is never free again.",
  ),
  "card/USED": say(
    "This card has already given or received its key, and never does so twice.",
    "Only a factory reset of that card, which destroys its key, lets it take part again.",
  ),
  "card/NAMES": say(
    "The card refused a message that is meant for another card or set.",
    "Check that all cards belong to this backup, and try again.",
  ),
  "card/CRYPTO": (_, card) => ({
    what: `${card} refused what it was given: it is not genuine, or was changed on the way.`,
    next: "Check that all cards are from the same maker, and try again. It goes on where it stopped.",
  }),
  "card/DAMAGED": say("The card found its own memory damaged and stopped.", REPLACE),
  "card/MEMORY": say(
    "The card could not write to its memory. Nothing changed on it.",
    "Try again.",
  ),
  "card/RANDOM": say(
    "The card's random numbers failed their test, so it made no key.",
    "Switch it off and on. If it happens again, don't use this card.",
  ),
  "card/BLANK": say(
    "This card is not ready: its maker has not finished it, or it lost its memory.",
    "Ask whoever made the card, or take another one.",
  ),
  "card/EMPTY": say(
    "This card holds no wallet yet.",
    "Make a wallet on it, or take the card that holds yours.",
  ),
  "card/STATE": say(
    "The card can't do that now.",
    "Check the card to see what it holds, and take another one if need be.",
  ),
  "card/UNCONFIRMED": say(
    "A copy has not been confirmed yet.",
    "Go on with the backup first: the main card is needed once more.",
  ),
  "card/PATH": say("There is no key at that place in the wallet.", "Use the next number."),
  "card/NO_VAULT": INCOMPLETE,
  "card/CONSENT": say(
    "The card gives its key only when both boards blink the same, and that time is over.",
    "Nothing was given away. Have both boards before you, and try again.",
  ),
  "card/NO_BUTTON": say(
    "This board has no button or no light, so it can't ask for your consent.",
    "Take another board, or make the card without that option.",
  ),
  "card/KERNEL": INCOMPLETE,
  "card/CHANNEL": LOST,
  "card/CODE": say("The card wants the access code first.", "Try again."),
  "card/LENGTH": PUZZLED,
  "card/DATA": PUZZLED,
  "card/P1P2": PUZZLED,
  "card/INS": PUZZLED,
  "card/CLA": FOREIGN,
  "card/NOT_FOUND": FOREIGN,
  "card/unknown": PUZZLED,
};

const SHOW = "Don't go on with this card: show it to whoever made it.";
const COMPARE = "Compare the labels of the cards, and take the right one.";
const CHANGED = say("What the card said is not genuine, or was changed on the way.", SHOW);
const NO_PROOF = say("The card could not prove who it is.", SHOW);
const OTHER_WALLET = say(
  "This card already holds the key of another wallet, so it can't take this one.",
  "Take an empty card, or empty this one with a factory reset.",
);
/** Faults that mean another wallet; any other is a card that says something impossible. */
const OTHER: ReadonlySet<CopyFault> = new Set(["key", "set", "source", "state"]);
const verify: Table<Extract<FailureCode, `verify/${string}`>> = {
  "verify/maker": say(
    "This card comes from another maker, or is not genuine.",
    "Take another card, or check the maker's key under Settings if you know this maker.",
  ),
  "verify/certificate": say("This card is not genuine: its certificate is forged.", SHOW),
  "verify/certificate-version": say("This card's certificate has another version.", SHOW),
  "verify/request": CHANGED,
  "verify/handshake": NO_PROOF,
  "verify/answer": CHANGED,
  "verify/proof": NO_PROOF,
  "verify/signature": say("The card's signature is not valid. Don't use it.", SHOW),
  "verify/other-card": plainly("verify/other-card", COMPARE),
  "verify/changed-card": say("This is not the card that this backup began with.", COMPARE),
  "verify/other-role": ({ is }) => ({
    what: `This is ${inSentence(is)}; another card is needed now.`,
    next: COMPARE,
  }),
  "verify/no-code": say("This card has no access code yet.", "Make a wallet on it first."),
  "verify/ledger": CHANGED,
  "verify/ledger-content": CHANGED,
  "verify/ledger-stale": CHANGED,
  "verify/ledger-card": CHANGED,
  "verify/message": CHANGED,
  "verify/message-header": CHANGED,
  "verify/message-answer": CHANGED,
  "verify/copy": ({ faults }) =>
    faults.some((fault) => OTHER.has(fault))
      ? OTHER_WALLET()
      : { what: "This card is not a copy of the main card.", next: SHOW },
};

const OPEN_FAILED = say("The card could not be reached.", NEAR);
const IN_USE = say(
  "Something else is connected to this card.",
  "Close the other page or program, and try again.",
);
const HERE = "Use another way, or open this page in Chrome or Edge on Android or a computer.";
const links: Table<Extract<FailureCode, `link/${string}` | "channel/closed">> = {
  "link/open": OPEN_FAILED,
  "link/scheme": OPEN_FAILED,
  "link/silent": SILENT,
  "link/echo": say("This board runs no card: it shows its prompt.", "Flash the board first."),
  "link/nothing-listens": SILENT,
  "link/no-host": SILENT,
  "link/no-port": OPEN_FAILED,
  "link/no-permission": OPEN_FAILED,
  "link/in-use": IN_USE,
  "link/unusable": say("This device offers nothing to talk to.", "Choose another one."),
  "link/no-reader-service": OPEN_FAILED,
  "link/no-reader": OPEN_FAILED,
  "link/many-readers": OPEN_FAILED,
  "link/no-card": SILENT,
  "link/card-in-use": IN_USE,
  "link/reader": OPEN_FAILED,
  "link/virtual-reader": OPEN_FAILED,
  "link/slot-silent": OPEN_FAILED,
  "link/no-tag": SILENT,
  "link/foreign-tag": FOREIGN,
  "link/bluetooth-off": say("Bluetooth can't be used.", "Switch it on, and try again."),
  "link/not-heard": SILENT,
  "link/step-late": SILENT,
  "link/not-a-card": FOREIGN,
  "link/no-prompt": say("There is no Espruino console on this board.", "Choose another one."),
  "link/no-api": ({ api }) => ({ what: `This browser offers no ${api} to pages.`, next: HERE }),
  "link/not-allowed": ({ api }) => ({
    what: `This browser does not let the page use ${api}.`,
    next: "Allow it in the browser's settings, or use another way.",
  }),
  "link/package-missing": OPEN_FAILED,
  "link/package-unbuilt": OPEN_FAILED,
  "link/package-broken": OPEN_FAILED,
  "link/no-answer": LOST,
  "link/held-up": LOST,
  "link/closed": LOST,
  "link/hung-up": LOST,
  "link/write": LOST,
  "link/card-gone": LOST,
  "link/card-restarted": LOST,
  "link/held-elsewhere": IN_USE,
  "link/driver": LOST,
  "link/aborted": LOST,
  "link/garbled": LOST,
  "link/endless": LOST,
  "link/never-whole": LOST,
  "channel/closed": LOST,
};

const TYPED = "Try again with the right text.";
const CODE = "Change the code and try again.";
const typed: Table<Extract<FailureCode, `input/${string}` | `code/${string}`>> = {
  "input/link": plainly("input/link", TYPED),
  "input/path-depth": plainly("input/path-depth", TYPED),
  "input/path-index": plainly("input/path-index", TYPED),
  "input/label-shape": say("A label has five groups of four characters.", TYPED),
  "input/label-typo": say("One of the label's characters is wrong.", "Compare it with the card."),
  "input/hex": say("Only the characters 0 to 9 and a to f belong here.", TYPED),
  "input/hex-size": ({ bytes, needed }) => wrongLength(2 * bytes, 2 * needed),
  "input/hex-length": ({ characters, needed }) => wrongLength(characters, needed),
  "input/point": say("This is not a key: copy it once more.", TYPED),
  "input/recording": plainly("input/recording", "Choose another file."),
  "input/base58": plainly("input/base58", TYPED),
  "input/base58-check": plainly("input/base58-check", TYPED),
  "input/url": plainly("input/url", TYPED),
  "input/url-scheme": plainly("input/url-scheme", TYPED),
  "input/url-user": plainly("input/url-user", TYPED),
  "input/url-fragment": plainly("input/url-fragment", TYPED),
  "input/url-long": plainly("input/url-long", TYPED),
  "input/bech32": plainly("input/bech32", TYPED),
  "input/address": plainly("input/address", TYPED),
  "input/address-kind": () => unjudged("addresses of this kind"),
  "input/signature": say("This is not a message's signature.", TYPED),
  "input/signature-kind": ({ kind }) => unjudged(UNJUDGED[kind]),
  "input/serial": plainly("input/serial", TYPED),
  "input/message-long": say("The message is too long.", "Shorten it."),
  "input/message-text": plainly("input/message-text", "Write the last character again."),
  "input/transaction": plainly("input/transaction", "Use another one."),
  "input/psbt": plainly("input/psbt", "Choose another file."),
  "input/psbt-sighash": plainly("input/psbt-sighash", "Choose another file."),
  "input/psbt-nothing": plainly("input/psbt-nothing", "Use the card that holds this wallet."),
  "code/text": plainly("code/text", CODE),
  "code/line-break": plainly("code/line-break", CODE),
  "code/utf8": plainly("code/utf8", CODE),
  "code/empty": plainly("code/empty", CODE),
  "code/short": plainly("code/short", CODE),
  "code/long": plainly("code/long", CODE),
  "code/cost": ({ least, most }) => ({
    what: `A cost is a whole number from ${least} to ${most}.`,
    next: TYPED,
  }),
  "code/salt": plainly("code/salt", RELOAD),
  "code/wiped": say("The access code is no longer here.", "Type it again."),
};
const UNJUDGED: Readonly<Record<UnknownSignature, string>> = {
  full: "signatures in the full form of BIP 322",
  script: "signatures by a script, such as several owners'",
  address: "signatures of this form under an address of this kind",
  header: "signatures of this kind",
};
function unjudged(what: string): Fault {
  return {
    what: `This page can't check ${what}: it may be good all the same.`,
    next: "Use the kind of wallet that made it.",
  };
}
function wrongLength(characters: number, needed: number): Fault {
  return { what: `This has ${counted(characters, "character")}; it needs ${needed}.`, next: TYPED };
}

const SAVED = say(
  "The saved backup can't be read or written.",
  "Forget it and start over: the cards know how far they are.",
);
/** No maker's folder is within reach of a page. */
const NOT_HERE = say("The page can't do that.", "Use the kincard program on a computer.");
const files: Table<Extract<FailureCode, `run/${string}` | `maker/${string}` | `format/${string}`>> =
  {
    "format/short": PUZZLED,
    "format/long": PUZZLED,
    "format/size": PUZZLED,
    "format/point": CHANGED,
    "format/version": say("This card speaks another version of the page's language.", ANOTHER),
    "format/state": say("This card is in a state that the page does not know.", ANOTHER),
    "run/content": SAVED,
    "run/damaged": SAVED,
    "run/read": SAVED,
    "run/write": SAVED,
    "run/remove": SAVED,
    "maker/exists": NOT_HERE,
    "maker/missing": NOT_HERE,
    "maker/damaged": NOT_HERE,
    "maker/foreign-key": NOT_HERE,
    "maker/read": NOT_HERE,
    "maker/list-write": NOT_HERE,
    "maker/passphrase-short": NOT_HERE,
    "maker/passphrase-wrong": NOT_HERE,
    "maker/locked": NOT_HERE,
  };

const BOOK = say(
  "What this browser noted of your cards can't be read or written.",
  "Forget the known cards under Settings: each is asked about once more then.",
);
const book: Table<Extract<FailureCode, `book/${string}`>> = {
  "book/content": BOOK,
  "book/damaged": BOOK,
  "book/read": BOOK,
  "book/write": BOOK,
  "book/unknown-card": say(
    "This card is genuine, but it is not one that this browser knows.",
    "Compare its label with the one printed on your card first.",
  ),
  "book/salt": ({ label }) => ({
    what: `The card ${label} asks for its access code in another way than before.`,
    next:
      "If you changed its code or made it anew elsewhere, forget it under Settings and meet it once " +
      "more. If not, don't use it. Your code was not sent.",
  }),
  "book/salt-again": say(
    "This card asks for a code that would fit another card of yours.",
    "Don't use it: show it to whoever made it. Your code was not sent.",
  ),
  "book/cost": ({ cost, least }) =>
    cost < least
      ? {
          what: `This card makes its access code cheap to guess (cost ${cost}, less than ${least}).`,
          next:
            "Your code was not sent. If you chose that cost yourself, accept it under Settings; if " +
            "not, don't use this card.",
          way: ["Open the settings", "#/settings"],
        }
      : {
          what: "This card wants more work for its access code than you agreed to.",
          next: "Your code was not sent. Try again, if you chose that cost yourself.",
        },
  "book/no-card": say("No card of that name is known here.", "Look under Settings."),
  "book/name": ({ most }) => ({
    what: `A name has 1 to ${most} characters and is not a label.`,
    next: TYPED,
  }),
  "book/name-taken": ({ name }) => ({ what: `Another card is called ${name}.`, next: TYPED }),
};

const FORGET = "Take the cards that it began with, or forget the saved backup and start over.";
const HAS_COPIES =
  "Use the copies that it has already. A new wallet needs a factory reset of the main card.";
const ceremony: Table<Extract<FailureCode, `${"backup" | "package"}/${string}` | "unexpected">> = {
  "backup/other-run": say("The saved backup is another one.", FORGET),
  "backup/unnamed": ({ label }) => ({
    what: `The saved backup goes on with the card ${label}, which is not one of those you named.`,
    next: FORGET,
  }),
  "backup/not-presented": (_, card) => ({
    what: `${card} was not presented.`,
    next: "Try again, and present it when you are asked.",
  }),
  "backup/apart": say(
    "This main card gives its key only while both boards are connected at the same time.",
    "Connect each of them by itself, by cable or Bluetooth, and try again.",
  ),
  "backup/not-approved": say(
    "You did not confirm the cards, so nothing was copied.",
    "Compare the labels on the cards with those shown, and try again.",
  ),
  "backup/endless": say(
    "The backup makes no progress: something on the way alters the messages.",
    "Check the cables, or come nearer, and try again.",
  ),
  "backup/no-source": say("None of the cards holds a wallet.", "Make a wallet first."),
  "backup/many-sources": say(
    "More than one card holds a wallet of its own.",
    "Take one main card; the cards that take its copies must be empty.",
  ),
  "backup/absent": say("None of these cards is the one that is needed.", FORGET),
  "backup/cannot-give": ({ state }) => ({
    what: `This card can't give its key. ${STATES[state][1]}`,
    next: "Take the card that holds your wallet.",
  }),
  "backup/cannot-take": ({ state }) => ({
    what: `This card can't take a copy. ${STATES[state][1]}`,
    next: "Take an empty card. A factory reset empties one, and destroys the key that it holds.",
  }),
  "backup/place-spent": ({ certain }) => ({
    what: `This card ${certain ? "held" : "may have held"} a copy of this wallet and was reset since.`,
    next: "Its place is used up. Only the other cards of the set hold the key.",
  }),
  "backup/other-wallet": say(
    "The main card holds another wallet than the one that this backup began with.",
    "Forget the saved backup to start a new one with this wallet.",
  ),
  "backup/set-size": ({ setSize }) => ({
    what: `This wallet's set was fixed to ${setSize} cards by its first copy.`,
    next: `Choose ${setSize === 2 ? "two" : "three"} cards.`,
  }),
  "backup/not-confirmed": say(
    "The main card does not say that the copy arrived.",
    "Go on with the backup: the main card is needed once more.",
  ),
  "backup/closed": say(
    "The main card's backup is complete: it never gives its key again.",
    HAS_COPIES,
  ),
  "backup/full": say("The main card has no place left for another copy.", HAS_COPIES),
  "package/missing": OPEN_FAILED,
  unexpected: ({ detail }) => ({ what: sentence(detail.replace(/\.$/, "")), next: RELOAD }),
};

const FAILURES: PerCode<Fault, [card: string]> = {
  ...{ ...refusal, ...verify, ...links, ...typed, ...files, ...book, ...ceremony },
};

const inSentence = ({ role }: CardRef) => roleName(role).replace(/^The/, "the");

/** A failure in the words of the page. */
export function describeFailure(failure: AnyFailure, card?: CardRef): Fault {
  return lookUp(FAILURES, failure, card ? roleName(card.role) : "The card");
}
