/**
 * The destination's side of a backup (docs/protocol.md section 6): NAME_SOURCE, OFFER, ACCEPT,
 * CANCEL, and what dropping an offer costs. Invariants I3, I5, I9, I11.
 */
import { At, Msg, Rec } from "../../board/arena.js";
import { A, hasButton, now, pressed } from "../../board/board.js";
import { copy, ecdh, equal, hkdf, hmac, open, pubkey, sha256, zero } from "../../board/kernel.js";
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
import { attest, certified, compressTo, digest, headed, linked } from "../identity.js";
import { randomKey } from "../random.js";

/** When, without a button, the next offer may be dropped. */
let dropNotBefore = 0;

export function dropWaiting(): number {
  return hasButton() ? 0 : Math.max(0, Math.ceil(dropNotBefore - now()));
}
/** Starts the waiting time for the drops counted so far: at boot and after each. */
export function startDropDelay(): void {
  dropNotBefore = now() - Early.S + delay(A[At.REC + Rec.DROPS], Tries.DROPS_FREE);
}
/**
 * 0 if the stored offer, where there is one, may be dropped now; else the refusal. Each drop erases
 * flash, so a stranger in radio range must not be able to make many of them.
 */
export function dropRefused(): number {
  if (A[At.REC + Rec.STATE] !== State.OFFERED) return 0;
  if (hasButton()) return pressed() ? 0 : SW.PRESENCE;
  const seconds = dropWaiting();
  if (!seconds) return 0;
  A[At.OUT] = A[At.REC + Rec.DROPS];
  A[At.OUT + 1] = seconds >> 8;
  A[At.OUT + 2] = seconds;
  return (3 << 16) | SW.WAIT;
}
/** Prepares a record without an offer; needs the secrets in. */
export function forgetOffer(): void {
  zero(At.REC + Rec.OFFER, Size.OFFER);
  zero(At.REC + Rec.KLINK, 32);
}
/** Counts the drop that the next commit makes. */
export function countDrop(): void {
  if (A[At.REC + Rec.STATE] === State.OFFERED && A[At.REC + Rec.DROPS] < 255) {
    A[At.REC + Rec.DROPS]++;
  }
}

export function nameSource(): number {
  if (equal(At.DATA, At.REC + Rec.ID, Size.ID)) return SW.NAMES;
  if (A[At.REC + Rec.STATE] === State.OFFERED) {
    if (equal(At.DATA, At.REC + Rec.OFFER + Msg.NAMES, Size.ID + Size.SET_ID)) return SW.OK;
    const word = dropRefused();
    if (word) return word;
  }
  if (!randomKey(At.KEY)) return SW.RANDOM;
  pubkey(At.POINT2, At.KEY);
  secretsIn();
  countDrop();
  copy(At.REC + Rec.KLINK, At.KEY, 32);
  const offer = At.REC + Rec.OFFER;
  A[offer] = Protocol.VERSION;
  A[offer + 1] = Protocol.SUITE;
  A[offer + 2] = Type.OFFER;
  copy(offer + Msg.CERT, At.REC + Rec.CERT, Size.CERT);
  compressTo(offer + Msg.KLINK, At.POINT2);
  copy(offer + Msg.NAMES, At.DATA, Size.ID + Size.SET_ID);
  digest(Label.OFFER, LabelSize.OFFER, offer, Msg.SIGNATURE);
  attest(offer + Msg.SIGNATURE);
  if (!commit(State.OFFERED)) return SW.MEMORY;
  startDropDelay();
  return SW.OK;
}

export function offer(): number {
  copy(At.OUT, At.REC + Rec.OFFER, Size.OFFER);
  return (Size.OFFER << 16) | SW.OK;
}

export function cancel(): number {
  const word = dropRefused();
  if (word) return word;
  secretsIn();
  countDrop();
  forgetOffer();
  if (!commit(State.EMPTY)) return SW.MEMORY;
  startDropDelay();
  return SW.OK;
}

/** Where the parts of ENC's plaintext lie once it is opened. */
const enum Enc {
  AT = At.MSG,
  COST = At.MSG + 96,
  SET_ID = At.MSG + 97,
  N = At.MSG + 113,
  K = At.MSG + 114,
  LENGTH = 115,
  END = At.MSG + 116,
}

export function accept(): number {
  const offer = At.REC + Rec.OFFER;
  sha256(At.HASH3, At.DATA, Size.TRANSFER);
  if (A[At.REC + Rec.STATE] === State.COPY) {
    if (!equal(At.HASH3, At.REC + Rec.H_TRANSFER, Size.HASH)) return SW.USED;
    copy(At.OUT, At.REC + Rec.RECEIPT, Size.RECEIPT);
    return (Size.RECEIPT << 16) | SW.OK;
  }
  if (!headed(Type.TRANSFER)) return SW.DATA;
  digest(Label.ID, LabelSize.ID, At.DATA + Msg.KCARD, Size.POINT);
  if (!equal(At.HASH, offer + Msg.NAMES, Size.ID)) return SW.NAMES;
  sha256(At.HASH2, offer, Size.OFFER);
  secretsIn();
  if (
    !equal(At.HASH2, At.DATA + Msg.NAMES, Size.HASH) ||
    !certified(At.DATA + Msg.CERT) ||
    !linked(Label.TRANSFER, LabelSize.TRANSFER) ||
    !ecdh(At.SHARED, At.POINT2, At.REC + Rec.KLINK)
  )
    return SW.CRYPTO;
  transferKeys(At.KEY);
  copy(Enc.AT, At.DATA + Msg.ENC, Size.ENC);
  if (
    !open(At.BLOCK, Enc.AT, Enc.LENGTH, Size.HASH) ||
    !equal(Enc.SET_ID, offer + Msg.NAMES + Size.ID, Size.SET_ID) ||
    A[Enc.COST] < Scrypt.LEAST ||
    A[Enc.COST] > Scrypt.MOST ||
    A[Enc.N] < 2 ||
    A[Enc.N] > 3 ||
    A[Enc.K] < 2 ||
    A[Enc.K] > A[Enc.N]
  )
    return SW.CRYPTO;
  receipt(At.OUT, At.KEY, At.HASH3, Enc.END);
  copy(At.REC + Rec.RECEIPT, At.OUT, Size.RECEIPT);
  copy(At.REC + Rec.WRAPPED, Enc.AT, Size.WRAPPED + Size.SALT + 1);
  copy(At.REC + Rec.SET_ID, Enc.SET_ID, Size.SET_ID);
  copy(At.REC + Rec.N, Enc.N, 2);
  copy(At.REC + Rec.SOURCE_ID, offer + Msg.NAMES, Size.ID);
  copy(At.REC + Rec.H_TRANSFER, At.HASH3, Size.HASH);
  forgetOffer();
  A[At.REC + Rec.DROPS] = 0;
  return commit(State.COPY) ? (Size.RECEIPT << 16) | SW.OK : SW.MEMORY;
}

/**
 * The keys of a copy, from SHARED, H(OFFER) in HASH2 and TRANSFER's head in DATA: Ktrans into BLOCK
 * with nonce 0 (a Ktrans seals once) and th as its aad; Kreceipt to `kreceipt`. Uses MSG.
 */
export function transferKeys(kreceipt: number): void {
  const th = At.BLOCK + 44;
  copy(At.MSG, At.HASH2, Size.HASH);
  copy(At.MSG + Size.HASH, At.DATA, Size.TRANSFER_HEAD);
  sha256(th, At.MSG, Size.HASH + Size.TRANSFER_HEAD);
  hkdf(At.BLOCK, At.SHARED, th, At.LABELS + Label.KTRANS);
  zero(At.BLOCK + 32, 12);
  hkdf(kreceipt, At.SHARED, th, At.LABELS + Label.KRECEIPT);
}
/** RECEIPT for the TRANSFER whose hash is at `hash`; puts its message together at `scratch`. */
export function receipt(out: number, key: number, hash: number, scratch: number): void {
  copy(scratch, At.LABELS + Label.RECEIPT, LabelSize.RECEIPT);
  copy(scratch + LabelSize.RECEIPT, hash, Size.HASH);
  hmac(out, key, scratch, LabelSize.RECEIPT + Size.HASH);
}
