/**
 * The access code (docs/protocol.md section 5): SALT, CODE, CHANGE_CODE, ACTIVATE.
 * The wallet key lies in flash only wrapped under the stretched code; while the code holds, its
 * plain form is in the arena's NODE and goes with the channel.
 */
import { At, Rec } from "../../board/arena.js";
import { A } from "../../board/board.js";
import { copy, lock, pubkey, unlock } from "../../board/kernel.js";
import { burnTry, clearTries, waiting } from "../../vault/tries.js";
import { commit, secretsIn } from "../../vault/vault.js";
import { Label, LabelSize, Scrypt, Size, State, SW } from "../../wire/generated.js";
import { compressTo } from "../identity.js";
import { random, randomKey } from "../random.js";
import { codeHolds } from "../session.js";
import { dropRefused, forgetOffer } from "./destination.js";

/** The info of lock and unlock: 1E, label, salt. */
const enum Info {
  LENGTH = 30,
  SALT = LabelSize.CODE,
}
function info(to: number, salt: number): void {
  copy(to, At.LABELS + Label.CODE, LabelSize.CODE);
  A[to] = Info.LENGTH;
  copy(to + Info.SALT, salt, Size.SALT);
}

export function salt(): number {
  if (!random(At.HASH)) return SW.RANDOM;
  info(At.NEW_SALT, At.HASH);
  copy(At.OUT, At.HASH, Size.SALT);
  return (Size.SALT << 16) | SW.OK;
}

/** Misses and seconds to wait, with the word that says which of the two it is. */
function missed(word: number): number {
  const seconds = waiting();
  A[At.OUT] = A[At.REC + Rec.MISSES];
  A[At.OUT + 1] = seconds >> 8;
  A[At.OUT + 2] = seconds;
  return (3 << 16) | word;
}

export function code(): number {
  if (waiting()) return missed(SW.WAIT);
  if (!burnTry()) return SW.MEMORY;
  secretsIn();
  info(At.INFO, At.REC + Rec.SALT);
  if (!unlock(At.NODE, At.REC + Rec.WRAPPED, At.DATA, At.INFO)) return missed(SW.WRONG_CODE);
  if (!clearTries()) return SW.MEMORY;
  codeHolds();
  return SW.OK;
}

/** 0 if DATA holds a cost this card takes and SALT gave a salt, else the refusal. */
function refused(): number {
  if (A[At.DATA] < Scrypt.LEAST || A[At.DATA] > Scrypt.MOST) return SW.DATA;
  return A[At.NEW_SALT] ? 0 : SW.STATE;
}
/** Wraps NODE under the new code of DATA, into the record; the salt is spent. */
function wrap(): void {
  copy(At.KEY, At.DATA + 1, 32);
  lock(At.REC + Rec.WRAPPED, At.NODE, At.KEY, At.NEW_SALT);
  copy(At.REC + Rec.SALT, At.NEW_SALT + Info.SALT, Size.SALT);
  A[At.REC + Rec.COST] = A[At.DATA];
  A[At.NEW_SALT] = 0;
}

export function changeCode(): number {
  const word = refused();
  if (word) return word;
  secretsIn();
  wrap();
  return commit(A[At.REC + Rec.STATE]) ? SW.OK : SW.MEMORY;
}

export function activate(): number {
  const word = refused() || dropRefused();
  if (word) return word;
  secretsIn();
  if (!random(At.HASH2) || !randomKey(At.NODE) || !random(At.NODE + 32)) return SW.RANDOM;
  wrap();
  copy(At.REC + Rec.SET_ID, At.HASH2, Size.SET_ID);
  forgetOffer();
  A[At.REC + Rec.K] = 1;
  A[At.REC + Rec.DROPS] = 0;
  if (!commit(State.WALLET)) return SW.MEMORY;
  codeHolds();
  pubkey(At.POINT, At.NODE);
  copy(At.OUT, At.REC + Rec.SET_ID, Size.SET_ID);
  compressTo(At.OUT + Size.SET_ID, At.POINT);
  return ((Size.SET_ID + Size.POINT) << 16) | SW.OK;
}
