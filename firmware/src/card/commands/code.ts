/**
 * The access code (docs/protocol.md section 5): SALT, CODE, CHANGE_CODE, ACTIVATE.
 * The wallet key lies in flash only wrapped under the stretched code; while the code holds, its
 * plain form is in the arena's NODE and goes with the channel.
 */
import type { Answer, Offset, Refusal, StatusWord } from "../../types.js";
import { Activated, At, Info, NewCode, Ok, Rec } from "../../wire/layout.js";
import { bytes } from "../../board/board.js";
import { copy, keyok, lock, pubkey, unlock } from "../../wire/kernel.js";
import { burnTry, clearTries, waitAnswer, waiting } from "../../vault/tries.js";
import { commit } from "../../vault/vault.js";
import { Cmd, Label, LabelSize, Press, Scrypt, Size, State, SW } from "../../wire/generated.js";
import { compressTo } from "../identity.js";
import { actRefusal } from "../presence.js";
import { random, randomKey } from "../random.js";
import { codeHolds } from "../session.js";
import { forgetOffer } from "./destination.js";

/** The info of lock and unlock: 1E, the length of what follows; label, salt. */
function info(to: Offset, salt: Offset): void {
  copy(to, At.LABELS + Label.CODE, LabelSize.CODE);
  bytes[to] = Info.SIZE - 1;
  copy(to + Info.SALT, salt, Size.SALT);
}

export function salt(): Answer {
  if (!random(At.HASH)) return SW.RANDOM;
  info(At.NEW_SALT, At.HASH);
  copy(At.OUT, At.HASH, Size.SALT);
  return Ok.SALT;
}

/** Misses and seconds to wait, with the word that says which of the two it is. */
function missed(word: StatusWord): Answer {
  return waitAnswer(word, bytes[At.REC + Rec.MISSES], waiting());
}

export function code(): Answer {
  if (waiting()) return missed(SW.WAIT);
  if (!burnTry()) return SW.MEMORY;
  info(At.INFO, At.REC + Rec.SALT);
  if (!unlock(At.NODE, At.REC + Rec.WRAPPED, At.DATA, At.INFO)) return missed(SW.WRONG_CODE);
  const sound = keyok(At.NODE);
  if (!clearTries(sound)) return SW.MEMORY;
  // Only a hostile source can have wrapped what is no key.
  if (!sound) return SW.CRYPTO;
  codeHolds();
  return SW.OK;
}

/** Refuses a cost in DATA that this card does not take, and a code without a salt from SALT. */
function codeRefusal(): Refusal {
  if (bytes[At.DATA + NewCode.COST] < Scrypt.LEAST || bytes[At.DATA + NewCode.COST] > Scrypt.MOST)
    return SW.DATA;
  return bytes[At.NEW_SALT] ? 0 : SW.STATE;
}
/** Wraps NODE under the new code of DATA, into the record; the salt is spent. */
function wrap(): void {
  copy(At.KEY, At.DATA + NewCode.STRETCHED, Size.KEY);
  lock(At.REC + Rec.WRAPPED, At.NODE, At.KEY, At.NEW_SALT);
  copy(At.REC + Rec.SALT, At.NEW_SALT + Info.SALT, Size.SALT);
  bytes[At.REC + Rec.COST] = bytes[At.DATA + NewCode.COST];
  bytes[At.NEW_SALT] = 0;
}

export function changeCode(): Answer {
  const refusal = codeRefusal();
  if (refusal) return refusal;
  wrap();
  return commit(bytes[At.REC + Rec.STATE]) ? SW.OK : SW.MEMORY;
}

export function activate(): Answer {
  const refusal =
    codeRefusal() ||
    (bytes[At.REC + Rec.STATE] === State.OFFERED && actRefusal(Cmd.ACTIVATE, Press.DROP_S));
  if (refusal) return refusal;
  if (!random(At.HASH2) || !randomKey(At.NODE) || !random(At.NODE + Size.KEY)) return SW.RANDOM;
  wrap();
  copy(At.REC + Rec.SET_ID, At.HASH2, Size.SET_ID);
  forgetOffer();
  bytes[At.REC + Rec.K] = 1;
  bytes[At.REC + Rec.DROPS] = 0;
  if (!commit(State.WALLET)) return SW.MEMORY;
  codeHolds();
  pubkey(At.POINT, At.NODE);
  copy(At.OUT + Activated.SET_ID, At.REC + Rec.SET_ID, Size.SET_ID);
  compressTo(At.OUT + Activated.PUBLIC_KEY, At.POINT);
  return Ok.ACTIVATE;
}
