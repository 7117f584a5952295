/**
 * Suite 1 of docs/protocol.md (sections 1 and 2) over OpenSSL, for the test vectors: written from
 * the document, sharing nothing with the host (which has @noble) or the firmware, so that an error
 * in one of them shows. What OpenSSL lacks, signatures by RFC 6979 and digests that were hashed
 * before, is @noble's here too. Not for use outside tests: secrets are not wiped.
 */
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  createPublicKey,
  hkdfSync,
  verify as opensslVerify,
  type KeyObject,
} from "node:crypto";
import { secp256k1 } from "@noble/curves/secp256k1.js";
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
export const H = (...parts: Bytes[]): Bytes =>
  new Uint8Array(
    createHash("sha256")
      .update(cat(...parts))
      .digest(),
  );
export const hmac = (key: Bytes, ...parts: Bytes[]): Bytes =>
  new Uint8Array(
    createHmac("sha256", key)
      .update(cat(...parts))
      .digest(),
  );
export const hkdf = (ikm: Bytes, salt: Bytes, name: string): Bytes =>
  new Uint8Array(hkdfSync("sha256", ikm, salt, label(name), 32));

const AEAD = "chacha20-poly1305";
const TAG = { authTagLength: 16 } as const;
export function seal(key: Bytes, nonce: Bytes, aad: Bytes, plain: Bytes): Bytes {
  const cipher = createCipheriv(AEAD, key, nonce, TAG);
  cipher.setAAD(aad, { plaintextLength: plain.length });
  return cat(cipher.update(plain), cipher.final(), cipher.getAuthTag());
}
/** Throws when the tag fails. */
export function open(key: Bytes, nonce: Bytes, aad: Bytes, sealed: Bytes): Bytes {
  const end = sealed.length - TAG.authTagLength;
  if (end < 0) throw new Error("shorter than a tag");
  const cipher = createDecipheriv(AEAD, key, nonce, TAG);
  cipher.setAAD(aad, { plaintextLength: end });
  cipher.setAuthTag(sealed.subarray(end));
  return cat(cipher.update(sealed.subarray(0, end)), cipher.final());
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
/** A compressed point as OpenSSL reads it (RFC 5480): this, and the point. */
const SPKI = hexToBytes("3036301006072a8648ce3d020106052b8104000a032200");
const keys = new Remembered<KeyObject>();
/** Whether this is ECDSA(K, m) of section 1, with a low s. */
export function verify(signature: Bytes, message: Bytes, publicKey: Bytes): boolean {
  if (2n * toNumber(signature.subarray(32)) > CURVE_N) return false;
  const der = { key: Buffer.from(cat(SPKI, publicKey)), format: "der", type: "spki" } as const;
  const key = keys.get([publicKey], () => createPublicKey(der));
  return verified.get([signature, message, publicKey], () =>
    opensslVerify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, signature),
  );
}

/** ECDH(a, B): the x coordinate. */
export function ecdh(secret: Bytes, point: Bytes): Bytes {
  const x = () => {
    const own = createECDH("secp256k1");
    own.setPrivateKey(secret);
    return new Uint8Array(own.computeSecret(point));
  };
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
