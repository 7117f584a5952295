/**
 * The source's side of a backup (docs/protocol.md section 6): NAME_DESTINATIONS, SEAL, RESEND,
 * CONFIRM, FINISH. Invariants I2, I4, I5, I9: a slot, once sealed, is never freed; what a slot's
 * Kcard gets a second time are the same bytes, or new bytes that replace them in one commit.
 */
import type { Answer, Refusal } from "../../types.js";
import { At, Cert, Enc, Head, Msg, Names, Offer, Ok, Rec, SlotAt } from "../../wire/layout.js";
import { big, bytes } from "../../board/board.js";
import { aeadSeal, copy, ecdh, equal, pubkey, sha256, zero } from "../../wire/kernel.js";
import { commit } from "../../vault/vault.js";
import {
  Cmd,
  Label,
  LabelSize,
  Option,
  Press,
  Size,
  Slot,
  State,
  SW,
  Type,
} from "../../wire/generated.js";
import {
  attest,
  compressTo,
  digest,
  hasHeader,
  verifyCertificate,
  verifyLink,
} from "../identity.js";
import { actRefusal, runFor } from "../presence.js";
import { randomKey } from "../random.js";
import { level, Level } from "../session.js";
import { isShown } from "./consent.js";
import { receipt, transferKeys } from "./destination.js";

export function nameDestinations(_p1: number, length: number): Answer {
  const n = bytes[At.DATA + Names.N];
  const count = length >> 4;
  const first = At.DATA + Names.FIRST;
  const second = At.DATA + Names.SECOND;
  if (n < 2 || n > 3 || length !== Names.IDS + count * Size.ID || count > n - 1) return SW.DATA;
  if (bytes[At.REC + Rec.N] && n !== bytes[At.REC + Rec.N]) return SW.NAMES;
  if (
    equal(first, At.REC + Rec.ID, Size.ID) ||
    (count === 2 && (equal(second, At.REC + Rec.ID, Size.ID) || equal(second, first, Size.ID)))
  )
    return SW.DATA;
  bytes[At.NAMED_N] = n;
  bytes[At.NAMED_COUNT] = count;
  copy(At.NAMED_IDS, first, count * Size.ID);
  return SW.OK;
}

/** Number of the slot that chooseSlot() chose. */
let chosen = 0;

/**
 * Chooses the slot that the OFFER in DATA is sealed to: that of its Kcard if it has one, else a
 * free one, if it was named in this channel.
 */
function chooseSlot(): Refusal {
  const kcard = At.DATA + Msg.CERT + Cert.KCARD;
  chosen = -1;
  let i =
    bytes[At.REC + Rec.N] === 2 || (!bytes[At.REC + Rec.N] && bytes[At.NAMED_N] === 2) ? 1 : 2;
  while (i-- > 0) {
    const slot = At.REC + Rec.SLOTS + i * SlotAt.SIZE;
    if (bytes[slot] === Slot.OPEN) chosen = i;
    else if (equal(slot + SlotAt.KCARD, kcard, Size.POINT)) {
      chosen = i;
      return bytes[slot] === Slot.SEALED ? 0 : SW.USED;
    }
  }
  if (level !== Level.CODE) return SW.CODE;
  digest(Label.ID, LabelSize.ID, kcard, Size.POINT);
  if (
    !(bytes[At.NAMED_COUNT] > 0 && equal(At.HASH, At.NAMED_IDS, Size.ID)) &&
    !(bytes[At.NAMED_COUNT] > 1 && equal(At.HASH, At.NAMED_IDS + Size.ID, Size.ID))
  )
    return SW.NAMES;
  return chosen < 0 ? SW.FULL : 0;
}

export function seal(): Answer {
  if (!hasHeader(Type.OFFER)) return SW.DATA;
  if (
    !equal(At.DATA + Offer.SOURCE_ID, At.REC + Rec.ID, Size.ID) ||
    !equal(At.DATA + Offer.SET_ID, At.REC + Rec.SET_ID, Size.SET_ID)
  )
    return SW.NAMES;
  if (equal(At.DATA + Msg.CERT + Cert.KCARD, At.REC + Rec.CERT + Cert.KCARD, Size.POINT))
    return SW.CRYPTO;
  const refusal = chooseSlot();
  if (refusal) return refusal;
  const slot = At.REC + Rec.SLOTS + chosen * SlotAt.SIZE;
  const klink = At.DATA + Msg.KLINK;
  if (bytes[slot] === Slot.SEALED) {
    // The same Klink_D gets the same bytes, whoever asks; another one new bytes, by the code.
    if (equal(slot + SlotAt.KLINK, klink, Size.POINT)) {
      copy(At.OUT, slot + SlotAt.TRANSFER, Size.TRANSFER);
      return Ok.TRANSFER;
    }
    if (level !== Level.CODE) return SW.CODE;
    // I9: what was sealed may have been taken. Nothing older replaces it.
    if (big(At.DATA + Offer.COUNTER) >>> 0 <= big(slot + SlotAt.COUNTER) >>> 0) return SW.USED;
  }
  sha256(At.HASH2, At.DATA, Size.OFFER);
  if (bytes[At.REC + Rec.CERT + Cert.SUITE] & Option.CONSENT) {
    const unmeant = isShown() ? actRefusal(Cmd.SEAL, Press.SEAL_S) : SW.CONSENT;
    if (unmeant) return unmeant;
  }
  if (
    !verifyCertificate(At.DATA + Msg.CERT) ||
    !verifyLink(Label.OFFER, LabelSize.OFFER, Offer.SIGNATURE)
  )
    return SW.CRYPTO;
  // I9: two copies never share a link key. An open slot holds zeros, which are no point.
  const other = At.REC + Rec.SLOTS + (1 - chosen) * SlotAt.SIZE;
  if (equal(other + SlotAt.KLINK, klink, Size.POINT)) return SW.CRYPTO;
  if (!randomKey(At.KEY)) return SW.RANDOM;
  if (!ecdh(At.SHARED, At.POINT2, At.KEY)) return SW.CRYPTO;
  pubkey(At.POINT2, At.KEY);

  if (!bytes[At.REC + Rec.N]) bytes[At.REC + Rec.N] = bytes[At.NAMED_N];
  bytes[slot] = Slot.SEALED;
  copy(slot + SlotAt.KCARD, At.DATA + Msg.CERT + Cert.KCARD, Size.POINT);
  copy(slot + SlotAt.KLINK, klink, Size.POINT);
  copy(slot + SlotAt.COUNTER, At.DATA + Offer.COUNTER, Offer.COUNTER_SIZE);
  // TRANSFER, in DATA now that the OFFER is done with.
  bytes[At.DATA + Head.TYPE] = Type.TRANSFER;
  copy(At.DATA + Msg.CERT, At.REC + Rec.CERT, Size.CERT);
  compressTo(klink, At.POINT2);
  copy(At.DATA + Msg.OFFER_HASH, At.HASH2, Size.HASH);
  digest(Label.TRANSFER, LabelSize.TRANSFER, At.DATA, Msg.SIGNATURE);
  attest(At.DATA + Msg.SIGNATURE);
  transferKeys(At.REC + Rec.KRECEIPTS + chosen * Size.KEY);
  copy(At.ENC + Enc.LOCKED, At.REC + Rec.LOCKED, Enc.LOCKED_SIZE);
  copy(At.ENC + Enc.SET_ID, At.REC + Rec.SET_ID, Size.SET_ID);
  bytes[At.ENC + Enc.N] = bytes[At.REC + Rec.N];
  bytes[At.ENC + Enc.K] = chosen + 2;
  aeadSeal(At.BLOCK, At.ENC, Enc.TEXT_SIZE, Size.HASH);
  copy(At.DATA + Msg.ENC, At.ENC, Size.ENC);
  sha256(slot + SlotAt.H_TRANSFER, At.DATA, Size.TRANSFER);
  copy(slot + SlotAt.TRANSFER, At.DATA, Size.TRANSFER);
  copy(At.OUT, At.DATA, Size.TRANSFER);
  runFor(0);
  return commit(State.SHARING) ? Ok.TRANSFER : SW.MEMORY;
}

/**
 * What SEAL answers to the slot's own OFFER, for a relay that has lost that. Nothing new: the
 * slot's Kcard, Klink_D and bytes stay, and after the receipt there is nothing to answer with (I4,
 * I5, I9).
 */
export function resend(p1: number): Answer {
  const slot = At.REC + Rec.SLOTS + p1 * SlotAt.SIZE;
  if (bytes[slot] !== Slot.SEALED) return bytes[slot] === Slot.CONFIRMED ? SW.USED : SW.STATE;
  copy(At.OUT, slot + SlotAt.TRANSFER, Size.TRANSFER);
  return Ok.TRANSFER;
}

/** Prepares a slot without its TRANSFER and Kreceipt, in state `state`; needs the secrets in. */
function closeSlot(index: number, state: Slot): void {
  const slot = At.REC + Rec.SLOTS + index * SlotAt.SIZE;
  bytes[slot] = state;
  zero(slot + SlotAt.TRANSFER, Size.TRANSFER);
  zero(At.REC + Rec.KRECEIPTS + index * Size.KEY, Size.KEY);
}

export function confirm(): Answer {
  let i = 0;
  while (i < 2) {
    const slot = At.REC + Rec.SLOTS + i * SlotAt.SIZE;
    if (bytes[slot] === Slot.SEALED) {
      receipt(
        At.HASH,
        At.REC + Rec.KRECEIPTS + i * Size.KEY,
        slot + SlotAt.H_TRANSFER,
        At.RECEIPT_OF,
      );
      if (equal(At.HASH, At.DATA, Size.RECEIPT)) break;
    }
    i++;
  }
  if (i === 2) return SW.CRYPTO;
  closeSlot(i, Slot.CONFIRMED);
  const all =
    bytes[At.REC + Rec.SLOTS] === Slot.CONFIRMED &&
    (bytes[At.REC + Rec.N] === 2 || bytes[At.REC + Rec.SLOTS + SlotAt.SIZE] === Slot.CONFIRMED);
  return commit(all ? State.SHARED : State.SHARING) ? SW.OK : SW.MEMORY;
}

export function finish(p1: number): Answer {
  let i = 0;
  while (i < bytes[At.REC + Rec.N] - 1) {
    if (bytes[At.REC + Rec.SLOTS + i * SlotAt.SIZE] === Slot.SEALED && !p1) return SW.UNCONFIRMED;
    i++;
  }
  while (i-- > 0) {
    const state = bytes[At.REC + Rec.SLOTS + i * SlotAt.SIZE];
    if (state === Slot.SEALED) closeSlot(i, Slot.LOST);
    if (state === Slot.OPEN) closeSlot(i, Slot.CLOSED);
  }
  return commit(State.SHARED) ? SW.OK : SW.MEMORY;
}
