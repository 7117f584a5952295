/**
 * The arena: one flat buffer, allocated once at boot, that the card and the native kernel share
 * (docs/architecture.md). This file is its map; every offset is a multiple of 4 unless it says so.
 *
 * Nothing else on the card holds bytes for longer than a statement. What a command leaves in DATA,
 * SCRATCH and the record's secrets is zeroed when the command ends.
 */

/**
 * The record: what the vault keeps, byte for byte as it lies in flash (docs/protocol.md has no part
 * in it: it never leaves the card). The secrets sit together in the last 512-byte block, so that
 * zeroing them stays within the chip's write limit (181 words a block on an nRF52832).
 */
export const enum Rec {
  CRC = 0,
  SEQ = 4,
  FORMAT = 8,
  STATE = 9,
  N = 10,
  K = 11,
  DROPS = 12,
  MISSES = 13,
  HAS_KCARD = 14,
  ID = 20,
  KCARD_PUB = 36,
  CERT = 100,
  /** Length [1] and payload of the NDEF URI record that CERTIFY brought (not aligned). */
  URL = 204,
  SET_ID = 252,
  SOURCE_ID = 268,
  H_TRANSFER = 284,
  RECEIPT = 316,
  OFFER = 348,
  SLOTS = 584,
  SECRETS = 1536,
  KCARD = 1536,
  WRAPPED = 1568,
  SALT = 1648,
  COST = 1664,
  KLINK = 1668,
  KRECEIPT = 1700,
  SIZE = 1764,
  COMMIT = 1764,
  /** In flash only: the commit word once more, for one that may be weak. */
  AGAIN = 1768,
  END = 1768,
}
/** What a factory reset forgets of the public part: from here up to the secrets. */
export const enum Forget {
  FROM = 252,
  LENGTH = 1284,
  SECRETS_FROM = 1568,
  SECRETS_LENGTH = 196,
}

/** One destination's slot inside the record; two of them from Rec.SLOTS. */
export const enum SlotAt {
  STATE = 0,
  KCARD = 4,
  KLINK = 40,
  H_TRANSFER = 76,
  TRANSFER = 108,
  SIZE = 476,
}

/** Where parts of OFFER and TRANSFER begin (docs/protocol.md section 6); not aligned. */
export const enum Msg {
  CERT = 3,
  KCARD = 9,
  KLINK = 106,
  NAMES = 139,
  SIGNATURE = 171,
  ENC = 235,
}

/** The arena. MSG, RAW and the frame share one place: each is done when the next begins. */
export const enum At {
  REC = 0,
  /** A received frame, then the handler's message to hash, then the answer to send. */
  FRAME = 1768,
  MSG = 1768,
  /** The answer's first byte; the frame's seq is the byte before it. */
  TX = 1772,
  /** Command data, collected over chained parts and decrypted in place. */
  DATA = 2304,
  /** The handler's answer. */
  OUT = 2832,
  /** The channel: key 32, nonce 12, aad 4 for each direction, as seal and open want them. */
  RX = 3360,
  TXKEY = 3408,
  /** Header and tag of the last command in the channel, for a resend. */
  LAST = 3456,
  /** Kpriv and chain code while the access code holds. */
  NODE = 3476,
  /** The fresh salt of SALT as the info of lock: 1E, label, salt; 31 bytes used. */
  NEW_SALT = 3540,
  /** Named destinations: n, count, two ids from +4. */
  NAMED = 3572,
  SESSION = 3360,
  SESSION_LENGTH = 248,
  /** The random number generator: pool, health state. */
  POOL = 3608,
  HEALTH = 3640,
  KMAKER_PUB = 3656,
  MAKER_ID = 3720,
  LABELS = 3724,
  /** Secrets in the making; zeroed with DATA after every command. */
  SCRATCH = 4080,
  POINT = 4080,
  POINT2 = 4144,
  KEY = 4208,
  SHARED = 4240,
  HASH = 4272,
  HASH2 = 4304,
  HASH3 = 4336,
  SIG = 4368,
  /** An AEAD block: key 32, nonce 12, aad 32. */
  BLOCK = 4436,
  CHILD = 4512,
  INFO = 4576,
  /** RNG input: label 20, raw samples 64. */
  RAW = 4608,
  SCRATCH_LENGTH = 612,
  /** The NFC tag's memory (wire/mailbox.ts) and the zeros that a READ near its end runs into. */
  TAG = 4692,
  TAG_LENGTH = 640,
  SIZE = 5332,
}
/** Places in the tag's memory, from its pages. */
export const enum Tag {
  LOCK = 4702,
  CC = 4704,
  NDEF = 4708,
  NDEF_LENGTH = 64,
  STATUS = 4772,
  HEAD = 4788,
  /** Of the request: high byte of the length, then seq right before the APDU. */
  LENGTH = 4793,
  SEQ = 4795,
  REQUEST = 4796,
  REQUEST_LENGTH = 264,
  ANSWER = 5060,
  ANSWER_LENGTH = 260,
}
export const enum Limit {
  FRAME = 536,
  DATA = 512,
  DATA_REGION = 528,
  PAGE = 256,
}
