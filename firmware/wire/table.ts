/**
 * The wire table: everything that a card and whoever talks to it must agree on, in one place.
 *
 * `generate.ts` makes from it the card's constants (numbers and packed strings: objects would cost
 * the board hundreds of variables), the host's `host/sdk/wire/generated.ts` and the tables of
 * docs/protocol.md. Nothing here runs on a board.
 */
import {
  CERTIFICATE,
  ENC,
  HELLO,
  LEDGER,
  MESSAGE,
  OFFER,
  PATH_MOST,
  STATUS,
  UNITS,
  URL_MOST,
} from "./layout/messages.js";

/** Application identifier, ISO 7816-4: proprietary (F0), then "KINCARD" and version 1. */
export const AID = "f04b494e4341524401";

/** Protocol version and cipher suite: the first two bytes of everything that is signed or sent. */
export const PROTOCOL_VERSION = 1;
/** Suite 1: secp256k1 ECDSA/ECDH, SHA-256, HKDF, ChaCha20-Poly1305 (docs/protocol.md 2). */
export const SUITE = 1;

/** Card states (design: a card's life). Numbers go over the wire in STATUS and in the ledger. */
export const STATES = {
  BLANK: { value: 0, means: "not personalised yet, or no vault" },
  EMPTY: { value: 1, means: "certified, holds no wallet key" },
  OFFERED: { value: 2, means: "a destination that made an offer and waits for its TRANSFER" },
  WALLET: { value: 3, means: "holds a wallet key that was never copied" },
  SHARING: { value: 4, means: "source: sealed to at least one card, not finished" },
  SHARED: { value: 5, means: "source: finished, never gives the key again" },
  COPY: { value: 6, means: "destination: took a key, never gives it" },
  DAMAGED: { value: 7, means: "a committed record fails its check: the card stops" },
} as const;
export type StateName = keyof typeof STATES;

/** What STATUS reports of a source's slot for one destination. */
export const SLOT_STATES = {
  OPEN: { value: 0, means: "nothing sealed" },
  SEALED: { value: 1, means: "TRANSFER made, no receipt yet: counts as holding the key" },
  CONFIRMED: { value: 2, means: "the destination's receipt was checked" },
  CLOSED: { value: 3, means: "closed by FINISH before anything was sealed" },
  LOST: { value: 4, means: "closed by FINISH while sealed: may or may not hold the key" },
} as const;

/** Status words. Any answer but 9000, 61xx and PRESENCE ends the channel. */
export const STATUS_WORDS = {
  OK: { value: 0x9000, says: "done" },
  LENGTH: { value: 0x6700, says: "the data has the wrong length" },
  MEMORY: { value: 0x6581, says: "the card's flash could not be written or read back" },
  CHANNEL: { value: 0x6982, says: "this command goes only through the authenticated channel" },
  CODE: { value: 0x6983, says: "this command needs the access code first" },
  WRONG_CODE: { value: 0x6300, says: "wrong access code" },
  WAIT: { value: 0x6301, says: "too many tries: wait before the next one" },
  CRYPTO: { value: 0x6988, says: "a signature, certificate, seal or key is not valid" },
  RANDOM: { value: 0x6f01, says: "the random number generator failed its health test" },
  KERNEL: { value: 0x6f02, says: "the native kernel is missing or of another version" },
  STATE: { value: 0x6985, says: "not possible in the card's present state" },
  BLANK: { value: 0x69e0, says: "the card is blank: it was never personalised, or lost its vault" },
  EMPTY: { value: 0x69e1, says: "the card holds no wallet key" },
  USED: {
    value: 0x69e2,
    says: "the card has already given or received a key: factory reset first",
  },
  DAMAGED: { value: 0x69e3, says: "the card's record is damaged: it stops" },
  NAMES: { value: 0x69e4, says: "the message names another card or another set" },
  FULL: { value: 0x69e5, says: "every place in the set is taken" },
  UNCONFIRMED: { value: 0x69e6, says: "a sealed copy has not been confirmed: say so to finish" },
  PRESENCE: {
    value: 0x69e7,
    says: "armed: release the card's button, then hold it, and ask again",
  },
  NO_VAULT: { value: 0x69e8, says: "the board has no vault file: flash the image again" },
  CONSENT: {
    value: 0x69e9,
    says: "this card gives its key only when both boards blink the same: no such run stands",
  },
  NO_BUTTON: { value: 0x69ea, says: "on-card consent needs a board with a button and a light" },
  DATA: { value: 0x6a80, says: "the data is malformed" },
  NOT_FOUND: { value: 0x6a82, says: "no such application" },
  P1P2: { value: 0x6a86, says: "wrong P1 or P2" },
  PATH: { value: 0x6a88, says: "no valid key at this path: take the next index" },
  INS: { value: 0x6d00, says: "unknown instruction" },
  CLA: { value: 0x6e00, says: "unknown class" },
} as const;
export type StatusWordName = keyof typeof STATUS_WORDS;

/** Sizes in bytes; those of messages follow from their parts (layout/messages.ts). */
export const SIZES = {
  POINT: UNITS.POINT,
  SIGNATURE: UNITS.SIGNATURE,
  HASH: UNITS.HASH,
  KEY: UNITS.KEY,
  TAG: UNITS.TAG,
  ID: UNITS.ID,
  MAKER_ID: UNITS.MAKER_ID,
  SET_ID: UNITS.SET_ID,
  SALT: UNITS.SALT,
  CERT: CERTIFICATE.size,
  HEADER: UNITS.HEADER,
  OFFER: OFFER.size,
  TRANSFER_HEAD: MESSAGE.at.ENC,
  ENC: ENC.size,
  TRANSFER: MESSAGE.size,
  RECEIPT: UNITS.RECEIPT,
  NODE: UNITS.NODE,
  WRAPPED: UNITS.WRAPPED,
  STATUS: STATUS.size,
  HELLO: HELLO.size,
  LEDGER: LEDGER.size,
  PATH_MAX: PATH_MOST,
  URL_MAX: URL_MOST,
} as const;

/** The most that fits: a frame (base64 of it is the longest line), a command's data, a page. */
export const LIMITS = { FRAME: 537, LINE: 716, DATA: 512, PAGE: 256 } as const;

/** Message types: the third byte of a header (version, suite, type). */
export const TYPES = { OFFER: 1, TRANSFER: 2 } as const;

/**
 * Labels. Each goes in front of what is signed, hashed or derived, as one length byte and its
 * ASCII bytes. No two uses share one.
 */
export const LABELS = {
  ID: "kincard/id/1",
  MAKER: "kincard/maker/1",
  CERT: "kincard/cert/1",
  REQUEST: "kincard/request/1",
  PROOF: "kincard/proof/1",
  LEDGER: "kincard/ledger/1",
  OFFER: "kincard/offer/1",
  TRANSFER: "kincard/transfer/1",
  KTRANS: "kincard/ktrans/1",
  KRECEIPT: "kincard/kreceipt/1",
  RECEIPT: "kincard/receipt/1",
  HELLO: "kincard/hello/1",
  KHELLO: "kincard/khello/1",
  CHANNEL: "kincard/channel/1",
  KTOCARD: "kincard/ktocard/1",
  KTOHOST: "kincard/ktohost/1",
  CODE: "kincard/code/1",
  RNG_BYTES: "kincard/rng-bytes/1",
  RNG_STATE: "kincard/rng-state/1",
  CONSENT: "kincard/consent/1",
  PATTERN: "kincard/pattern/1",
} as const;
export type LabelName = keyof typeof LABELS;

/** Who may ask: anybody; only inside the channel; only inside it after the access code. */
export type Access = "plain" | "channel" | "code";

/** In a state: the states the command may lead to, or the word it is refused with. */
export type Cell = readonly StateName[] | StatusWordName;

export interface Command {
  readonly name: string;
  readonly ins: number;
  readonly access: Access;
  /** Allowed lengths of the (decrypted) data: [least, most]. */
  readonly data: readonly [number, number];
  /** Largest P1; P2 is always 0. */
  readonly p1: number;
  readonly does: string;
  readonly cells: Readonly<Record<StateName, Cell>>;
}

/** Refusals that most commands share, overridden where a command is allowed. */
const REFUSED: Readonly<Record<StateName, Cell>> = {
  BLANK: "BLANK",
  EMPTY: "EMPTY",
  OFFERED: "EMPTY",
  WALLET: "STATE",
  SHARING: "STATE",
  SHARED: "USED",
  COPY: "USED",
  DAMAGED: "DAMAGED",
};
/** Allowed without a change of state in each of `names`. */
function stays(...names: StateName[]): Partial<Record<StateName, Cell>> {
  return Object.fromEntries(names.map((name) => [name, [name]]));
}
const CERTIFIED: StateName[] = ["EMPTY", "OFFERED", "WALLET", "SHARING", "SHARED", "COPY"];
const HOLDERS: StateName[] = ["WALLET", "SHARING", "SHARED", "COPY"];
const cells = (allowed: Partial<Record<StateName, Cell>>) => ({ ...REFUSED, ...allowed });

/**
 * Own instruction bytes, even, 10..4E. SELECT (00 A4) and GET RESPONSE (00 C0) are ISO 7816-4's.
 */
export const COMMANDS = [
  {
    name: "STATUS",
    ins: 0x10,
    access: "plain",
    data: [0, 0],
    p1: 0,
    does: "state, slots, tries and waiting time; no ids",
    cells: cells(stays("BLANK", ...CERTIFIED, "DAMAGED")),
  },
  {
    name: "PERSONALISE",
    ins: 0x12,
    access: "plain",
    data: [0, 0],
    p1: 0,
    does: "makes Kcard on the card; asked again, answers the same request",
    cells: cells({
      BLANK: ["BLANK"],
      EMPTY: "STATE",
      OFFERED: "STATE",
    }),
  },
  {
    name: "CERTIFY",
    ins: 0x14,
    access: "plain",
    data: [SIZES.CERT, SIZES.CERT + SIZES.URL_MAX],
    p1: 0,
    does: "takes Cert_Card over its own Kcard by its own Kmaker and what its NFC tag shows; locks",
    cells: cells({ BLANK: ["EMPTY"], EMPTY: "STATE", OFFERED: "STATE" }),
  },
  {
    name: "CERTIFICATE",
    ins: 0x16,
    access: "plain",
    data: [0, 0],
    p1: 0,
    does: "answers Cert_Card",
    cells: cells(stays(...CERTIFIED)),
  },
  {
    name: "OPEN",
    ins: 0x20,
    access: "plain",
    data: [SIZES.POINT, SIZES.POINT],
    p1: 0,
    does: "opens the authenticated channel",
    cells: cells(stays(...CERTIFIED)),
  },
  {
    name: "SALT",
    ins: 0x22,
    access: "channel",
    data: [0, 0],
    p1: 0,
    does: "a fresh salt for ACTIVATE or CHANGE_CODE",
    cells: cells(stays(...CERTIFIED)),
  },
  {
    name: "CODE",
    ins: 0x24,
    access: "channel",
    data: [32, 32],
    p1: 0,
    does: "checks the stretched access code; unlocks the wallet key for this channel",
    cells: cells(stays(...HOLDERS)),
  },
  {
    name: "CHANGE_CODE",
    ins: 0x26,
    access: "code",
    data: [33, 33],
    p1: 0,
    does: "a new access code for this card alone",
    cells: cells({ ...stays("WALLET", "SHARED", "COPY"), SHARING: "STATE" }),
  },
  {
    name: "ACTIVATE",
    ins: 0x28,
    access: "channel",
    data: [33, 33],
    p1: 0,
    does: "makes the wallet key and the set id",
    cells: cells({ EMPTY: ["WALLET"], OFFERED: ["WALLET"] }),
  },
  {
    name: "NAME_SOURCE",
    ins: 0x30,
    access: "channel",
    data: [32, 32],
    p1: 0,
    does: "tells a destination its source's id and set id; makes the OFFER",
    cells: cells({ EMPTY: ["OFFERED"], OFFERED: ["OFFERED"], WALLET: "STATE", SHARING: "STATE" }),
  },
  {
    name: "OFFER",
    ins: 0x32,
    access: "plain",
    data: [0, 0],
    p1: 0,
    does: "answers the stored OFFER",
    cells: cells(stays("OFFERED")),
  },
  {
    name: "NAME_DESTINATIONS",
    ins: 0x34,
    access: "code",
    data: [17, 33],
    p1: 0,
    does: "tells the source the set size and the ids it may seal to in this channel",
    cells: cells(stays("WALLET", "SHARING")),
  },
  {
    name: "SEAL",
    ins: 0x36,
    access: "plain",
    data: [SIZES.OFFER, SIZES.OFFER],
    p1: 0,
    does: "takes an OFFER, answers the TRANSFER for it",
    cells: cells({ WALLET: ["SHARING"], SHARING: ["SHARING"] }),
  },
  {
    name: "ACCEPT",
    ins: 0x38,
    access: "plain",
    data: [SIZES.TRANSFER, SIZES.TRANSFER],
    p1: 0,
    does: "takes a TRANSFER, answers the RECEIPT; a COPY answers the same again",
    cells: cells({ OFFERED: ["COPY"], COPY: ["COPY"] }),
  },
  {
    name: "CONFIRM",
    ins: 0x3a,
    access: "plain",
    data: [32, 32],
    p1: 0,
    does: "takes a RECEIPT: the slot is confirmed, its TRANSFER forgotten",
    cells: cells({ SHARING: ["SHARING", "SHARED"] }),
  },
  {
    name: "FINISH",
    ins: 0x3c,
    access: "code",
    data: [0, 0],
    p1: 1,
    does: "closes the set for good; P1 = 1: although a sealed copy is unconfirmed",
    cells: cells({ SHARING: ["SHARED"] }),
  },
  {
    name: "CANCEL",
    ins: 0x3e,
    access: "channel",
    data: [0, 0],
    p1: 0,
    does: "drops an offer",
    cells: cells({ OFFERED: ["EMPTY"] }),
  },
  {
    name: "PUBLIC_KEY",
    ins: 0x40,
    access: "code",
    data: [1, 33],
    p1: 0,
    does: "public key, chain code and parent's public key at a BIP32 path",
    cells: cells(stays(...HOLDERS)),
  },
  {
    name: "SIGN",
    ins: 0x42,
    access: "code",
    data: [33, 65],
    p1: 0,
    does: "signs a 32-byte digest with the key at a BIP32 path",
    cells: cells(stays(...HOLDERS)),
  },
  {
    name: "PROVE",
    ins: 0x44,
    access: "channel",
    data: [32, 32],
    p1: 0,
    does: "Kcard's signature over a challenge: proof of being genuine",
    cells: cells(stays(...CERTIFIED)),
  },
  {
    name: "LEDGER",
    ins: 0x46,
    access: "code",
    data: [32, 32],
    p1: 0,
    does: "the signed copy ledger",
    cells: cells(stays(...HOLDERS)),
  },
  {
    name: "RESEND",
    ins: 0x48,
    access: "code",
    data: [0, 0],
    p1: 1,
    does: "answers the stored TRANSFER of the sealed slot P1, byte for byte",
    cells: cells(stays("SHARING")),
  },
  {
    name: "CONSENT",
    ins: 0x4a,
    access: "channel",
    data: [32, 32],
    p1: 1,
    does: "one half (P1) of what makes source and destination blink the same pattern",
    cells: cells(stays("OFFERED", "WALLET", "SHARING")),
  },
  {
    name: "RESET",
    ins: 0x4e,
    access: "channel",
    data: [0, 0],
    p1: 0,
    does: "factory reset, by the access code or a gesture on the board's button",
    cells: cells({
      EMPTY: ["EMPTY"],
      OFFERED: ["EMPTY"],
      WALLET: ["EMPTY"],
      SHARING: ["EMPTY"],
      SHARED: ["EMPTY"],
      COPY: ["EMPTY"],
    }),
  },
] as const satisfies readonly Command[];
export type CommandName = (typeof COMMANDS)[number]["name"];

/** Classes: plain, and inside the channel; bit 10 = command chaining (ISO 7816-4 5.3.3). */
export const CLA = { ISO: 0x00, PLAIN: 0x80, CHANNEL: 0x84, CHAIN: 0x10 } as const;
export const INS_SELECT = 0xa4;
export const INS_GET_RESPONSE = 0xc0;

/**
 * Bluetooth LE: the card's own GATT service, and what carries bytes each way (docs/protocol.md 9).
 */
export const GATT = {
  SERVICE: "6b696e63-6172-4400-8000-000000000001",
  TO_CARD: "6b696e63-6172-4400-8000-000000000002",
  FROM_CARD: "6b696e63-6172-4400-8000-000000000003",
} as const;
/**
 * Bytes of one packet, its head included: what every connection carries, what the host tries, and
 * the most on any.
 */
export const GATT_BYTES = { LEAST: 20, TRIED: 50, MOST: 128 } as const;
/**
 * A packet begins with one byte: how many of its frame are still to come, and FIRST in the first of
 * a frame; or GO_ON alone, whatever follows. WINDOW: so many leave before the other side speaks.
 */
export const PACKET = { FIRST: 0x80, GO_ON: 0x7f, WINDOW: 6 } as const;

/** Access-code tries: so many are free, then 2 s, 4 s, ... up to the cap. */
export const TRIES = { FREE: 4, FIRST_DELAY_S: 2, CAP_S: 600 } as const;
/** Offers dropped without a button: so many are free, then the same doubling. */
export const DROPS_FREE = 2;
/** scrypt cost (log2 N) that a card takes; r = 8, p = 1. */
export const SCRYPT = { LEAST: 10, MOST: 20, DEFAULT: 15 } as const;
/**
 * Seconds that the button is held for a reset, for a drop and for SEAL with on-card consent, and
 * after which it is too late (for SEAL, the run's end).
 */
export const GESTURE = { RESET_S: 5, DROP_S: 1, SEAL_S: 2, WITHIN_S: 30 } as const;
/** What the maker may add to `suite` in a certificate, and signs (docs/protocol.md 14). */
export const OPTIONS = { CONSENT: 0x80 } as const;
/**
 * On-card consent (docs/protocol.md 14): seconds of a run, and after power-up until the first;
 * digits of the pattern and how many values each has; ticks a second.
 */
export const CONSENT = { RUN_S: 60, BOOT_S: 10, DIGITS: 8, VALUES: 3, TICKS: 5 } as const;
/** The channel ends after so many seconds without a command in it. */
export const IDLE_S = 60;
/** Flags of STATUS. */
export const FLAGS = {
  DEMO: 1,
  BUTTON: 2,
  NO_VAULT: 4,
  RNG_FAILED: 8,
  ARMED: 16,
  CONSENT: 32,
} as const;
