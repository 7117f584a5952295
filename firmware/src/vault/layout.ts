/**
 * The vault on flash (design: Flash; docs/architecture.md). Two banks of 4 KB inside one Storage
 * file. At rest exactly one holds a committed record and the other is blank. In each lie
 *
 *   record   as board/arena.ts lays it out, with the count of misses up to it, then two commit words
 *   log      the tries of the access code since that record: one word an event
 *
 * A transition is one commit: write the record to the blank bank, read it back, write the first
 * commit word, then destroy the old bank (kill its commit words, zero its secrets, erase, check). A
 * cut anywhere leaves either the old record or the new one. Invariants I6, I7, I8, I10 rest on this.
 *
 * At boot a bank is committed if either word says so, and the higher sequence number wins. A word
 * that was cut half-way may read differently the next time. So when both banks are committed, or
 * the only record is the first ever, the winner gets its second commit word before the loser goes;
 * and the first commit after a boot erases its bank again, since an erase that was cut may only
 * seem complete. No word is written more than twice between erases (an nRF52840 allows no more),
 * but for commit words, whose kill is written again when it was cut, and a word of the log in which
 * two cuts meet.
 *
 * Words of the log: chosen so that a torn TRY can never read as CLEAR (it would need bits to rise)
 * and a torn CLEAR still counts as a try.
 */
export const enum Bank {
  SIZE = 4096,
  /** The record's layout. A card whose record has another one stops and leaves it as it is. */
  FORMAT = 3,
  COMMITTED = 0x4b434152,
  WRITE = 512,
  /** Record and log: what a commit looks over after an erase, a multiple of 512. */
  USED = 3072,
}
export const enum Log {
  /** In its bank; blocks of its own, so that neither's writes count for the other's limit. */
  OFFSET = 2048,
  BYTES = 1024,
  WORDS = 256,
  FREE = -1,
  TRY = -65536, // FFFF0000
  CLEAR = 0x0000ffff,
  SOLID = -16711936, // FF00FF00, at a boot: the word before it counts as a try, however it reads
  /** A try needs this many free words; at twice as many the record is committed anew. */
  RESERVE = 8,
}
export const enum VaultState {
  OK = 0,
  NONE = 1,
  DAMAGED = 2,
}
