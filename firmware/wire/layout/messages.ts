/**
 * What goes over the wire, part by part (docs/protocol.md gives the same messages as formulas, and
 * a test compares the sizes). Nothing in a message is aligned.
 */
import { bytes, group, layout } from "./structure.js";

/** Bytes of what messages are made of. */
export const UNITS = {
  POINT: 33,
  SIGNATURE: 64,
  HASH: 32,
  TAG: 16,
  ID: 16,
  MAKER_ID: 4,
  SET_ID: 16,
  SALT: 16,
  /** A private or a symmetric key. */
  KEY: 32,
  HEADER: 3,
  WRAPPED: 80,
  RECEIPT: 32,
  NODE: 64,
  FIRMWARE: 3,
  /** Of the OFFERs that a card has made. */
  COUNTER: 4,
} as const;
const { COUNTER, POINT, SIGNATURE, HASH, TAG, ID, SET_ID, SALT, HEADER } = UNITS;
const byte = bytes(1);
const suite = { VERSION: byte, SUITE: byte };

/** All before the signature is what the maker signs, and the card when it asks for it. */
export const CERTIFICATE = layout("Cert", {
  ...suite,
  MAKER_ID: bytes(UNITS.MAKER_ID),
  KCARD: bytes(POINT),
  SIGNATURE: bytes(SIGNATURE),
});

/** The wallet key under the stretched code, the code's salt and cost: in ENC and in the record. */
export const LOCKED = { WRAPPED: bytes(UNITS.WRAPPED), SCRYPT: saltAndCost() };
/** A copy's place in its set: size and number. */
export const PLACE = { N: byte, K: byte };
function saltAndCost() {
  return group({ SALT: bytes(SALT), COST: byte });
}

/** Once it is opened, before that with the tag behind it. */
export const ENC = layout("Enc", {
  TEXT: group({ LOCKED: group(LOCKED), SET_ID: bytes(SET_ID), PLACE: group(PLACE) }),
  TAG: bytes(TAG),
});
/** How both messages begin. */
const SENDER = { HEADER: bytes(HEADER), CERT: bytes(CERTIFICATE.size), KLINK: bytes(POINT) };
export const OFFER = layout("Offer", {
  ...SENDER,
  COUNTER: bytes(COUNTER),
  SOURCE: group({ SOURCE_ID: bytes(ID), SET_ID: bytes(SET_ID) }),
  SIGNATURE: bytes(SIGNATURE),
});
/** TRANSFER. */
export const MESSAGE = layout("Msg", {
  HEAD: group({ ...SENDER, OFFER_HASH: bytes(HASH), SIGNATURE: bytes(SIGNATURE) }),
  ENC: bytes(ENC.size),
});
/** The header of both. */
export const HEADER_AT = layout("Head", { ...suite, TYPE: byte });

export const HELLO = layout("Hello", {
  CERT: bytes(CERTIFICATE.size),
  SIGNATURE: bytes(SIGNATURE),
  SCRYPT: saltAndCost(),
});
export const STATUS = layout("Status", {
  ...suite,
  STATE: byte,
  FLAGS: byte,
  N: byte,
  K: byte,
  SLOT_1: byte,
  SLOT_2: byte,
  MISSES: byte,
  DROPS: byte,
  WAIT: bytes(2),
  FIRMWARE: bytes(UNITS.FIRMWARE),
  ABI: byte,
});
export const LEDGER_SLOT = layout("LedgerSlot", {
  STATE: byte,
  ID: bytes(ID),
  H_TRANSFER: bytes(HASH),
});
/** The ledger's body: its signature comes after it. */
export const LEDGER = layout("Ledger", {
  ...suite,
  CHALLENGE: bytes(HASH),
  SET_ID: bytes(SET_ID),
  PUBLIC_KEY: bytes(POINT),
  ID: bytes(ID),
  SOURCE_ID: bytes(ID),
  STATE: byte,
  K: byte,
  N: byte,
  SLOT_1: bytes(LEDGER_SLOT.size),
  SLOT_2: bytes(LEDGER_SLOT.size),
});
/** What CONSENT and the pattern are hashes of: the first two, all three. */
export const RUN = layout("Run", {
  COMMITTED: group({ N_S: bytes(HASH), H_OFFER: bytes(HASH) }),
  N_D: bytes(HASH),
});
/** What PROVE signs. */
export const PROOF = layout("Proof", {
  ...suite,
  CERT: bytes(CERTIFICATE.size),
  CHALLENGE: bytes(HASH),
});

/** Data of commands, where it is more than one thing. */
export const NEW_CODE = layout("NewCode", { COST: byte, STRETCHED: bytes(HASH) });
export const NAMES = layout("Names", {
  N: byte,
  IDS: group({ FIRST: bytes(ID), SECOND: bytes(ID) }),
});
/** A path is a depth and so many indices of 4 bytes. */
export const PATH_MOST = 8;
export const PATH = layout("Path", { DEPTH: byte, INDICES: bytes(4 * PATH_MOST) });
/** CERTIFY: the certificate, then at most this much for the tag. */
export const URL_MOST = 47;

/** Answers, where they are more than one thing: the same of every command with that answer. */
export const MISS = layout("Miss", { COUNT: byte, SECONDS: bytes(2) });
/** PRESENCE: seconds that the button must still be held, and until the act is forgotten. */
export const GESTURE = layout("Gesture", { HOLD: byte, LEFT: byte });
export const SELECTED = layout("Selected", { ...suite, FIRMWARE: bytes(UNITS.FIRMWARE) });
export const REQUEST = layout("Request", { KCARD: bytes(POINT), SIGNATURE: bytes(SIGNATURE) });
export const OPENED = layout("Opened", {
  POINT: bytes(POINT),
  HELLO: bytes(HELLO.size),
  TAG: bytes(TAG),
});
export const ACTIVATED = layout("Activated", { SET_ID: bytes(SET_ID), PUBLIC_KEY: bytes(POINT) });
export const KEY = layout("Key", {
  PUBLIC_KEY: bytes(POINT),
  CHAIN_CODE: bytes(32),
  PARENT: bytes(POINT),
});
export const LEDGER_ANSWER = layout("SignedLedger", {
  BODY: bytes(LEDGER.size),
  SIGNATURE: bytes(SIGNATURE),
});

/** Bytes of each answer with 9000 that is not empty. */
export const ANSWERS = {
  SELECT: SELECTED.size,
  STATUS: STATUS.size,
  PERSONALISE: REQUEST.size,
  CERTIFICATE: CERTIFICATE.size,
  OPEN: OPENED.size,
  SALT,
  ACTIVATE: ACTIVATED.size,
  OFFER: OFFER.size,
  TRANSFER: MESSAGE.size,
  RECEIPT: UNITS.RECEIPT,
  PUBLIC_KEY: KEY.size,
  /** r, s, recovery id. */
  SIGN: SIGNATURE + 1,
  PROVE: SIGNATURE,
  LEDGER: LEDGER_ANSWER.size,
  CONSENT: HASH,
} as const;

export const MESSAGES = [
  ...[CERTIFICATE, ENC, OFFER, MESSAGE, HEADER_AT, HELLO, STATUS, LEDGER, LEDGER_SLOT, PROOF, RUN],
  ...[
    NEW_CODE,
    NAMES,
    PATH,
    MISS,
    GESTURE,
    SELECTED,
    REQUEST,
    OPENED,
    ACTIVATED,
    KEY,
    LEDGER_ANSWER,
  ],
];
