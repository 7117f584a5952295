/**
 * The access-code try counter (I8): one word is written before a code is checked, another after a
 * right one. layout.ts says why a cut never lowers the count.
 */
import { At, Rec } from "../board/arena.js";
import { A, W, now } from "../board/board.js";
import { flashErase, flashRead, flashWrite } from "../board/flash.js";
import { Tries } from "../wire/generated.js";
import { Log } from "./layout.js";
import { commit } from "./vault.js";

let log = 0;
/** Index of the next free word, tries since the last right code, and when the next is taken. */
let next = 1;
export let misses = 0;
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
  return Math.max(0, Math.ceil(notBefore - now()));
}
function startDelay(): void {
  notBefore = now() - Early.S + delay(misses, Tries.FREE);
}

/**
 * Writes the next word, checked. A word that a cut left half-written may refuse it: then the one
 * after it is taken, and the spoilt one counts as a try. 0 if flash failed. Uses MSG.
 */
function append(value: number): number {
  let tries = 3;
  // The epoch word was perhaps cut half-way: solid before anything counts on it.
  if (next === 1) {
    W[At.MSG >> 2] = W[(At.REC + Rec.EPOCH) >> 2];
    flashWrite(At.MSG, log, 4);
  }
  while (tries--) {
    W[At.MSG >> 2] = value;
    flashWrite(At.MSG, log + 4 * next, 4);
    flashRead(At.MSG, log + 4 * next, 4);
    next++;
    if (W[At.MSG >> 2] === value) return 1;
  }
  return 0;
}
/** An empty log under the record's epoch. */
function startEpoch(): void {
  flashErase(log);
  W[At.MSG >> 2] = W[(At.REC + Rec.EPOCH) >> 2];
  flashWrite(At.MSG, log, 4);
  next = 1;
}

/** Reads the log at boot. The waiting time starts again, in full. */
export function triesStart(address: number): void {
  log = address + Log.OFFSET;
  misses = A[At.REC + Rec.MISSES];
  flashRead(At.MSG, log, Log.BYTES);
  if (W[At.MSG >> 2] !== W[(At.REC + Rec.EPOCH) >> 2]) {
    startEpoch();
  } else {
    next = W.subarray(At.MSG >> 2, (At.MSG >> 2) + Log.WORDS).indexOf(Log.FREE);
    if (next < 0) next = Log.WORDS;
    let i = next - 1;
    const last = W[(At.MSG >> 2) + i];
    while (i > 0) {
      const word = W[(At.MSG >> 2) + i--];
      if (word === Log.CLEAR) {
        misses -= A[At.REC + Rec.MISSES];
        break;
      }
      if (word !== Log.SOLID && misses < 255) misses++;
    }
    if (next > 1 && next < Log.WORDS && last !== Log.CLEAR && last !== Log.SOLID) {
      // Whatever it holds, it can't become CLEAR any more; then the log says that it is solid.
      W[At.MSG >> 2] = Log.TRY;
      flashWrite(At.MSG, log + 4 * (next - 1), 4);
      append(Log.SOLID);
    }
  }
  startDelay();
}

/** Counts a try, in flash, before it is made. 0: flash failed, the try must not be made. */
export function burnTry(): number {
  if (next > Log.WORDS - Log.RESERVE) return 0;
  if (misses < 255) misses++;
  startDelay();
  return append(Log.TRY);
}
/** A right code: the count is 0. */
export function clearTries(): number {
  misses = 0;
  notBefore = 0;
  return append(Log.CLEAR);
}
/** Prepares a record whose commit starts the count at `count`. */
export function countFrom(count: number): void {
  A[At.REC + Rec.MISSES] = count;
  W[(At.REC + Rec.EPOCH) >> 2]++;
}
/** After that commit: erases the log. A cut before it: the next boot sees the old epoch. */
export function counted(): void {
  misses = A[At.REC + Rec.MISSES];
  startEpoch();
}
/** After every command: a log that is nearly full goes over into a new epoch. */
export function tidyTries(): void {
  if (next <= Log.WORDS - 2 * Log.RESERVE) return;
  countFrom(misses);
  if (commit(A[At.REC + Rec.STATE])) counted();
}
