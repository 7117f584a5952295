/**
 * The mailbox in the tag's memory: a request is written page by page, its head last; the work begins
 * a little after the acknowledgement, whether the reader stays or not; the answer waits until the
 * next request, or 30 s after the field went (docs/protocol.md section 9, NFC).
 *
 * Field loss ends the channel, nothing else: an accepted request still runs.
 */
import { At, Tag } from "../board/arena.js";
import { A, crc, later, now, put, W } from "../board/board.js";
import { copy, zero } from "../board/kernel.js";
import { execute } from "../card/dispatch.js";
import { Busy, BUSY, Cla, Ins, Mailbox, MailboxState, MailboxStatus } from "../wire/generated.js";
import { Claim, claim, Field, release } from "./owner.js";

/** The mailbox as a link (owner.ts). */
let field = 0;
let lostAt = 0;
/** 1 while a timer will look at the mailbox: one, however often the field comes and goes. */
let timing = 0;

/** Says EMPTY and forgets every byte of the last request and answer. */
export function emptyMailbox(): void {
  zero(Tag.STATUS, At.SIZE - Tag.STATUS);
  put("KC\x01", Tag.STATUS);
}

/** The loss before it may not have been heard: a full event queue drops it. */
export function fieldThere(): void {
  field = 1;
  release(Field.LINK);
}
export function fieldGone(): void {
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
 * CRC) has its answer; any other is busy from now on, and executed when the reader had time to read so.
 */
export function go(): void {
  // Word of its coming may have got lost, as of its going.
  field = 1;
  const state = A[Tag.STATUS + MailboxStatus.STATE];
  const sum = W[Tag.HEAD >> 2];
  if (
    state === MailboxState.ANSWER &&
    sum === W[(Tag.STATUS + MailboxStatus.REQUEST_CRC) >> 2] &&
    A[Tag.SEQ] === A[Tag.STATUS + MailboxStatus.SEQ]
  )
    return;
  let busy: number = Busy.ELSE;
  if (!(A[Tag.REQUEST] & Cla.CHAIN))
    busy = BUSY.charCodeAt((A[Tag.REQUEST + 1] - Ins.FIRST) >> 1) || busy;
  // seq, estimate, no answer yet
  W[(Tag.STATUS + MailboxStatus.SEQ) >> 2] = A[Tag.SEQ] | (busy << 8);
  W[(Tag.STATUS + MailboxStatus.REQUEST_CRC) >> 2] = sum;
  W[(Tag.STATUS + MailboxStatus.ANSWER_CRC) >> 2] = 0;
  A[Tag.STATUS + MailboxStatus.STATE] = MailboxState.BUSY;
  later(work, Mailbox.START_MS / 1000);
}

/** Executes the request in the mailbox. Flat: what it calls may nest five deep. */
function work(): void {
  const length = (A[Tag.LENGTH] << 8) | A[Tag.LENGTH + 1];
  let state = MailboxState.BAD;
  if (length && length <= Mailbox.REQUEST_MOST && big(Tag.HEAD) === (crc(Tag.SEQ, length + 1) | 0))
    state = claim(Field.LINK) === Claim.REFUSED ? MailboxState.REFUSED : MailboxState.ANSWER;
  zero(Tag.ANSWER, Tag.ANSWER_LENGTH);
  if (state === MailboxState.ANSWER) {
    copy(At.FRAME + 1, Tag.REQUEST, length);
    zero(Tag.REQUEST, Tag.REQUEST_LENGTH);
    // With extended Lc the answer might not fit: LENGTH, as for three bytes.
    answer(execute(At.FRAME + 1, length > 5 && !A[At.FRAME + 5] ? 3 : length));
    // The channel ends with the field, also one that was opened when the field had gone.
    if (!field) release(Field.LINK);
  }
  A[Tag.STATUS + MailboxStatus.STATE] = state;
}

/** Puts `length` bytes at TX into the mailbox, with their CRC. */
function answer(length: number): void {
  A[At.TX - 1] = A[Tag.SEQ];
  const sum = crc(At.TX - 1, length + 1);
  const at = Tag.STATUS + MailboxStatus.ANSWER_CRC;
  copy(Tag.ANSWER, At.TX, length);
  A[Tag.STATUS + MailboxStatus.LENGTH] = length >> 8;
  A[Tag.STATUS + MailboxStatus.LENGTH + 1] = length;
  A[at] = sum >> 24;
  A[at + 1] = sum >> 16;
  A[at + 2] = sum >> 8;
  A[at + 3] = sum;
}

/** The 32 bits at `at`, high byte first. */
function big(at: number): number {
  return (A[at] << 24) | (A[at + 1] << 16) | (A[at + 2] << 8) | A[at + 3];
}
