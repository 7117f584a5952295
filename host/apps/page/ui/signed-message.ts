/**
 * A signed message as Bitcoin wallets exchange it: SHA-256 twice over "Bitcoin Signed Message:\n"
 * and the text, each after its length; a recoverable signature in base64 (header 31 + recovery id:
 * compressed key); the signer is named by a P2PKH address (Base58Check, version 0).
 */

import { ripemd160 } from "@noble/hashes/legacy.js";
import { decodeBase58Check, encodeBase58Check } from "../../../sdk/crypto/base58.js";
import { concat, equal } from "../../../sdk/crypto/bytes.js";
import { Failure } from "../../../sdk/failures/failure.js";
import { recoverPoint, verifyDigest } from "../../../sdk/crypto/ecdsa.js";
import { hash } from "../../../sdk/crypto/hash.js";
import type { WalletSignature } from "../../../sdk/card/commands/index.js";

const utf8 = (text: string) => new TextEncoder().encode(text);
const MAGIC = utf8("Bitcoin Signed Message:\n");
const COMPRESSED = 31;
const ADDRESS_SIZE = 21;

/** Bitcoin's variable-length integer; messages of 64 kB and more are refused. */
function length(size: number): Uint8Array {
  if (size < 0xfd) return Uint8Array.of(size);
  if (size > 0xffff) throw new Failure("input/message-long", {});
  return Uint8Array.of(0xfd, size & 255, size >> 8);
}

export function messageDigest(message: string): Uint8Array {
  const bytes = utf8(message);
  return hash(hash(concat(length(MAGIC.length), MAGIC, length(bytes.length), bytes)));
}

export function addressOf(publicKey: Uint8Array): string {
  return encodeBase58Check(concat(Uint8Array.of(0), ripemd160(hash(publicKey))));
}

export function formatSignature({ signature, recoveryId }: WalletSignature): string {
  const bytes = concat(Uint8Array.of(COMPRESSED + recoveryId), signature);
  return btoa(String.fromCharCode(...bytes));
}

/** Throws a Failure when address or signature are none; false when they don't belong together. */
export function verifySigned(message: string, address: string, signature: string): boolean {
  const named = readAddress(address.trim());
  const bytes = readSignature(signature.trim());
  const digest = messageDigest(message);
  const recoveryId = (bytes[0] as number) - COMPRESSED;
  const signer = recoverPoint(digest, bytes.subarray(1), recoveryId);
  if (!signer || !verifyDigest(signer, digest, bytes.subarray(1))) return false;
  return equal(named.subarray(1), ripemd160(hash(signer)));
}

function readAddress(text: string): Uint8Array {
  let payload: Uint8Array | undefined;
  try {
    payload = decodeBase58Check(text);
  } catch {
    // The one sentence below.
  }
  if (payload?.length === ADDRESS_SIZE && payload[0] === 0) return payload;
  throw new Failure("input/address", {});
}

function readSignature(text: string): Uint8Array {
  let bytes: Uint8Array | undefined;
  try {
    bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    // The one sentence below.
  }
  const header = bytes?.[0] ?? 0;
  if (bytes?.length === 65 && header >= COMPRESSED && header < COMPRESSED + 4) return bytes;
  throw new Failure("input/signature", {});
}
