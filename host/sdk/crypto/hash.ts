/**
 * H, HMAC and HKDF of docs/protocol.md 1: SHA-256 (FIPS 180-4), RFC 2104, RFC 5869; and Bitcoin's
 * HASH160. Browser-safe.
 */

import { hkdf as nobleHkdf } from "@noble/hashes/hkdf.js";
import { hmac as nobleHmac } from "@noble/hashes/hmac.js";
import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { LabelName } from "../wire/generated.js";
import { concat } from "./bytes.js";
import { label } from "./labels.js";

export function hash(...parts: readonly Uint8Array[]): Uint8Array {
  return sha256(concat(...parts));
}

/** RIPEMD-160(SHA-256(bytes)) [20]: what Bitcoin calls a key or a script by. */
export const hash160 = (bytes: Uint8Array): Uint8Array => ripemd160(hash(bytes));

export function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return nobleHmac(sha256, key, concat(...parts));
}

/** HKDF(ikm, salt, label): 32 bytes out, info = L(label). */
export function hkdf(ikm: Uint8Array, salt: Uint8Array, name: LabelName): Uint8Array {
  return nobleHkdf(sha256, ikm, salt, label(name), 32);
}
