/**
 * secp256k1 (SEC 2 2.4.1): key pairs, point checks and ECDH. Browser-safe.
 *
 * Points are compressed (SEC 1 2.3.3), 33 bytes; every other encoding is refused.
 */

import { secp256k1 } from "@noble/curves/secp256k1.js";
import { SIZES } from "../wire/generated.js";
import { wipe } from "./bytes.js";
import { randomBytes } from "./random.js";

export interface KeyPair {
  readonly secret: Uint8Array;
  readonly point: Uint8Array;
}

/** Prefix 02 or 03, x < p, and on the curve. */
export function isPoint(bytes: Uint8Array): boolean {
  if (bytes.length !== SIZES.POINT || (bytes[0] !== 2 && bytes[0] !== 3)) return false;
  return secp256k1.utils.isValidPublicKey(bytes, true);
}

/** In 1..n-1. */
export function isScalar(bytes: Uint8Array): boolean {
  return bytes.length === 32 && secp256k1.utils.isValidSecretKey(bytes);
}

export function pointOf(secret: Uint8Array): Uint8Array {
  return secp256k1.getPublicKey(secret, true);
}

/** A fresh pair; 32 random bytes are drawn again in the rare case that they are not in 1..n-1. */
export function makeKeyPair(): KeyPair {
  let secret = randomBytes(32);
  while (!isScalar(secret)) secret = randomBytes(32);
  return { secret, point: pointOf(secret) };
}

/** x coordinate of secret x point [32]; undefined for what is not a point. */
export function ecdh(secret: Uint8Array, point: Uint8Array): Uint8Array | undefined {
  if (!isPoint(point)) return undefined;
  const shared = secp256k1.getSharedSecret(secret, point, true);
  const x = shared.slice(1);
  wipe(shared);
  return x;
}
