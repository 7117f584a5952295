/**
 * Suite 1 of docs/protocol.md (sections 1 and 2) over @noble, for the test vectors: written from
 * the document, sharing nothing with the host or the firmware, so that an error in one of them
 * shows. Not for use outside tests: secrets are not wiped.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { hkdf as nobleHkdf } from "@noble/hashes/hkdf.js";
import { hmac as nobleHmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { Remembered } from "../support/remembered.js";

export { bytesToHex as hex } from "@noble/hashes/utils.js";
export type Bytes = Uint8Array;
export const cat = concatBytes;
export const fromHex = hexToBytes;
export const ascii = utf8ToBytes;
export const byte = (...values: number[]): Bytes => Uint8Array.from(values);

export interface KeyPair {
  readonly secret: Bytes;
  readonly public: Bytes;
}

export const CURVE_P = secp256k1.Point.CURVE().p;
export const CURVE_N = secp256k1.Point.CURVE().n;
export const NONCE_0 = new Uint8Array(12);
export const VERSION_SUITE = byte(1, 1);
export const header = (type: number): Bytes => cat(VERSION_SUITE, byte(type));

/** L(x). */
export const label = (text: string): Bytes => cat(byte(text.length), ascii(text));
/** H(x). */
export const H = (...parts: Bytes[]): Bytes => sha256(cat(...parts));
export const hmac = (key: Bytes, ...parts: Bytes[]): Bytes => nobleHmac(sha256, key, cat(...parts));
export const hkdf = (ikm: Bytes, salt: Bytes, name: string): Bytes =>
  nobleHkdf(sha256, ikm, salt, label(name), 32);

export function seal(key: Bytes, nonce: Bytes, aad: Bytes, plain: Bytes): Bytes {
  return chacha20poly1305(key, nonce, aad).encrypt(plain);
}
/** Throws when the tag fails. */
export function open(key: Bytes, nonce: Bytes, aad: Bytes, sealed: Bytes): Bytes {
  return chacha20poly1305(key, nonce, aad).decrypt(sealed);
}

// Suites that bring cards back to a state ask for the same again and again.
const publicKeys = new Remembered<Bytes>();
const shared = new Remembered<Bytes>();
const signatures = new Remembered<Bytes>();
const verified = new Remembered<boolean>();

export function keyPair(secret: Bytes): KeyPair {
  const key = publicKeys.get([secret], () => secp256k1.getPublicKey(secret, true));
  return { secret, public: key.slice() };
}
/** ECDSA over a digest: r || s, low s, RFC 6979. */
export function signDigest(key: Bytes, digest: Bytes): Bytes {
  const sign = () =>
    secp256k1.sign(digest, key, { prehash: false, lowS: true, extraEntropy: false });
  return signatures.get([digest, key], sign).slice();
}
/** ECDSA(K, m) of section 1. */
export const ecdsa = (key: Bytes, ...message: Bytes[]): Bytes => signDigest(key, H(...message));

export function verifyDigest(signature: Bytes, digest: Bytes, publicKey: Bytes): boolean {
  return verified.get([signature, digest, publicKey], () =>
    secp256k1.verify(signature, digest, publicKey, { prehash: false, lowS: true }),
  );
}
/** ECDH(a, B): the x coordinate. */
export function ecdh(secret: Bytes, point: Bytes): Bytes {
  const x = () => secp256k1.getSharedSecret(secret, point, true).subarray(1);
  return shared.get([secret, point], x).slice();
}
export function isPoint(data: Bytes): boolean {
  return data.length === 33 && secp256k1.utils.isValidPublicKey(data, true);
}

export function toNumber(data: Bytes): bigint {
  return data.reduce((sum, value) => (sum << 8n) | BigInt(value), 0n);
}
export function fromNumber(value: bigint): Bytes {
  return hexToBytes(value.toString(16).padStart(64, "0"));
}
/** The other signature over the same message: s -> n - s. */
export function highS(signature: Bytes): Bytes {
  const s = CURVE_N - toNumber(signature.subarray(32));
  return cat(signature.subarray(0, 32), fromNumber(s));
}
/** A copy with the bits of `mask` turned over at `offset`. */
export function flip(data: Bytes, offset: number, mask = 1): Bytes {
  const copy = data.slice();
  copy[offset] = (copy[offset] ?? 0) ^ mask;
  return copy;
}
/** A copy with `part` written at `offset`. */
export function put(data: Bytes, offset: number, part: Bytes): Bytes {
  const copy = data.slice();
  copy.set(part, offset);
  return copy;
}

/** 32 bytes that depend on nothing but a seed and a name: the vectors' "random" values. */
export class Source {
  constructor(readonly seed: string) {}
  bytes(name: string, length = 32): Bytes {
    return H(label(this.seed), label(name)).subarray(0, length);
  }
  /** A private key; a hash is in 1..n-1 for every name used here, which this checks. */
  key(name: string): KeyPair {
    const secret = this.bytes(name);
    if (!secp256k1.utils.isValidSecretKey(secret)) throw new Error(`"${name}" gives no key`);
    return keyPair(secret);
  }
}
