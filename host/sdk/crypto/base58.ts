/**
 * Base58Check (Bitcoin's, as BIP32 serialises keys), by @scure/base: payload and the first four
 * bytes of its double SHA-256. Browser-safe.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";
import { Failure } from "../failures/failure.js";

const coder = createBase58check(sha256);
const CHARACTERS = /^[1-9A-HJ-NP-Za-km-z]*$/;

export const encodeBase58Check = (payload: Uint8Array): string => coder.encode(payload);

/** Failure input/base58 for other characters, input/base58-check for a wrong checksum. */
export function decodeBase58Check(text: string): Uint8Array {
  if (!CHARACTERS.test(text)) throw new Failure("input/base58", {});
  try {
    return coder.decode(text);
  } catch (error) {
    throw new Failure("input/base58-check", {}, { cause: error });
  }
}
