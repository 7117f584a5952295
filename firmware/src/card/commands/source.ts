/**
 * The source's side of a backup (docs/protocol.md section 6): NAME_DESTINATIONS, SEAL, RESEND,
 * CONFIRM, FINISH. Invariants I2, I4, I5, I9: a slot, once sealed, is never freed; what a slot's Kcard gets
 * a second time are the same bytes, or new bytes that replace them in one commit.
 */
import { At, Msg, Rec, SlotAt } from "../../board/arena.js";
import { A } from "../../board/board.js";
import { copy, ecdh, equal, pubkey, seal as aeadSeal, sha256, zero } from "../../board/kernel.js";
import { commit, secretsIn } from "../../vault/vault.js";
import { Label, LabelSize, Size, Slot, State, SW, Type } from "../../wire/generated.js";
import { attest, certified, compressTo, digest, headed, linked } from "../identity.js";
import { randomKey } from "../random.js";
import { level, Level } from "../session.js";
import { receipt, transferKeys } from "./destination.js";

const enum Named {
  N = At.NAMED,
  COUNT = At.NAMED + 1,
  IDS = At.NAMED + 4,
}

export function nameDestinations(_p1: number, length: number): number {
  const n = A[At.DATA];
  const count = length >> 4;
  const second = At.DATA + 1 + Size.ID;
  if (n < 2 || n > 3 || length !== 1 + count * Size.ID || count > n - 1) return SW.DATA;
  if (A[At.REC + Rec.N] && n !== A[At.REC + Rec.N]) return SW.NAMES;
  if (
    equal(At.DATA + 1, At.REC + Rec.ID, Size.ID) ||
    (count === 2 &&
      (equal(second, At.REC + Rec.ID, Size.ID) || equal(second, At.DATA + 1, Size.ID)))
  )
    return SW.DATA;
  A[Named.N] = n;
  A[Named.COUNT] = count;
  copy(Named.IDS, At.DATA + 1, count * Size.ID);
  return SW.OK;
}

/**
 * The slot that the OFFER in DATA may be sealed to, or -(status word): it names this card and set,
 * and its Kcard is the one of a sealed slot, or was named in this channel and finds a free one.
 */
function slotFor(): number {
  const kcard = At.DATA + Msg.KCARD;
  let free = -1;
  let i = A[At.REC + Rec.N] === 2 || (!A[At.REC + Rec.N] && A[Named.N] === 2) ? 1 : 2;
  while (i-- > 0) {
    const slot = At.REC + Rec.SLOTS + i * SlotAt.SIZE;
    if (A[slot] === Slot.OPEN) free = i;
    else if (equal(slot + SlotAt.KCARD, kcard, Size.POINT)) {
      return A[slot] === Slot.SEALED ? i : -SW.USED;
    }
  }
  if (level !== Level.CODE) return -SW.CODE;
  digest(Label.ID, LabelSize.ID, kcard, Size.POINT);
  if (
    !(A[Named.COUNT] > 0 && equal(At.HASH, Named.IDS, Size.ID)) &&
    !(A[Named.COUNT] > 1 && equal(At.HASH, Named.IDS + Size.ID, Size.ID))
  )
    return -SW.NAMES;
  return free < 0 ? -SW.FULL : free;
}

export function seal(): number {
  if (!headed(Type.OFFER)) return SW.DATA;
  if (
    !equal(At.DATA + Msg.NAMES, At.REC + Rec.ID, Size.ID) ||
    !equal(At.DATA + Msg.NAMES + Size.ID, At.REC + Rec.SET_ID, Size.SET_ID)
  )
    return SW.NAMES;
  if (equal(At.DATA + Msg.KCARD, At.REC + Rec.CERT + 6, Size.POINT)) return SW.CRYPTO;
  const index = slotFor();
  if (index < 0) return -index;
  const slot = At.REC + Rec.SLOTS + index * SlotAt.SIZE;
  const klink = At.DATA + Msg.KLINK;
  if (A[slot] === Slot.SEALED) {
    // The same Klink_D gets the same bytes, whoever asks; another one new bytes, by the code.
    if (equal(slot + SlotAt.KLINK, klink, Size.POINT)) {
      copy(At.OUT, slot + SlotAt.TRANSFER, Size.TRANSFER);
      return (Size.TRANSFER << 16) | SW.OK;
    }
    if (level !== Level.CODE) return SW.CODE;
  }
  if (!certified(At.DATA + Msg.CERT) || !linked(Label.OFFER, LabelSize.OFFER)) return SW.CRYPTO;
  // I9: two copies never share a link key. An open slot holds zeros, which are no point.
  const other = At.REC + Rec.SLOTS + (1 - index) * SlotAt.SIZE;
  if (equal(other + SlotAt.KLINK, klink, Size.POINT)) return SW.CRYPTO;
  if (!randomKey(At.KEY)) return SW.RANDOM;
  if (!ecdh(At.SHARED, At.POINT2, At.KEY)) return SW.CRYPTO;
  sha256(At.HASH2, At.DATA, Size.OFFER);
  pubkey(At.POINT2, At.KEY);
  secretsIn();

  if (!A[At.REC + Rec.N]) A[At.REC + Rec.N] = A[Named.N];
  A[slot] = Slot.SEALED;
  copy(slot + SlotAt.KCARD, At.DATA + Msg.KCARD, Size.POINT);
  copy(slot + SlotAt.KLINK, klink, Size.POINT);
  // TRANSFER, in DATA now that the OFFER is done with.
  A[At.DATA + 2] = Type.TRANSFER;
  copy(At.DATA + Msg.CERT, At.REC + Rec.CERT, Size.CERT);
  compressTo(klink, At.POINT2);
  copy(At.DATA + Msg.NAMES, At.HASH2, Size.HASH);
  digest(Label.TRANSFER, LabelSize.TRANSFER, At.DATA, Msg.SIGNATURE);
  attest(At.DATA + Msg.SIGNATURE);
  transferKeys(At.REC + Rec.KRECEIPT + index * 32);
  copy(At.MSG, At.REC + Rec.WRAPPED, Size.WRAPPED + Size.SALT + 1);
  copy(At.MSG + 97, At.REC + Rec.SET_ID, Size.SET_ID);
  A[At.MSG + 113] = A[At.REC + Rec.N];
  A[At.MSG + 114] = index + 2;
  aeadSeal(At.BLOCK, At.MSG, 115, Size.HASH);
  copy(At.DATA + Msg.ENC, At.MSG, Size.ENC);
  sha256(slot + SlotAt.H_TRANSFER, At.DATA, Size.TRANSFER);
  copy(slot + SlotAt.TRANSFER, At.DATA, Size.TRANSFER);
  copy(At.OUT, At.DATA, Size.TRANSFER);
  return commit(State.SHARING) ? (Size.TRANSFER << 16) | SW.OK : SW.MEMORY;
}

/**
 * What SEAL answers to the slot's own OFFER, for a relay that has lost that. Nothing new: the slot's
 * Kcard, Klink_D and bytes stay, and after the receipt there is nothing to answer with (I4, I5, I9).
 */
export function resend(p1: number): number {
  const slot = At.REC + Rec.SLOTS + p1 * SlotAt.SIZE;
  if (A[slot] !== Slot.SEALED) return A[slot] === Slot.CONFIRMED ? SW.USED : SW.STATE;
  copy(At.OUT, slot + SlotAt.TRANSFER, Size.TRANSFER);
  return (Size.TRANSFER << 16) | SW.OK;
}

/** Prepares a slot without its TRANSFER and Kreceipt, in state `state`; needs the secrets in. */
function closeSlot(index: number, state: number): void {
  const slot = At.REC + Rec.SLOTS + index * SlotAt.SIZE;
  A[slot] = state;
  zero(slot + SlotAt.TRANSFER, Size.TRANSFER);
  zero(At.REC + Rec.KRECEIPT + index * 32, 32);
}

export function confirm(): number {
  secretsIn();
  let i = 0;
  while (i < 2) {
    const slot = At.REC + Rec.SLOTS + i * SlotAt.SIZE;
    if (A[slot] === Slot.SEALED) {
      receipt(At.HASH, At.REC + Rec.KRECEIPT + i * 32, slot + SlotAt.H_TRANSFER, At.MSG);
      if (equal(At.HASH, At.DATA, Size.RECEIPT)) break;
    }
    i++;
  }
  if (i === 2) return SW.CRYPTO;
  closeSlot(i, Slot.CONFIRMED);
  const all =
    A[At.REC + Rec.SLOTS] === Slot.CONFIRMED &&
    (A[At.REC + Rec.N] === 2 || A[At.REC + Rec.SLOTS + SlotAt.SIZE] === Slot.CONFIRMED);
  return commit(all ? State.SHARED : State.SHARING) ? SW.OK : SW.MEMORY;
}

export function finish(p1: number): number {
  let i = 0;
  while (i < A[At.REC + Rec.N] - 1) {
    if (A[At.REC + Rec.SLOTS + i * SlotAt.SIZE] === Slot.SEALED && !p1) return SW.UNCONFIRMED;
    i++;
  }
  secretsIn();
  while (i-- > 0) {
    const state = A[At.REC + Rec.SLOTS + i * SlotAt.SIZE];
    if (state === Slot.SEALED) closeSlot(i, Slot.LOST);
    if (state === Slot.OPEN) closeSlot(i, Slot.CLOSED);
  }
  return commit(State.SHARED) ? SW.OK : SW.MEMORY;
}
