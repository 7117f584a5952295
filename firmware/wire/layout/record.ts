/**
 * The vault on flash (design: Flash; docs/architecture.md). Two banks of 4 KB inside one Storage
 * file. Exactly one holds a committed record; at rest the other is blank. In each lie
 *
 *   record   RECORD below, with the count of misses up to it, then two commit words
 *   log      the tries of the access code since that record: one word an event
 *
 * A transition is one commit: write the record to the blank bank, read it back, write the first
 * commit word and the second, kill the old record (both commit words, then its secrets, which must
 * read as zeros). Then the answer leaves. The old bank is erased and looked over later: when the
 * card has nothing to do, before the next commit at the latest, or at the boot after a cut. A cut
 * anywhere leaves either the old record or the new one. Invariants I6, I7, I8, I10 rest on this.
 *
 * At boot a bank is committed if either word says so, and the higher sequence number wins: a
 * flipped bit in one word loses nothing. A word that was cut half-way may read differently the next
 * time. So a winner without its second word gets it before the loser goes, and a second word that
 * was cut tells that the first is solid. Where no word says so, a whole record that is not BLANK
 * was committed once: no cut leaves such a one, and the card stops as DAMAGED and erases nothing.
 * The first commit after a boot erases its bank again, since an erase that was cut may only seem
 * complete. No word is written more than twice between erases (an nRF52840 allows no more), but for
 * commit words, whose kill is written again when it was cut, and a word of the log in which two
 * cuts meet.
 *
 * Words of the log: chosen so that a torn TRY can never read as CLEAR or PROVED (it would need bits
 * to rise), nor a torn CLEAR as PROVED, and that a torn one of these still counts as a try. A torn
 * PROVED may read as CLEAR: it was a right code.
 */
import { CERTIFICATE, LOCKED, MESSAGE, OFFER, PLACE, UNITS, URL_MOST } from "./messages.js";
import { bytes, group, layout, room, words } from "./structure.js";

const { POINT, HASH, ID, SET_ID } = UNITS;
const byte = bytes(1);

/** The chip's limit of writes between erases counts for blocks of this size. */
const BLOCK = 512;

/** One destination's slot inside the record; there are two. */
export const SLOT = layout("SlotAt", {
  STATE: byte,
  KCARD: bytes(POINT),
  KLINK: bytes(POINT),
  /** Of the OFFER that was sealed to: an older one is never sealed to again. */
  COUNTER: bytes(UNITS.COUNTER),
  H_TRANSFER: words(HASH),
  TRANSFER: words(MESSAGE.size),
});
export const SLOT_COUNT = 2;

/**
 * The record: what the vault keeps, byte for byte as it lies in flash (docs/protocol.md has no part
 * in it: it never leaves the card). The secrets sit together in a 512-byte block of their own, so
 * that zeroing them stays within the chip's write limit (181 words a block on an nRF52832).
 *
 * A change raises FORMAT.
 */
export const RECORD = layout("Rec", {
  /** Over everything from SEQ up to COMMIT. */
  CRC: words(4),
  SEQ: words(4),
  FORMAT: byte,
  STATE: byte,
  PLACE: group(PLACE),
  DROPS: byte,
  MISSES: byte,
  HAS_KCARD: byte,
  /** In COPY: the access code has once unlocked what was accepted, so its user counts on it. */
  PROVED: byte,
  /** OFFERs made in the card's life. */
  COUNTER: words(UNITS.COUNTER),
  ID: words(ID),
  KCARD_PUB: words(64),
  CERT: words(CERTIFICATE.size),
  /** Of the NDEF URI record that CERTIFY brought. */
  URL: group({ URL_LENGTH: words(1), URL_TEXT: bytes(URL_MOST) }),
  /** What a factory reset forgets of the public part. */
  WALLET: group({
    SET_ID: words(SET_ID),
    SOURCE_ID: words(ID),
    H_TRANSFER: words(HASH),
    RECEIPT: words(UNITS.RECEIPT),
    OFFER: words(OFFER.size),
    SLOTS: room(SLOT, SLOT_COUNT),
  }),
  SECRETS: group(
    {
      KCARD: words(UNITS.KEY),
      /** What a factory reset forgets of the secrets. */
      WALLET_SECRETS: group({
        LOCKED: group(LOCKED, 4),
        KLINK: words(UNITS.KEY),
        KRECEIPTS: words(SLOT_COUNT * UNITS.KEY),
      }),
    },
    BLOCK,
  ),
  COMMIT: words(4),
});

/** A bank of the vault. */
export const BANK = layout(
  "Bank",
  {
    /** Record and log: what a commit looks over after an erase, whole blocks. */
    USED: group({
      RECORD: room(RECORD),
      /** The commit word once more, for one that may be weak; in flash only. */
      AGAIN: words(4),
      /** In blocks of its own, so that neither's writes count for the other's limit. */
      LOG: words(2 * BLOCK, BLOCK),
    }),
  },
  4096,
);
/** The numbers of the vault that are no places. */
export const VAULT = {
  /** The record's layout. A card whose record has another one stops and leaves it as it is. */
  FORMAT: 5,
  COMMITTED: 0x4b434152,
};
/**
 * The record in pieces, lengths in bytes: each is one write, and one that is all zeros is not
 * written. So it is read back: a piece that is erased stands for zeros.
 */
const slotAt = (index: number) => RECORD.at.SLOTS + index * SLOT.size;
const cuts = [
  ...[0, RECORD.at.OFFER],
  ...[0, 1].flatMap((index) => [slotAt(index), slotAt(index) + SLOT.at.TRANSFER]),
  ...[slotAt(SLOT_COUNT), RECORD.at.SECRETS, RECORD.at.COMMIT],
];
export const PIECES = cuts
  .slice(1)
  .map((end, index) => end - cuts[index]!)
  .filter((length) => length > 0);
export const LOG = {
  BYTES: BANK.sizes.LOG,
  WORDS: BANK.sizes.LOG / 4,
  FREE: -1,
  TRY: -65536, // FFFF0000
  CLEAR: 0x0000ffff,
  /** A right code for a key that is one: clears, and a COPY's user counts on it from then on. */
  PROVED: 0x0000ff0f,
  SOLID: -16711936, // FF00FF00, at a boot: the word before it counts as a try, however it reads
  /** A try needs this many free words; at twice as many the record is committed anew. */
  RESERVE: 8,
};

/** What the vault's rules ask of the places above: [rule, whether it holds]. */
export const VAULT_RULES: readonly (readonly [string, boolean])[] = [
  [
    "the secrets and both commit words lie in one block",
    Math.floor(RECORD.at.SECRETS / BLOCK) === Math.floor((BANK.at.AGAIN + 3) / BLOCK),
  ],
  ["the commit words follow each other", BANK.at.AGAIN === RECORD.at.COMMIT + 4],
  ["record and log are whole blocks", BANK.sizes.USED % BLOCK === 0],
  [
    "a piece is whole words, and what flash is read back in holds it",
    PIECES.every((length) => length % 4 === 0 && length <= BLOCK),
  ],
];
