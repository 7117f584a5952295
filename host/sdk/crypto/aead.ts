/**
 * AEAD of docs/protocol.md 1: ChaCha20-Poly1305, RFC 8439. Browser-safe.
 */

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";

export const TAG_SIZE = 16;
const NONE = new Uint8Array(0);

/** 12 bytes: a 32-bit little-endian counter, then eight zeros. */
export function counterNonce(counter: number): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(0, counter, true);
  return nonce;
}

/** Ciphertext followed by its tag. */
export function seal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array) {
  return chacha20poly1305(key, nonce, aad).encrypt(plain) as Uint8Array;
}

/** The plaintext, or undefined when the tag does not hold. */
export function unseal(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  aad: Uint8Array = NONE,
): Uint8Array | undefined {
  if (sealed.length < TAG_SIZE) return undefined;
  try {
    return chacha20poly1305(key, nonce, aad).decrypt(sealed);
  } catch {
    return undefined;
  }
}
