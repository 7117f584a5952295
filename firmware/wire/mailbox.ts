/**
 * The NFC tag's memory and its mailbox (docs/protocol.md section 9, NFC): where everything lies,
 * and how long each command may keep the card busy. The card and whoever reads it share this table.
 *
 * Pages are 4 bytes (NFC Forum Type 2 Tag); READ gets four of them, hence the groups of four.
 */
import { bytes, group, layout, pinned, words, type Shape } from "./layout/structure.js";
import type { CommandName } from "./table.js";

export const MAILBOX = {
  /** UID and lock bytes 0-2, capability container 3. */
  CC_PAGE: 3,
  /** 64 bytes: all that an NDEF reader sees. */
  NDEF_PAGE: 4,
  STATUS_PAGE: 20,
  /** CRC32 over seq and APDU; then 00, length [2], seq. Writing the second is the "go". */
  HEAD_PAGE: 24,
  GO_PAGE: 25,
  /** A short APDU, at most 261 bytes. */
  REQUEST_PAGE: 26,
  /** Data and status word, at most 258 bytes. */
  ANSWER_PAGE: 92,
  /** The last page; reading on gives zeros. */
  LAST_PAGE: 156,
  REQUEST_MOST: 261,
  /** "KC" */
  MAGIC: 0x4b43,
  VERSION: 1,
  /** Units of the status page's estimate. */
  BUSY_MS: 10,
  /** From the acknowledgement of "go" to the work: time to read the status. */
  START_MS: 15,
  /** After field loss the mailbox is emptied. */
  KEEP_S: 30,
  /** Bytes of one frame, CRC not counted: the interpreter drops what is beyond. */
  FRAME_MOST: 61,
  /** Pages of the longest FAST_READ (the driver sends 255 bytes) and of the longest WRITE. */
  READ_MOST: 63,
  WRITE_MOST: 14,
} as const;

/** The status page. */
const STATUS_PAGE = layout("MailboxStatus", {
  MAGIC: bytes(2),
  VERSION: bytes(1),
  STATE: bytes(1),
  SEQ: words(1),
  BUSY: bytes(1),
  LENGTH: bytes(2),
  REQUEST_CRC: words(4),
  ANSWER_CRC: words(4),
});
/** Places in its 16 bytes. */
export const MAILBOX_STATUS = STATUS_PAGE.at;

const page = (number: number, shape: Shape) => pinned(4 * number, shape);
/** The tag's memory, byte by byte: what lies in the pages. */
export const TAG_MEMORY = layout("Tag", {
  /** Id and check bytes, internal byte. */
  ID: words(10),
  LOCK: bytes(2),
  CC: page(MAILBOX.CC_PAGE, words(4)),
  NDEF: page(MAILBOX.NDEF_PAGE, words(64)),
  STATUS: page(MAILBOX.STATUS_PAGE, words(STATUS_PAGE.size)),
  HEAD: page(MAILBOX.HEAD_PAGE, words(4)),
  GO: page(MAILBOX.GO_PAGE, group({ ZERO: bytes(1), LENGTH: bytes(2), SEQ: bytes(1) }, 4)),
  /** Right behind its seq: one CRC covers both. */
  REQUEST: page(MAILBOX.REQUEST_PAGE, words(4 * (MAILBOX.ANSWER_PAGE - MAILBOX.REQUEST_PAGE))),
  ANSWER: page(MAILBOX.ANSWER_PAGE, words(4 * (MAILBOX.LAST_PAGE + 1 - MAILBOX.ANSWER_PAGE))),
  /** What a READ near the end runs into. */
  ZEROS: words(12),
});

export const MAILBOX_STATES = {
  EMPTY: { value: 0, means: "no request, or its answer is forgotten" },
  BUSY: { value: 1, means: "the request was taken; writes are refused until its answer is there" },
  ANSWER: { value: 2, means: "the answer to the request of this seq and CRC lies from page 92 on" },
  BAD: { value: 3, means: "the request's CRC or length is wrong: nothing was executed" },
  REFUSED: { value: 4, means: "another link holds the card's channel: nothing was executed" },
} as const;

/** Commands of a tag, NFC Forum Type 2 Tag and NTAG21x (NXP); READ answers 16 bytes. */
export const TAG = { READ: 0x30, FAST_READ: 0x3a, WRITE: 0xa2, ACK: 0xa, NAK: 0x0 } as const;

/**
 * How long a command keeps the card busy, in tens of milliseconds, rounded up: what the emulated
 * chip needs from the go's delay on, a quarter added to the processor's part (1.6 cycles an
 * instruction), the flash at its longest times. NAME_SOURCE and ACCEPT begin a visit, and find the
 * spare bank erased (eraseSpare); SEAL and CONFIRM come twice in one. What takes a path is said for
 * eight levels. A card that needs longer is silent to a frame more, and nothing else.
 */
export const MAILBOX_BUSY: Readonly<Record<CommandName, number>> = {
  STATUS: 4,
  PERSONALISE: 25,
  CERTIFY: 25,
  CERTIFICATE: 4,
  OPEN: 7,
  SALT: 4,
  CODE: 5,
  CHANGE_CODE: 20,
  ACTIVATE: 26,
  NAME_SOURCE: 11,
  OFFER: 4,
  NAME_DESTINATIONS: 4,
  SEAL: 26,
  RESEND: 5,
  ACCEPT: 12,
  CONFIRM: 18,
  FINISH: 18,
  CANCEL: 18,
  PUBLIC_KEY: 17,
  SIGN: 17,
  PROVE: 9,
  LEDGER: 6,
  CONSENT: 6,
  RESET: 25,
};
/** The same for one part of a chain, SELECT, GET RESPONSE and what is no command. */
export const MAILBOX_BUSY_ELSE = 3;
