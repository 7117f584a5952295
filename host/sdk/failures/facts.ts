/**
 * Everything that can go wrong in the library: a closed set of codes, each with its facts. The part
 * before the slash is the failure's kind. Words for people are elsewhere, once for each reader:
 * text.ts (plain English for `message`), the command line's and the page's dictionaries. The type
 * checker finds a code that one of them lacks (docs/architecture.md, Errors). Browser-safe.
 */

import type { CardRef } from "../relay/visits/role.js";
import type { CommandName, StateName, StatusWordName } from "../wire/generated.js";

type None = Readonly<Record<never, never>>;

// ---- the card refuses -----------------------------------------------------------------------

export interface Refusal {
  readonly sw: number;
  readonly command: CommandName | "SELECT";
  /** WRONG_CODE, and WAIT on a code: wrong tries so far. */
  readonly misses?: number;
  /** WAIT on an offer that was to be dropped: drops so far. */
  readonly drops?: number;
  /** WRONG_CODE and WAIT: until the next try (or dropped offer) is taken. */
  readonly seconds?: number;
  /** PRESENCE: seconds that the button must still be held, and until the card forgets. */
  readonly hold?: number;
  readonly left?: number;
}
/** One code for each status word of the wire table, and one for words that are not in it. */
export type CardCode = `card/${Exclude<StatusWordName, "OK">}` | "card/unknown";
type CardFacts = { readonly [Code in CardCode]: Refusal };

// ---- what must be genuine is not ------------------------------------------------------------

/** Why a card's ledger is not that of a copy of a source. */
export type CopyFault =
  "key" | "set" | "source" | "state" | "number" | "size" | "place" | "transfer";
export type LedgerField = "version" | "state" | "slot state" | "public key" | "own place";
type MessageName = "OFFER" | "TRANSFER";

interface VerifyFacts {
  "verify/maker": None;
  "verify/certificate": None;
  "verify/certificate-version": None;
  "verify/request": None;
  /** The handshake of the channel does not prove the card's key. */
  "verify/handshake": None;
  /** An answer inside the channel is not what the card sent. */
  "verify/answer": None;
  /** Inside the channel, a public key that is no point of the curve. */
  "verify/proof": None;
  "verify/signature": None;
  /** Labels, as far as they are known. */
  "verify/other-card": { readonly label?: string; readonly expected?: string };
  /** This role began with another card. */
  "verify/changed-card": None;
  /** The card has another role in this ceremony. */
  "verify/other-role": { readonly is: CardRef };
  "verify/no-code": None;
  "verify/ledger": None;
  "verify/ledger-content": { readonly field: LedgerField };
  "verify/ledger-stale": None;
  "verify/ledger-card": None;
  "verify/message": { readonly message: MessageName };
  "verify/message-header": { readonly message: MessageName };
  "verify/message-answer": { readonly message: MessageName };
  "verify/copy": {
    readonly faults: readonly CopyFault[];
    /** Labels, where two cards are compared. */
    readonly copy?: string;
    readonly source?: string;
  };
}

// ---- links ----------------------------------------------------------------------------------

/** `link`: the link as people call it (its URI); `detail`: the platform's own words. */
interface OnLink {
  readonly link: string;
}
interface Detailed extends OnLink {
  readonly detail: string;
}
interface Timed extends OnLink {
  readonly seconds: number;
}
export type BleStep = "Bluetooth" | "start" | "search" | "connect" | "services" | "subscribe";

interface LinkFacts {
  "link/open": Detailed;
  "link/scheme": { readonly scheme: string };
  /** Nothing that speaks Kincard's lines answered. */
  "link/silent": Timed;
  /** The line comes back as it was sent: a prompt, which echoes. */
  "link/echo": OnLink;
  "link/nothing-listens": OnLink;
  "link/no-host": OnLink;
  "link/no-port": OnLink;
  "link/no-permission": OnLink;
  "link/in-use": OnLink;
  /** A port without data lines, a device without services. */
  "link/unusable": OnLink;
  "link/no-reader-service": OnLink;
  "link/no-reader": OnLink & { readonly readers: readonly string[] };
  "link/many-readers": OnLink & { readonly readers: readonly string[] };
  "link/no-card": Timed & { readonly reader: string };
  "link/card-in-use": Timed & { readonly reader: string };
  "link/reader": Detailed & { readonly reader: string };
  /** A board's own way into a virtual reader. */
  "link/virtual-reader": { readonly place: string };
  "link/slot-silent": None;
  /** `detail`: what the reader said last. */
  "link/no-tag": Timed & { readonly detail?: string };
  "link/foreign-tag": OnLink & { readonly classic?: true };
  "link/bluetooth-off": OnLink & { readonly state: string };
  "link/not-heard": Timed & { readonly others: readonly string[] };
  "link/step-late": OnLink & { readonly step: BleStep };
  "link/not-a-card": OnLink;
  "link/no-prompt": OnLink;
  /** The browser has no such interface, or does not let the page use it. */
  "link/no-api": { readonly api: "Bluetooth" | "USB" };
  "link/not-allowed": { readonly api: "Bluetooth" | "USB" };
  "link/package-missing": { readonly package: string };
  "link/package-unbuilt": { readonly package: string };
  "link/package-broken": { readonly package: string; readonly detail: string };
  /**
   * `still`: nothing was heard at all, so the card may not be on the reader; `detail`: what the
   * reader said last.
   */
  "link/no-answer": Timed & { readonly still?: true; readonly detail?: string };
  "link/held-up": { readonly seconds: number };
  "link/closed": OnLink & { readonly detail?: string };
  "link/hung-up": OnLink & { readonly detail?: string };
  "link/write": Detailed;
  "link/card-gone": Detailed;
  "link/card-restarted": OnLink;
  "link/held-elsewhere": OnLink;
  "link/driver": OnLink;
  "link/aborted": OnLink;
  "link/garbled": { readonly link?: string };
  "link/endless": None;
  "link/never-whole": OnLink & { readonly message: "request" | "answer" };
  /** The channel has ended, or was never opened. */
  "channel/closed": None;
}

// ---- what people type, and what cards and files hold ----------------------------------------

/** shape: it is of none of the forms. */
export type UriFault = "shape" | "port" | "baud" | "baud-range";

/**
 * full: BIP 322's full form; script: a witness of a script of several keys or conditions; address:
 * a recoverable signature under an address of another kind; header: its first byte names no kind.
 */
export type UnknownSignature = "full" | "script" | "address" | "header";

interface InputFacts {
  /** `forms`: how it could be written. */
  "input/link": {
    readonly uri: string;
    readonly fault: UriFault;
    readonly forms: readonly string[];
  };
  "input/path-depth": { readonly levels: number; readonly most: number };
  "input/path-index": { readonly part: string };
  "input/label-shape": { readonly text: string };
  "input/label-typo": { readonly text: string };
  /** `what`: the value's name, without an article. */
  "input/hex": { readonly what: string };
  "input/hex-size": { readonly what: string; readonly bytes: number; readonly needed: number };
  "input/hex-length": { readonly characters: number; readonly needed: number };
  "input/point": { readonly what: string };
  /** A recording of a run: `line` counts from 1. */
  "input/recording": { readonly line: number; readonly why: string };
  "input/base58": None;
  "input/base58-check": None;
  "input/url": None;
  "input/url-scheme": None;
  "input/url-user": None;
  "input/url-fragment": None;
  "input/url-long": { readonly bytes: number; readonly most: number; readonly prefix: string };
  "input/bech32": None;
  "input/address": None;
  /** Whole, but of no kind that signatures are checked for here. */
  "input/address-kind": None;
  "input/signature": None;
  /** A signature that can't be judged here, which says nothing about whether it is good. */
  "input/signature-kind": { readonly kind: UnknownSignature };
  /** A card's serial with control characters, empty, or of more characters than `most`. */
  "input/serial": { readonly most: number };
  "input/message-long": None;
  /** Half of a character. */
  "input/message-text": None;
  /** No transaction of Ethereum that can be signed. */
  "input/transaction": { readonly detail: string };
  /** No PSBT, or one that can't be worked with: why, in the words of the library that reads it. */
  "input/psbt": { readonly detail: string };
  /** Another kind of signature hash than the one over everything. */
  "input/psbt-sighash": { readonly input: number };
  /** No input is this card's and still to be signed. */
  "input/psbt-nothing": None;
  "code/text": None;
  "code/line-break": None;
  "code/utf8": None;
  "code/empty": None;
  "code/short": { readonly least: number };
  "code/long": { readonly bytes: number; readonly most: number };
  "code/cost": { readonly cost: number; readonly least: number; readonly most: number };
  "code/salt": None;
  "code/wiped": None;
}

interface FormatFacts {
  /** `what`: the part of an answer or a file, in the protocol's words. */
  "format/short": { readonly what: string };
  "format/long": { readonly what: string };
  "format/size": { readonly what: string; readonly bytes: number; readonly needed: number };
  /** `what` should hold a point of the curve, and does not. */
  "format/point": { readonly what: string };
  "format/version": None;
  "format/state": None;
}

// ---- files ----------------------------------------------------------------------------------

interface InFile {
  readonly path: string;
  readonly detail: string;
}
interface FileFacts {
  "run/content": { readonly detail: string };
  "run/damaged": InFile;
  "run/read": InFile;
  "run/write": InFile;
  "run/remove": InFile;
  "maker/exists": { readonly folder: string };
  "maker/missing": { readonly folder: string };
  "maker/damaged": None;
  "maker/foreign-key": None;
  "maker/read": InFile;
  "maker/list-write": { readonly folder: string };
  "maker/passphrase-short": { readonly least: number };
  "maker/passphrase-wrong": None;
  "maker/locked": None;
}

// ---- known cards ----------------------------------------------------------------------------

interface BookFacts {
  "book/content": { readonly detail: string };
  "book/damaged": InFile;
  "book/read": InFile;
  "book/write": InFile;
  /** Genuine, but the user has not named it and this host does not know it. */
  "book/unknown-card": None;
  /** The code would be stretched otherwise than when the card became known. */
  "book/salt": { readonly label: string };
  /** A new salt is one that another card (`label`) has. */
  "book/salt-again": { readonly label: string };
  /** Its code would be stretched too little, or beyond all patience. */
  "book/cost": {
    readonly label: string;
    readonly cost: number;
    readonly least: number;
    readonly most: number;
  };
  /** `text`: neither a label nor the name of a known card. */
  "book/no-card": { readonly text: string };
  "book/name": { readonly most: number };
  "book/name-taken": { readonly name: string; readonly label: string };
}

// ---- the ceremony ---------------------------------------------------------------------------

interface BackupFacts {
  "backup/other-run": None;
  "backup/unnamed": { readonly label: string };
  "backup/not-presented": None;
  "backup/not-approved": None;
  /** On-card consent needs both boards in reach at once, and there is one reader or cable. */
  "backup/apart": None;
  "backup/endless": None;
  "backup/no-source": None;
  "backup/many-sources": None;
  /** None of the connected cards is the one that is needed; `why`: what the last one was. */
  "backup/absent": { readonly why?: AnyFailure };
  "backup/cannot-give": { readonly state: StateName };
  "backup/cannot-take": { readonly state: StateName };
  /** `certain`: it held the key for sure, not perhaps. */
  "backup/place-spent": { readonly label: string; readonly certain: boolean };
  "backup/other-wallet": None;
  "backup/set-size": { readonly setSize: number; readonly asked: number };
  /** The source's own ledger does not say that this copy arrived. */
  "backup/not-confirmed": { readonly label: string };
  "backup/closed": None;
  "backup/full": None;
  /** A package that only some need (packages.ts) is not installed. */
  "package/missing": { readonly package: string };
  unexpected: { readonly detail: string };
}

export interface FailureFacts
  extends
    CardFacts,
    VerifyFacts,
    LinkFacts,
    InputFacts,
    FormatFacts,
    FileFacts,
    BookFacts,
    BackupFacts {}
export type FailureCode = keyof FailureFacts;
export type VerifyCode = keyof VerifyFacts;
export type LinkCode = Exclude<keyof LinkFacts, "channel/closed">;

/** A failure as a value. */
export interface AnyFailure<Code extends FailureCode = FailureCode> {
  readonly code: Code;
  readonly facts: FailureFacts[Code];
}
/** What stands before the slash. */
export type FailureKind<Code extends string = FailureCode> = Code extends `${infer Kind}/${string}`
  ? Kind
  : Code;

/** Something for every code of a table of facts: words, or what to do. */
export type PerCodeOf<Facts, Result, Context extends readonly unknown[] = []> = {
  readonly [Code in keyof Facts]: (facts: Facts[Code], ...context: Context) => Result;
};
export type PerCode<Result, Context extends readonly unknown[] = []> = PerCodeOf<
  FailureFacts,
  Result,
  Context
>;

/** What such a table holds for a failure. */
export function lookUp<Facts, Result, Context extends readonly unknown[]>(
  table: PerCodeOf<Facts, Result, Context>,
  { code, facts }: { readonly code: keyof Facts; readonly facts: unknown },
  ...context: Context
): Result {
  const found = table[code] as (facts: unknown, ...context: Context) => Result;
  return found(facts, ...context);
}

export const kindOf = (code: FailureCode): FailureKind => code.split("/")[0] as FailureKind;
