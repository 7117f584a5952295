/**
 * One list of good and bad inputs, used twice: `invalid-*.json` holds the bytes they give for fixed
 * private values, and cards.test.ts sends the same inputs, made for the run at hand, to real cards.
 */
import type { CommandName, StatusWordName } from "../../../firmware/wire/table.js";
import type { Package } from "../messages.js";
import type { Bytes, KeyPair, Source } from "../suite.js";

/** A genuine card whose private keys the test knows. */
export interface Peer {
  readonly kcard: KeyPair;
  readonly certificate: Bytes;
  readonly id: Bytes;
  /** Its link key for the exchange at hand, and one it has not used yet. */
  readonly klink: KeyPair;
  readonly nextKlink: KeyPair;
}

/**
 * What is known to whoever makes an input: everything but the private half of the card under test.
 */
export interface World {
  readonly source: Source;
  /** The Kmaker that the card is built with, and another. */
  readonly maker: KeyPair;
  readonly stranger: KeyPair;
  /** The card under test. */
  readonly card: { readonly kcard: Bytes; readonly certificate: Bytes; readonly id: Bytes };
  /** The set id of the card's own wallet; for a destination, the one it was told. */
  readonly setId: Bytes;
  /** peers[0] is the other side of the exchange; peers[1] another genuine card. */
  readonly peers: readonly [Peer, Peer];
  /** What peers[0] seals when it is the source. */
  readonly content: Package;
  /** The card's own OFFER (OFFERED, COPY); the TRANSFER that it made for peers[0] or took. */
  readonly offer?: Bytes;
  readonly transfer?: Bytes;
  /** S of the card's access code. */
  readonly stretched?: Bytes;
  /** The card's master public key. */
  readonly master?: Bytes;
  /** Keys of the channel that is open and has counted nothing yet. */
  readonly channel?: { readonly toCard: Bytes; readonly toHost: Bytes };
}

export interface Case {
  /** What is wrong (or right) with the input; unique within its situation. */
  readonly comment: string;
  readonly flags: readonly Flag[];
  /** The command that takes `input` as its data; RAW: `input` is the whole APDU. */
  readonly command: CommandName | "RAW";
  readonly p1?: number;
  readonly input: (world: World) => Bytes;
  /** The status word expected; OK for the valid message that shows the situation to be right. */
  readonly word: StatusWordName;
}

/** Where a refusal of the same kind repeats, a flag says which rule it tests. */
export const FLAGS = {
  Valid: "taken by the card; shows that the others are refused for the reason given",
  FlippedByte: "a valid message with one bit turned over",
  InvalidSignature: "a signature that nobody could have made, or over something else",
  HighS: "a signature with s > (n-1)/2",
  WrongMaker: "a certificate that does not come from the card's own maker",
  WrongVersion: "another version, suite or message type, properly signed",
  WrongRole: "a message or signature made for another place in the protocol",
  WrongName: "properly signed, but for another card or another set",
  InvalidPoint: "a public key that is not a canonical point of the curve, properly signed",
  ReusedLinkKey: "a link key that already serves another copy",
  WrongKey: "sealed or authenticated with another key, nonce or transcript",
  WrongContent: "properly sealed by a genuine card, but with a value out of place",
  Replay: "a message of an earlier exchange",
  Length: "truncated, overlong or empty",
  Range: "a value outside its range",
  Order: "not in this state of the card",
  Access: "without the channel, the access code or the naming that the command needs",
  Framing: "a malformed APDU",
} as const;
export type Flag = keyof typeof FLAGS;

/** How far the host has come on the card before the input arrives. */
export type Session = "none" | "channel" | "salt" | "code";

export interface Situation {
  readonly id: string;
  readonly state: "BLANK" | "EMPTY" | "OFFERED" | "WALLET" | "SHARING" | "SHARED" | "COPY";
  readonly session: Session;
  /** The set size and the peers (by index) named in this channel. */
  readonly named?: { readonly n: 2 | 3; readonly peers: readonly (0 | 1)[] };
  /** The set size that the first slot fixed. */
  readonly n?: 2 | 3;
  /** What became of the TRANSFER for peers[0]. */
  readonly slot?: "SEALED" | "CONFIRMED";
  readonly given: string;
  readonly cases: readonly Case[];
}
