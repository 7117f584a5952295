/**
 * The access-code try counter (I8): one word is written before a code is checked, another after a
 * right one. firmware/wire/layout/record.ts says why a cut never lowers the count. The tries since
 * the last right code, 255 at most, stand in the arena's record; the record in flash has those up
 * to its commit.
 */
import { bytes, now, putShort, words } from "../board/board.js";
import { flashRead, flashWrite } from "../board/flash.js";
import type { Address, Answer, Flag, StatusWord } from "../types.js";
import { Tries } from "../wire/generated.js";
import { filled } from "../wire/kernel.js";
import { At, Bank, Log, Miss, Rec } from "../wire/layout.js";
import { bank, commit } from "./vault.js";

/** The bank's log, index of its next free word, and when the next try is taken. */
let log: Address = 0;
let next = 0;
let notBefore = 0;

/** Waits end a millisecond early: with fractions added up, 600 s would be told as 601. */
export const enum Early {
  S = 0.001,
}
/** Seconds to wait after `count` misses when `free` of them cost nothing. */
export function delay(count: number, free: number): number {
  if (count < free) return 0;
  if (count > free + 8) return Tries.CAP_S;
  const seconds = Tries.FIRST_DELAY_S << (count - free);
  return seconds > Tries.CAP_S ? Tries.CAP_S : seconds;
}
/** Whole seconds until the next try is taken. */
export function waiting(): number {
  if (bytes[At.REC + Rec.MISSES] < Tries.FREE) return 0;
  return Math.max(0, Math.ceil(notBefore - now()));
}
/** Data of WRONG_CODE and WAIT: a count and seconds to wait. */
export function waitAnswer(word: StatusWord, count: number, seconds: number): Answer {
  bytes[At.OUT + Miss.COUNT] = count;
  putShort(At.OUT + Miss.SECONDS, seconds);
  return ((Miss.SIZE << 16) | word) as Answer;
}
function startDelay(): void {
  notBefore = now() - Early.S + delay(bytes[At.REC + Rec.MISSES], Tries.FREE);
}

/**
 * Writes the next word, checked. A word that a cut left half-written may refuse it: then the one
 * after it is taken, and the spoilt one counts as a try. 0 if flash failed. Uses MSG.
 */
function append(value: number): Flag {
  let tries = 3;
  while (tries--) {
    words[At.MSG >> 2] = value;
    flashWrite(At.MSG, log + 4 * next, 4);
    flashRead(At.MSG, log + 4 * next, 4);
    next++;
    if (words[At.MSG >> 2] === value) return 1;
  }
  return 0;
}

/** A COPY's user counts on it, and the drops before do not count any more. */
function proved(): void {
  bytes[At.REC + Rec.PROVED] = 1;
  bytes[At.REC + Rec.DROPS] = 0;
}

/** Reads the log at boot. The waiting time starts again, in full. */
export function triesStart(): void {
  log = bank + Bank.LOG;
  flashRead(At.LOG, log, Log.BYTES);
  // A new log needs no search, which costs 2,000 instructions a word.
  next = filled(At.LOG, Log.BYTES, 255)
    ? 0
    : words.subarray(At.LOG >> 2, (At.LOG >> 2) + Log.WORDS).indexOf(Log.FREE);
  if (next < 0) next = Log.WORDS;
  else if (!filled(At.LOG + 4 * next, Log.BYTES - 4 * next, 255)) {
    // A word that no write reached, or that a cut left weak, reads as free and hides nothing.
    next = Log.WORDS;
    while (words[(At.LOG >> 2) + next - 1] === Log.FREE) next--;
  }
  let i = next;
  const last = words[(At.LOG >> 2) + next - 1];
  let count = 0;
  while (i > 0) {
    const word = words[(At.LOG >> 2) + --i];
    if (word === Log.CLEAR || word === Log.PROVED) i = -1;
    else {
      count++;
      // It speaks for the word before it, however that reads today.
      if (word === Log.SOLID && i > 0) i--;
    }
  }
  // No right code since the record: its own misses count too.
  if (!i) count += bytes[At.REC + Rec.MISSES];
  bytes[At.REC + Rec.MISSES] = count > 255 ? 255 : count;
  if (next && words.subarray(At.LOG >> 2, (At.LOG >> 2) + next).indexOf(Log.PROVED) >= 0) proved();
  if (
    next > 0 &&
    next < Log.WORDS &&
    last !== Log.CLEAR &&
    last !== Log.PROVED &&
    last !== Log.SOLID
  ) {
    // A torn word must never become CLEAR; a whole TRY can't, and is not written again.
    if (last & 0xffff) {
      words[At.MSG >> 2] = Log.TRY;
      flashWrite(At.MSG, log + 4 * (next - 1), 4);
    }
    append(Log.SOLID);
  }
  startDelay();
}

/** Counts a try, in flash, before it is made. 0: flash failed, the try must not be made. */
export function burnTry(): Flag {
  if (next > Log.WORDS - Log.RESERVE) return 0;
  if (bytes[At.REC + Rec.MISSES] < 255) bytes[At.REC + Rec.MISSES]++;
  startDelay();
  return append(Log.TRY);
}
/**
 * A right code: the count is 0. With `sound` the key that it unlocked is one: that is noted with
 * every such code, since the word of an earlier one may be weak.
 */
export function clearTries(sound: Flag): Flag {
  bytes[At.REC + Rec.MISSES] = 0;
  if (!sound) return append(Log.CLEAR);
  proved();
  return append(Log.PROVED);
}
/**
 * After every command: a new record has a new log; one that is nearly full goes with its record.
 */
export function tidyTries(): void {
  if (log === bank + Bank.LOG && next > Log.WORDS - 2 * Log.RESERVE) {
    commit(bytes[At.REC + Rec.STATE]);
  }
  if (log !== bank + Bank.LOG) {
    log = bank + Bank.LOG;
    next = 0;
  }
}
