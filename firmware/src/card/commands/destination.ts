/**
 * The destination's side of a backup (docs/protocol.md section 6): NAME_SOURCE, OFFER, ACCEPT,
 * CANCEL, and what dropping an offer costs. Invariants I3, I5, I9, I11.
 */
import type { Answer, Offset, Refusal } from "../../types.js";
import { Aead, At, Cert, Enc, Head, Miss, Msg, Ok, Rec, ReceiptOf } from "../../wire/layout.js";
import { bytes, hasButton, now, pressed } from "../../board/board.js";
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
import { delay, Early } from "../../vault/tries.js";
import { commit, secretsIn } from "../../vault/vault.js";
import {
  Label,
  LabelSize,
  Protocol,
  Scrypt,
  Size,
  State,
  SW,
  Tries,
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
import { randomKey } from "../random.js";

/** When, without a button, the next offer may be dropped. */
let dropNotBefore = 0;

export function dropWaiting(): number {
  return hasButton() ? 0 : Math.max(0, Math.ceil(dropNotBefore - now()));
}
/** Starts the waiting time for the drops counted so far: at boot and after each. */
export function startDropDelay(): void {
  dropNotBefore = now() - Early.S + delay(bytes[At.REC + Rec.DROPS], Tries.DROPS_FREE);
}
/**
 * Refuses to drop the stored offer, where there is one, before its time. Each drop erases flash, so
 * a stranger in radio range must not be able to make many of them.
 */
export function dropRefusal(): Refusal {
  if (bytes[At.REC + Rec.STATE] !== State.OFFERED) return 0;
  if (hasButton()) return pressed() ? 0 : SW.PRESENCE;
  const seconds = dropWaiting();
  if (!seconds) return 0;
  bytes[At.OUT + Miss.COUNT] = bytes[At.REC + Rec.DROPS];
  bytes[At.OUT + Miss.SECONDS] = seconds >> 8;
  bytes[At.OUT + Miss.SECONDS + 1] = seconds;
  return ((Miss.SIZE << 16) | SW.WAIT) as Answer;
}
/** Prepares a record without an offer; needs the secrets in. */
export function forgetOffer(): void {
  zero(At.REC + Rec.OFFER, Size.OFFER);
  zero(At.REC + Rec.KLINK, Size.KEY);
}
/** Counts the drop that the next commit makes. */
export function countDrop(): void {
  if (bytes[At.REC + Rec.STATE] === State.OFFERED && bytes[At.REC + Rec.DROPS] < 255) {
    bytes[At.REC + Rec.DROPS]++;
  }
}

export function nameSource(): Answer {
  if (equal(At.DATA, At.REC + Rec.ID, Size.ID)) return SW.NAMES;
  if (bytes[At.REC + Rec.STATE] === State.OFFERED) {
    if (equal(At.DATA, At.REC + Rec.OFFER + Msg.SOURCE, Msg.SOURCE_SIZE)) return SW.OK;
    const refusal = dropRefusal();
    if (refusal) return refusal;
  }
  if (!randomKey(At.KEY)) return SW.RANDOM;
  pubkey(At.POINT2, At.KEY);
  secretsIn();
  countDrop();
  copy(At.REC + Rec.KLINK, At.KEY, Size.KEY);
  const offer = At.REC + Rec.OFFER;
  bytes[offer + Head.VERSION] = Protocol.VERSION;
  bytes[offer + Head.SUITE] = Protocol.SUITE;
  bytes[offer + Head.TYPE] = Type.OFFER;
  copy(offer + Msg.CERT, At.REC + Rec.CERT, Size.CERT);
  compressTo(offer + Msg.KLINK, At.POINT2);
  copy(offer + Msg.SOURCE, At.DATA, Msg.SOURCE_SIZE);
  digest(Label.OFFER, LabelSize.OFFER, offer, Msg.SIGNATURE);
  attest(offer + Msg.SIGNATURE);
  if (!commit(State.OFFERED)) return SW.MEMORY;
  startDropDelay();
  return SW.OK;
}

export function offer(): Answer {
  copy(At.OUT, At.REC + Rec.OFFER, Size.OFFER);
  return Ok.OFFER;
}

export function cancel(): Answer {
  const refusal = dropRefusal();
  if (refusal) return refusal;
  secretsIn();
  countDrop();
  forgetOffer();
  if (!commit(State.EMPTY)) return SW.MEMORY;
  startDropDelay();
  return SW.OK;
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
  if (!equal(At.HASH, offer + Msg.SOURCE_ID, Size.ID)) return SW.NAMES;
  sha256(At.HASH2, offer, Size.OFFER);
  secretsIn();
  if (
    !equal(At.HASH2, At.DATA + Msg.OFFER_HASH, Size.HASH) ||
    !verifyCertificate(At.DATA + Msg.CERT) ||
    !verifyLink(Label.TRANSFER, LabelSize.TRANSFER) ||
    !ecdh(At.SHARED, At.POINT2, At.REC + Rec.KLINK)
  )
    return SW.CRYPTO;
  transferKeys(At.KEY);
  copy(At.ENC, At.DATA + Msg.ENC, Size.ENC);
  if (
    !aeadOpen(At.BLOCK, At.ENC, Enc.TEXT_SIZE, Size.HASH) ||
    !equal(At.ENC + Enc.SET_ID, offer + Msg.SET_ID, Size.SET_ID) ||
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
  copy(At.REC + Rec.SOURCE_ID, offer + Msg.SOURCE_ID, Size.ID);
  copy(At.REC + Rec.H_TRANSFER, At.HASH3, Size.HASH);
  forgetOffer();
  bytes[At.REC + Rec.DROPS] = 0;
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
