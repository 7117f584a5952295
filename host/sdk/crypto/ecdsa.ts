/**
 * ECDSA(K, m) of docs/protocol.md 1: secp256k1, SHA-256, RFC 6979 without extra entropy,
 * r || s [64] with a low s; a high s is refused. What other people's wallets sign (host/sdk/signed)
 * has rules of its own: either s, and Schnorr's signatures of bips/bip-0340. Browser-safe.
 */

import { schnorr, secp256k1 } from "@noble/curves/secp256k1.js";
import { SIZES } from "../wire/generated.js";
import { concat } from "./bytes.js";
import { isPoint } from "./curve.js";
import { hash } from "./hash.js";

const COMPACT = { prehash: false, lowS: true, format: "compact", extraEntropy: false } as const;

export function signDigest(secret: Uint8Array, digest: Uint8Array): Uint8Array {
  return secp256k1.sign(digest, secret, COMPACT);
}

/** Signs H(all parts one after the other). */
export function signMessage(secret: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return signDigest(secret, hash(...parts));
}

/** False for a wrong signature, a high s, a malformed signature and what is not a point. */
export function verifyDigest(
  point: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (!isPoint(point) || signature.length !== SIZES.SIGNATURE || digest.length !== SIZES.HASH) {
    return false;
  }
  try {
    return secp256k1.verify(signature, digest, point, COMPACT);
  } catch {
    return false;
  }
}

export function verifyMessage(
  point: Uint8Array,
  signature: Uint8Array,
  ...parts: readonly Uint8Array[]
): boolean {
  return verifyDigest(point, hash(...parts), signature);
}

/** The key that made a signature with this recovery id (SEC 1 4.1.6), or undefined. */
export function recoverPoint(
  digest: Uint8Array,
  signature: Uint8Array,
  recoveryId: number,
): Uint8Array | undefined {
  if (recoveryId < 0 || recoveryId > 3) return undefined;
  const recovered = concat(Uint8Array.of(recoveryId), signature);
  try {
    return secp256k1.recoverPublicKey(recovered, digest, { prehash: false });
  } catch {
    return undefined;
  }
}

/** A signature of somebody else's wallet: s may be high. False for what is malformed. */
export function verifyAnyS(
  point: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array,
  format: "compact" | "der" = "compact",
): boolean {
  if (!isPoint(point)) return false;
  try {
    return secp256k1.verify(signature, digest, point, { prehash: false, lowS: false, format });
  } catch {
    return false;
  }
}

/** bips/bip-0340, by the key's x coordinate [32]. False for what is malformed. */
export function verifySchnorr(x: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  try {
    return schnorr.verify(signature, digest, x);
  } catch {
    return false;
  }
}

/** A point as SEC 1 2.3.3 writes it with both coordinates, 65 bytes: old wallets' keys. */
export const uncompressed = (point: Uint8Array): Uint8Array =>
  secp256k1.Point.fromBytes(point).toBytes(false);
