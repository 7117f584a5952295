/**
 * The destination's side of a backup (docs/protocol.md section 6): NAME_SOURCE, OFFER, ACCEPT,
 * CANCEL. Invariants I3, I5, I9, I11.
 */
import type { Answer, Offset } from "../../types.js";
import { Aead, At, Cert, Enc, Head, Msg, Offer, Ok, Rec, ReceiptOf } from "../../wire/layout.js";
import { bytes, putBig, words } from "../../board/board.js";
import {
  aeadOpen,
  copy,
  ecdh,
  equal,
  hkdf,
  hmac,
  pubkey,
  sha256,
  zero,
} from "../../wire/kernel.js";
import { commit } from "../../vault/vault.js";
import {
  Cmd,
  Label,
  LabelSize,
  Press,
  Scrypt,
  Size,
  State,
  SW,
  Type,
} from "../../wire/generated.js";
import {
  attest,
  compressTo,
  digest,
  hasHeader,
  putSuite,
  verifyCertificate,
  verifyLink,
} from "../identity.js";
import { actRefusal, runFor } from "../presence.js";
import { randomKey } from "../random.js";

/** Prepares a record without an offer; needs the secrets in. */
export function forgetOffer(): void {
  zero(At.REC + Rec.OFFER, Size.OFFER);
  zero(At.REC + Rec.KLINK, Size.KEY);
}
export function nameSource(): Answer {
  if (equal(At.DATA, At.REC + Rec.ID, Size.ID)) return SW.NAMES;
  if (bytes[At.REC + Rec.STATE] === State.OFFERED) {
    if (equal(At.DATA, At.REC + Rec.OFFER + Offer.SOURCE, Offer.SOURCE_SIZE)) return SW.OK;
    const refusal = actRefusal(Cmd.NAME_SOURCE, Press.DROP_S);
    if (refusal) return refusal;
  }
  if (!randomKey(At.KEY)) return SW.RANDOM;
  pubkey(At.POINT2, At.KEY);
  copy(At.REC + Rec.KLINK, At.KEY, Size.KEY);
  const offer = At.REC + Rec.OFFER;
  putSuite(offer);
  bytes[offer + Head.TYPE] = Type.OFFER;
  copy(offer + Offer.CERT, At.REC + Rec.CERT, Size.CERT);
  compressTo(offer + Offer.KLINK, At.POINT2);
  putBig(offer + Offer.COUNTER, ++words[(At.REC + Rec.COUNTER) >> 2]);
  copy(offer + Offer.SOURCE, At.DATA, Offer.SOURCE_SIZE);
  digest(Label.OFFER, LabelSize.OFFER, offer, Offer.SIGNATURE);
  attest(offer + Offer.SIGNATURE);
  return commit(State.OFFERED) ? SW.OK : SW.MEMORY;
}

export function offer(): Answer {
  copy(At.OUT, At.REC + Rec.OFFER, Size.OFFER);
  return Ok.OFFER;
}

export function cancel(): Answer {
  const refusal = actRefusal(Cmd.CANCEL, Press.DROP_S);
  if (refusal) return refusal;
  forgetOffer();
  return commit(State.EMPTY) ? SW.OK : SW.MEMORY;
}

export function accept(): Answer {
  const offer = At.REC + Rec.OFFER;
  sha256(At.HASH3, At.DATA, Size.TRANSFER);
  if (bytes[At.REC + Rec.STATE] === State.COPY) {
    if (!equal(At.HASH3, At.REC + Rec.H_TRANSFER, Size.HASH)) return SW.USED;
    copy(At.OUT, At.REC + Rec.RECEIPT, Size.RECEIPT);
    return Ok.RECEIPT;
  }
  if (!hasHeader(Type.TRANSFER)) return SW.DATA;
  digest(Label.ID, LabelSize.ID, At.DATA + Msg.CERT + Cert.KCARD, Size.POINT);
  if (!equal(At.HASH, offer + Offer.SOURCE_ID, Size.ID)) return SW.NAMES;
  sha256(At.HASH2, offer, Size.OFFER);
  if (
    !equal(At.HASH2, At.DATA + Msg.OFFER_HASH, Size.HASH) ||
    !verifyCertificate(At.DATA + Msg.CERT) ||
    !verifyLink(Label.TRANSFER, LabelSize.TRANSFER, Msg.SIGNATURE) ||
    !ecdh(At.SHARED, At.POINT2, At.REC + Rec.KLINK)
  )
    return SW.CRYPTO;
  transferKeys(At.KEY);
  copy(At.ENC, At.DATA + Msg.ENC, Size.ENC);
  if (
    !aeadOpen(At.BLOCK, At.ENC, Enc.TEXT_SIZE, Size.HASH) ||
    !equal(At.ENC + Enc.SET_ID, offer + Offer.SET_ID, Size.SET_ID) ||
    bytes[At.ENC + Enc.COST] < Scrypt.LEAST ||
    bytes[At.ENC + Enc.COST] > Scrypt.MOST ||
    bytes[At.ENC + Enc.N] < 2 ||
    bytes[At.ENC + Enc.N] > 3 ||
    bytes[At.ENC + Enc.K] < 2 ||
    bytes[At.ENC + Enc.K] > bytes[At.ENC + Enc.N]
  )
    return SW.CRYPTO;
  receipt(At.OUT, At.KEY, At.HASH3, At.RECEIPT_OF);
  copy(At.REC + Rec.RECEIPT, At.OUT, Size.RECEIPT);
  copy(At.REC + Rec.LOCKED, At.ENC + Enc.LOCKED, Enc.LOCKED_SIZE);
  copy(At.REC + Rec.SET_ID, At.ENC + Enc.SET_ID, Size.SET_ID);
  copy(At.REC + Rec.PLACE, At.ENC + Enc.PLACE, Enc.PLACE_SIZE);
  copy(At.REC + Rec.SOURCE_ID, offer + Offer.SOURCE_ID, Size.ID);
  copy(At.REC + Rec.H_TRANSFER, At.HASH3, Size.HASH);
  forgetOffer();
  bytes[At.REC + Rec.PROVED] = 0;
  runFor(0);
  return commit(State.COPY) ? Ok.RECEIPT : SW.MEMORY;
}

/**
 * The keys of a copy, from SHARED, H(OFFER) in HASH2 and TRANSFER's head in DATA: Ktrans into BLOCK
 * with nonce 0 (a Ktrans seals once) and th as its aad; Kreceipt to `kreceipt`. Uses MSG.
 */
export function transferKeys(kreceipt: Offset): void {
  const th = At.BLOCK + Aead.AAD;
  copy(At.MSG, At.HASH2, Size.HASH);
  copy(At.MSG + Size.HASH, At.DATA, Size.TRANSFER_HEAD);
  sha256(th, At.MSG, Size.HASH + Size.TRANSFER_HEAD);
  hkdf(At.BLOCK, At.SHARED, th, At.LABELS + Label.KTRANS);
  zero(At.BLOCK + Aead.NONCE, Aead.NONCE_SIZE);
  hkdf(kreceipt, At.SHARED, th, At.LABELS + Label.KRECEIPT);
}
/** RECEIPT for the TRANSFER whose hash is at `hash`; puts its message together at `scratch`. */
export function receipt(out: Offset, key: Offset, hash: Offset, scratch: Offset): void {
  copy(scratch, At.LABELS + Label.RECEIPT, LabelSize.RECEIPT);
  copy(scratch + ReceiptOf.HASH, hash, Size.HASH);
  hmac(out, key, scratch, ReceiptOf.SIZE);
}
