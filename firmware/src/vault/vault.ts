/**
 * The vault: the card's record, committed to flash whole or not at all.
 * firmware/wire/layout/record.ts says how. The record's public part stays in the arena from boot
 * on; its secrets are there only between secretsIn() and secretsOut().
 */
import { bytes, later, words } from "../board/board.js";
import { flashBlank, flashEquals, flashErase, flashRead, flashWrite } from "../board/flash.js";
import type { Address, Flag } from "../types.js";
import { State } from "../wire/generated.js";
import { crc, filled, zero } from "../wire/kernel.js";
import { At, Bank, PIECES, Rec } from "../wire/layout.js";

export const enum VaultState {
  OK = 0,
  NONE = 1,
  DAMAGED = 2,
}

/** Address of bank A; bank of the current record; whether there is a record at all. */
let vault: Address = 0;
export let bank: Address = 0;
let recorded: Flag = 0;
/** 1 when the board has no vault file: the card is BLANK and says why. */
export let noVault: Flag = 0;
let secretsAreIn: Flag = 0;
/** 1 when the bank that is not current was erased since the boot, and looked over. */
export let erased: Flag = 0;
/** 1 while a timer will erase it; 1 when a command came since that timer was set. */
let timing: Flag = 0;
let used: Flag = 0;
const enum Rest {
  /** Seconds without a command, at least, after which the bank is erased. */
  S = 3,
}

/** Copies the record at `address` up to `end` into the arena; what was never written is zeros. */
function recordIn(address: Address, end: number): void {
  flashRead(At.REC, address, end);
  let at = 0;
  let i = 0;
  while (at < end) {
    const length = 4 * PIECES.charCodeAt(i++);
    if (filled(At.REC + at, length, 255)) zero(At.REC + at, length);
    at += length;
  }
}
/** Loads the secrets of the current record into the arena. */
export function secretsIn(): void {
  used = 1;
  if (recorded && !secretsAreIn) {
    flashRead(At.REC + Rec.SECRETS, bank + Rec.SECRETS, Rec.SECRETS_SIZE);
  }
  secretsAreIn = 1;
}
export function secretsOut(): void {
  if (secretsAreIn) zero(At.REC + Rec.SECRETS, Rec.SECRETS_SIZE);
  secretsAreIn = 0;
}

/** The bank that is not the current one. */
function spare(): Address {
  return bank === vault ? vault + Bank.SIZE : vault;
}
/** Erases the spare bank unless it is erased. May use MSG. */
export function eraseSpare(): void {
  if (!vault || erased) return;
  flashErase(spare());
  erased = flashBlank(spare(), Bank.USED_SIZE);
}
/**
 * Erases the spare bank when no command comes for a while. Not at once: the processor stands still
 * meanwhile, and a wire's bytes are lost. A commit that comes first does it by itself.
 */
function rest(): void {
  timing = used;
  used = 0;
  if (timing) later(rest, Rest.S);
  else eraseSpare();
}

/**
 * Kills both commit words, zeroes the secrets of a record that was `whole`. The kill comes first
 * whatever the words read: a weak one, in a bank half erased, would pass for a record. Needs the
 * secrets out: zeros to write.
 */
function kill(address: Address, whole: Flag): void {
  flashWrite(At.REC + Rec.SECRETS, address + Rec.COMMIT, 8);
  // What was killed or never committed is not zeroed again: its words were written often enough.
  if (whole) flashWrite(At.REC + Rec.SECRETS, address + Rec.SECRETS, Rec.SECRETS_SIZE);
}

/**
 * Commits the record as it stands in the arena, in state `state`; the secrets are out afterwards.
 * Its misses are those counted so far, and none in EMPTY, which has no code: its log begins anew.
 * 1: the new record holds, the old one is killed and its secrets are zeros; its bank is erased
 * later. 0: flash failed, in one of two ways. Either the new record could not be written: the old
 * one still holds and is back in the arena. Or the new one was written and holds, but the old
 * secrets could not be zeroed: the next boot finishes that.
 */
export function commit(state: State): Flag {
  secretsIn();
  const old = bank;
  const target = spare();
  const misses = bytes[At.REC + Rec.MISSES];
  const proved = bytes[At.REC + Rec.PROVED];
  if (!erased) {
    flashErase(target);
    erased = flashBlank(target, Bank.USED_SIZE);
  }
  const blank = erased;
  bytes[At.REC + Rec.STATE] = state;
  if (state === State.EMPTY) bytes[At.REC + Rec.MISSES] = 0;
  words[(At.REC + Rec.SEQ) >> 2]++;
  words[(At.REC + Rec.CRC) >> 2] = crc(At.REC + Rec.SEQ, Rec.COMMIT - Rec.SEQ);
  let at = 0;
  let i = 0;
  while (blank && at < Rec.COMMIT) {
    const length = 4 * PIECES.charCodeAt(i++);
    // What holds nothing stays erased.
    if (!filled(At.REC + at, length, 0)) {
      flashWrite(At.REC + at, target + at, length);
      if (!flashEquals(At.REC + at, target + at, length)) break;
    }
    at += length;
  }
  secretsOut();
  erased = 0;
  if (!timing) later(rest, Rest.S);
  timing = 1;
  if (at >= Rec.COMMIT) {
    words[(At.REC + Rec.COMMIT) >> 2] = Bank.COMMITTED;
    flashWrite(At.REC + Rec.COMMIT, target + Rec.COMMIT, 4);
    if (flashEquals(At.REC + Rec.COMMIT, target + Rec.COMMIT, 4)) {
      // Behind the first, and so only when that one is solid.
      flashWrite(At.REC + Rec.COMMIT, target + Bank.AGAIN, 4);
      bank = target;
      if (!recorded) {
        recorded = 1;
        return 1;
      }
      kill(old, 1);
      // What is forgotten is gone before anybody hears of it.
      return flashEquals(At.REC + Rec.SECRETS, old + Rec.SECRETS, Rec.SECRETS_SIZE);
    }
  }
  if (blank) kill(target, 1);
  zero(At.REC, Rec.SIZE);
  if (recorded) recordIn(bank, Rec.SECRETS);
  bytes[At.REC + Rec.MISSES] = misses;
  bytes[At.REC + Rec.PROVED] = proved;
  return 0;
}

/** Loads the public part of the record at `address`; 1 if the record is whole and of our format. */
function load(address: Address): Flag {
  recordIn(address, Rec.COMMIT);
  const sum = crc(At.REC + Rec.SEQ, Rec.COMMIT - Rec.SEQ) | 0;
  zero(At.REC + Rec.SECRETS, Rec.SECRETS_SIZE);
  return words[(At.REC + Rec.CRC) >> 2] === sum && bytes[At.REC + Rec.FORMAT] === Bank.FORMAT
    ? 1
    : 0;
}
/**
 * Kills what is at `address` and erases it. A first word of the secrets that is zero tells that the
 * kill was done, whole, before: its words were written often enough.
 */
function destroy(address: Address, whole: Flag): void {
  flashRead(At.MSG, address + Rec.SECRETS, 4);
  if (words[At.MSG >> 2]) kill(address, whole);
  flashErase(address);
}
/**
 * Destroys what is at `address` if anything is; 0: flash failed. What reads as blank is not looked
 * at twice: a weak bit may read as 0 the next time, and a commit erases the bank first anyway.
 */
function blanked(address: Address): Flag {
  if (flashBlank(address, Bank.SIZE)) return 1;
  destroy(address, 0);
  return flashBlank(address, Bank.SIZE);
}
/**
 * 1 if the record at `address`, which no word commits, was committed once: a first commit that was
 * cut is BLANK, and any later one leaves a committed record beside it. So its words were damaged.
 * It is not repaired: a word that reads wrong may have been killed as well, with its successor's
 * words damaged, and a card never falls back.
 */
function lost(address: Address): Flag {
  return load(address) && bytes[At.REC + Rec.STATE] !== State.BLANK ? 1 : 0;
}

/** Finds the current record, finishes what a cut left undone, loads the record. */
export function vaultStart(address: Address): VaultState {
  vault = address;
  recorded = 0;
  erased = 0;
  zero(At.REC, Rec.SIZE);
  noVault = address ? 0 : 1;
  if (noVault) return VaultState.NONE;
  const seqs = [0, 0];
  const committed: Flag[] = [0, 0];
  let i = 0;
  while (i < 2) {
    flashRead(At.MSG, address + i * Bank.SIZE, 8);
    seqs[i] = words[(At.MSG + Rec.SEQ) >> 2];
    flashRead(At.MSG, address + i * Bank.SIZE + Rec.COMMIT, 8);
    if (words[At.MSG >> 2] === Bank.COMMITTED || words[(At.MSG >> 2) + 1] === Bank.COMMITTED) {
      committed[i] = 1;
    }
    i++;
  }
  const chosen = committed[1] && (!committed[0] || seqs[1] > seqs[0]) ? 1 : 0;
  bank = address + chosen * Bank.SIZE;
  const other = address + (1 - chosen) * Bank.SIZE;
  if (!committed[chosen]) {
    const damaged = lost(bank) || lost(other);
    zero(At.REC, Rec.SIZE);
    if (damaged) return VaultState.DAMAGED;
    // Never personalised, or the first commit was cut: both banks become blank.
    return blanked(bank) && blanked(other) ? VaultState.OK : VaultState.DAMAGED;
  }
  if (!load(bank)) {
    zero(At.REC, Rec.SIZE);
    return VaultState.DAMAGED;
  }
  recorded = 1;
  // The first commit word may be weak, and without the second it would be the only one. While the
  // older record stands, the second may be as weak: a boot before this one wrote it, and was cut.
  words[(At.REC + Rec.COMMIT) >> 2] = Bank.COMMITTED;
  if (committed[1 - chosen] || !flashEquals(At.REC + Rec.COMMIT, bank + Bank.AGAIN, 4)) {
    flashWrite(At.REC + Rec.COMMIT, bank + Bank.AGAIN, 4);
  }
  if (flashBlank(other, Bank.SIZE)) return VaultState.OK;
  destroy(other, committed[1 - chosen]);
  erased = flashBlank(other, Bank.SIZE);
  return erased ? VaultState.OK : VaultState.DAMAGED;
}
