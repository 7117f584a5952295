/**
 * Signatures of both chains (docs/protocol.md sections 2 and 6): Kmaker -> Kcard -> Klink.
 * A signature always covers a label and a message that this card puts together: Kcard never signs a
 * digest that a caller chose. `digest`, then `attest` or `attested`: two calls, since calls nest six
 * deep at most on a board.
 */
import { At, Msg, Rec } from "../board/arena.js";
import { A } from "../board/board.js";
import { compress, copy, decompress, equal, lows, sha256, sign, verify } from "../board/kernel.js";
import { secretsIn } from "../vault/vault.js";
import { Label, LabelSize, Protocol, Size } from "../wire/generated.js";

/** HASH = SHA-256 of the label and `length` bytes from `from`. Uses MSG. */
export function digest(label: number, labelSize: number, from: number, length: number): void {
  copy(At.MSG, At.LABELS + label, labelSize);
  copy(At.MSG + labelSize, from, length);
  sha256(At.HASH, At.MSG, labelSize + length);
}
/** Kcard's signature over HASH, 64 bytes to `out` (any alignment). */
export function attest(out: number): void {
  secretsIn();
  sign(At.SIG, At.HASH, At.REC + Rec.KCARD);
  copy(out, At.SIG, Size.SIGNATURE);
}
/** 1 if `signature` (any alignment, low-S) over HASH verifies under the point at `pub`. */
export function attested(signature: number, pub: number): number {
  copy(At.SIG, signature, Size.SIGNATURE);
  return lows(At.SIG) && verify(At.SIG, At.HASH, pub);
}
/** Decompresses 33 bytes (any alignment) to `out`; 0 if that is no point. Uses MSG. */
export function point(out: number, from: number): number {
  copy(At.MSG, from, Size.POINT);
  return decompress(out, At.MSG);
}
/** Compresses the point at `pub` to 33 bytes at `out` (any alignment). */
export function compressTo(out: number, pub: number): void {
  compress(At.SIG, pub);
  copy(out, At.SIG, Size.POINT);
}

/** 1 if what is in DATA opens with the header of an OFFER or a TRANSFER. */
export function headed(type: number): number {
  return A[At.DATA] === Protocol.VERSION &&
    A[At.DATA + 1] === Protocol.SUITE &&
    A[At.DATA + 2] === type
    ? 1
    : 0;
}

/** 1 if the Cert_Card at `cert` (any alignment) is Kmaker's; its Kcard, uncompressed, to POINT. */
export function certified(cert: number): number {
  if (
    A[cert] !== Protocol.VERSION ||
    A[cert + 1] !== Protocol.SUITE ||
    !equal(cert + 2, At.MAKER_ID, Size.MAKER_ID)
  )
    return 0;
  digest(Label.CERT, LabelSize.CERT, cert, 39);
  return attested(cert + 39, At.KMAKER_PUB) && point(At.POINT, cert + 6);
}

/**
 * The second half of the chain, after certified(At.DATA + Msg.CERT): 1 if the OFFER or TRANSFER in
 * DATA comes from another card and its Sign_Attest is that card's; its Klink to POINT2.
 */
export function linked(label: number, labelSize: number): number {
  if (equal(At.POINT, At.REC + Rec.KCARD_PUB, 64)) return 0;
  digest(label, labelSize, At.DATA, Msg.SIGNATURE);
  return attested(At.DATA + Msg.SIGNATURE, At.POINT) && point(At.POINT2, At.DATA + Msg.KLINK);
}
