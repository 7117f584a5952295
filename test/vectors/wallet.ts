/** The access code of the vectors and what BIP32 makes of a master node (docs/protocol.md 5, 7). */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { scrypt } from "@noble/hashes/scrypt.js";
import { CURVE_N, byte, cat, fromNumber, keyPair, toNumber, type Bytes } from "./suite.js";

/** Decomposed by NFKD: one character that changes, and one that is not ASCII. */
export const ACCESS_CODE = "ﬁve-öl";
/** The lightest cost a card takes: the vectors need no strength. */
export const COST = 10;

export function codeBytes(code: string): Bytes {
  return new TextEncoder().encode(code.normalize("NFKD"));
}
const cache = new Map<string, Bytes>();
export function stretch(code: string, salt: Bytes, cost: number): Bytes {
  const key = `${code} ${cost} ${salt.join()}`;
  const known = cache.get(key) ?? scrypt(codeBytes(code), salt, { N: 2 ** cost, r: 8, p: 1 });
  cache.set(key, known);
  return known.slice();
}

export interface Node {
  readonly key: Bytes;
  readonly chain: Bytes;
}
/** CKDpriv of BIP32. */
export function child(node: Node, index: number): Node {
  const number = byte(index >>> 24, (index >>> 16) & 255, (index >>> 8) & 255, index & 255);
  const from = index >= 2 ** 31 ? cat(byte(0), node.key) : keyPair(node.key).public;
  const mac = hmac(sha512, node.chain, cat(from, number));
  const key = (toNumber(mac.subarray(0, 32)) + toNumber(node.key)) % CURVE_N;
  return { key: fromNumber(key), chain: mac.slice(32) };
}
/** r || s || recovery id over a digest. */
export function signRecoverable(key: Bytes, digest: Bytes): Bytes {
  const options = { prehash: false, lowS: true, extraEntropy: false, format: "recovered" } as const;
  const signature = secp256k1.sign(digest, key, options);
  return cat(signature.subarray(1), signature.subarray(0, 1));
}
