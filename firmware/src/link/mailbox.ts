/**
 * The mailbox in the tag's memory: a request is written page by page, its head last; the work
 * begins a little after the acknowledgement, whether the reader stays or not; the answer waits
 * until the next request, or 30 s after the field went (docs/protocol.md section 9, NFC).
 *
 * Field loss ends the channel, nothing else: an accepted request still runs.
 */
import { At, Tag } from "../wire/layout.js";
import { big, bytes, collect, later, now, put, putBig, putShort, words } from "../board/board.js";
import { soon } from "../board/nfc.js";
import { copy, crc, zero } from "../wire/kernel.js";
import { execute } from "../card/dispatch.js";
import { eraseSpare } from "../vault/vault.js";
import type { Flag } from "../types.js";
import { Busy, BUSY, Cla, Ins, Mailbox, MailboxState, MailboxStatus } from "../wire/generated.js";
import { Claim, claim, Field, release } from "./owner.js";

/** The mailbox as a link (owner.ts). */
let field: Flag = 0;
let lostAt = 0;
/** 1 while a timer will look at the mailbox: one, however often the field comes and goes. */
let timing: Flag = 0;

/** Says EMPTY and forgets every byte of the last request and answer. */
export function emptyMailbox(): void {
  zero(Tag.STATUS, At.TAG + At.TAG_SIZE - Tag.STATUS);
  put("KC\x01", Tag.STATUS);
}

/** Said at each selection, in a field that never went too: only its going ends the channel. */
export function fieldThere(): void {
  field = 1;
}
/**
 * Garbage is collected now, and the vault's spare bank erased, for the next visit: a reader that is
 * there waits 4.83 ms at most.
 */
export function fieldGone(): void {
  collect();
  eraseSpare();
  field = 0;
  lostAt = now();
  release(Field.LINK);
  if (!timing) forget();
}
/** Empties the mailbox when the field has been gone for long enough; looks again until then. */
function forget(): void {
  const left = Mailbox.KEEP_S - (now() - lostAt);
  timing = 0;
  if (field) return;
  if (left <= 0) {
    emptyMailbox();
    return;
  }
  timing = 1;
  later(forget, left + 0.01);
}

/**
 * The head was written, and that acknowledged. A request that was answered already (same seq and
 * CRC) has its answer; any other is busy from now on, and executed when the reader had time to read
 * so. A READ right behind it waits for the end of this, and 4.83 ms are all it has.
 */
export function go(): void {
  // Word of its coming may have got lost, as of its going.
  field = 1;
  // The seq first: it differs in nearly every case.
  if (
    bytes[Tag.SEQ] === bytes[Tag.STATUS + MailboxStatus.SEQ] &&
    bytes[Tag.STATUS + MailboxStatus.STATE] === MailboxState.ANSWER &&
    words[Tag.HEAD >> 2] === words[(Tag.STATUS + MailboxStatus.REQUEST_CRC) >> 2]
  )
    return;
  // seq, estimate, no answer yet
  words[(Tag.STATUS + MailboxStatus.SEQ) >> 2] =
    bytes[Tag.SEQ] |
    ((bytes[Tag.REQUEST] & Cla.CHAIN
      ? Busy.ELSE
      : BUSY.charCodeAt((bytes[Tag.REQUEST + 1] - Ins.FIRST) >> 1) || Busy.ELSE) <<
      8);
  words[(Tag.STATUS + MailboxStatus.REQUEST_CRC) >> 2] = words[Tag.HEAD >> 2];
  bytes[Tag.STATUS + MailboxStatus.STATE] = MailboxState.BUSY;
  soon(work, Mailbox.START_MS);
}

/** Executes the request in the mailbox. Flat: what it calls may nest five deep. */
function work(): void {
  const length = (bytes[Tag.LENGTH] << 8) | bytes[Tag.LENGTH + 1];
  let state = MailboxState.BAD;
  if (length && length <= Mailbox.REQUEST_MOST && big(Tag.HEAD) === (crc(Tag.SEQ, length + 1) | 0))
    state = claim(Field.LINK) === Claim.REFUSED ? MailboxState.REFUSED : MailboxState.ANSWER;
  words[(Tag.STATUS + MailboxStatus.ANSWER_CRC) >> 2] = 0;
  zero(Tag.ANSWER, Tag.ANSWER_SIZE);
  if (state === MailboxState.ANSWER) {
    copy(At.APDU, Tag.REQUEST, length);
    zero(Tag.REQUEST, Tag.REQUEST_SIZE);
    // With extended Lc the answer might not fit: LENGTH, as for three bytes.
    answer(execute(At.APDU, length > 5 && !bytes[At.APDU + 4] ? 3 : length));
    // The channel ends with the field, also one that was opened when the field had gone.
    if (!field) release(Field.LINK);
  }
  // The frames that fetch the answer have no time for it.
  collect();
  bytes[Tag.STATUS + MailboxStatus.STATE] = state;
}

/** Puts `length` bytes at TX into the mailbox, with their CRC. */
function answer(length: number): void {
  bytes[At.TX_SEQ] = bytes[Tag.SEQ];
  const sum = crc(At.TX_SEQ, length + 1);
  copy(Tag.ANSWER, At.TX, length);
  putShort(Tag.STATUS + MailboxStatus.LENGTH, length);
  putBig(Tag.STATUS + MailboxStatus.ANSWER_CRC, sum);
}
