/**
 * Signatures of both chains (docs/protocol.md sections 2 and 6): Kmaker -> Kcard -> Klink.
 * A signature always covers a label and a message that this card puts together: Kcard never signs a
 * digest that a caller chose. `digest`, then `attest` or `verifySignature`: two calls, since calls
 * nest six deep at most on a board.
 */
import { At, Cert, Head, Msg, Rec } from "../wire/layout.js";
import { bytes } from "../board/board.js";
import {
  compress,
  copy,
  decompress,
  ecdsaSign,
  ecdsaVerify,
  equal,
  lows,
  sha256,
} from "../wire/kernel.js";
import { secretsIn } from "../vault/vault.js";
import type { Flag, Offset } from "../types.js";
import { Label, LabelSize, Option, Protocol, Size, Type } from "../wire/generated.js";

/** HASH = SHA-256 of the label and `length` bytes from `from`. Uses MSG. */
export function digest(label: Label, labelSize: LabelSize, from: Offset, length: number): void {
  copy(At.MSG, At.LABELS + label, labelSize);
  copy(At.MSG + labelSize, from, length);
  sha256(At.HASH, At.MSG, labelSize + length);
}
/** Kcard's signature over HASH, 64 bytes to `out` (any alignment). */
export function attest(out: Offset): void {
  secretsIn();
  ecdsaSign(At.SIG, At.HASH, At.REC + Rec.KCARD);
  copy(out, At.SIG, Size.SIGNATURE);
}
/** 1 if `signature` (any alignment, low-S) over HASH verifies under the point at `pub`. */
export function verifySignature(signature: Offset, pub: Offset): Flag {
  copy(At.SIG, signature, Size.SIGNATURE);
  return lows(At.SIG) && ecdsaVerify(At.SIG, At.HASH, pub);
}
/** Decompresses 33 bytes (any alignment) to `out`; 0 if that is no point. Uses MSG. */
export function point(out: Offset, from: Offset): Flag {
  copy(At.MSG, from, Size.POINT);
  return decompress(out, At.MSG);
}
/** Compresses the point at `pub` to 33 bytes at `out` (any alignment). */
export function compressTo(out: Offset, pub: Offset): void {
  compress(At.SIG, pub);
  copy(out, At.SIG, Size.POINT);
}

/** Version and suite, which open what is signed or sent. */
export function putSuite(to: Offset): void {
  bytes[to] = Protocol.VERSION;
  bytes[to + 1] = Protocol.SUITE;
}
/** 1 if what is in DATA opens with the header of an OFFER or a TRANSFER. */
export function hasHeader(type: Type): Flag {
  return bytes[At.DATA + Head.VERSION] === Protocol.VERSION &&
    bytes[At.DATA + Head.SUITE] === Protocol.SUITE &&
    bytes[At.DATA + Head.TYPE] === type
    ? 1
    : 0;
}

/** 1 if the Cert_Card at `cert` (any alignment) is Kmaker's; its Kcard, uncompressed, to POINT. */
export function verifyCertificate(cert: Offset): Flag {
  if (
    bytes[cert + Cert.VERSION] !== Protocol.VERSION ||
    (bytes[cert + Cert.SUITE] & ~Option.CONSENT) !== Protocol.SUITE ||
    !equal(cert + Cert.MAKER_ID, At.MAKER_ID, Size.MAKER_ID)
  )
    return 0;
  digest(Label.CERT, LabelSize.CERT, cert, Cert.SIGNATURE);
  return (
    verifySignature(cert + Cert.SIGNATURE, At.KMAKER_PUB) && point(At.POINT, cert + Cert.KCARD)
  );
}

/**
 * The second half of the chain, after verifyCertificate(At.DATA + Msg.CERT): 1 if the OFFER or
 * TRANSFER in DATA comes from another card and its Sign_Attest, at `signature` in it and over all
 * before, is that card's; its Klink to POINT2.
 */
export function verifyLink(label: Label, labelSize: LabelSize, signature: Offset): Flag {
  if (equal(At.POINT, At.REC + Rec.KCARD_PUB, At.POINT_SIZE)) return 0;
  digest(label, labelSize, At.DATA, signature);
  return verifySignature(At.DATA + signature, At.POINT) && point(At.POINT2, At.DATA + Msg.KLINK);
}
