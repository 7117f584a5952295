/**
 * Base58Check (Bitcoin's, as BIP32 serialises keys): payload and the first four bytes of its double
 * SHA-256. Browser-safe.
 */

import { Failure } from "../failures/failure.js";
import { concat, equal } from "./bytes.js";
import { hash } from "./hash.js";

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const CHECK_SIZE = 4;

const checksum = (payload: Uint8Array) => hash(hash(payload)).subarray(0, CHECK_SIZE);

export function encodeBase58Check(payload: Uint8Array): string {
  const bytes = concat(payload, checksum(payload));
  let value = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let text = "";
  for (; value > 0n; value /= 58n) text = ALPHABET.charAt(Number(value % 58n)) + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(zeros < 0 ? bytes.length : zeros) + text;
}

export function decodeBase58Check(text: string): Uint8Array {
  let value = 0n;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) throw new Failure("input/base58", {});
    value = value * 58n + BigInt(digit);
  }
  const body: number[] = [];
  for (; value > 0n; value /= 256n) body.unshift(Number(value % 256n));
  const zeros = /^1*/.exec(text)?.[0].length ?? 0;
  const bytes = concat(new Uint8Array(zeros), Uint8Array.from(body));
  const payload = bytes.slice(0, -CHECK_SIZE);
  if (bytes.length < CHECK_SIZE || !equal(checksum(payload), bytes.slice(-CHECK_SIZE))) {
    throw new Failure("input/base58-check", {});
  }
  return payload;
}
