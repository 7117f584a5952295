/**
 * What wallets sign of a message: SHA-256 twice over "Bitcoin Signed Message:\n" and the text, each
 * after its length (Bitcoin Core's signmessage), and the recoverable signature in base64 that a
 * card gives (header 31 + recovery id: compressed key). Browser-safe.
 */

import type { WalletSignature } from "../card/commands/index.js";
import { concat } from "../crypto/bytes.js";
import { hash } from "../crypto/hash.js";
import { toBase64 } from "../crypto/text.js";
import { Failure } from "../failures/failure.js";

const MAGIC = new TextEncoder().encode("Bitcoin Signed Message:\n");
const COMPRESSED = 31;

/** Bitcoin's variable-length integer; messages of 64 kB and more are refused. */
export function compactSize(size: number): Uint8Array {
  if (size < 0xfd) return Uint8Array.of(size);
  if (size > 0xffff) throw new Failure("input/message-long", {});
  return Uint8Array.of(0xfd, size & 255, size >> 8);
}

/** Bytes after their length. */
export const counted = (bytes: Uint8Array) => concat(compactSize(bytes.length), bytes);

/**
 * UTF-8. Failure input/message-text where a half of a character has none: TextEncoder would quietly
 * put U+FFFD in its place, and another text would be signed.
 */
export function messageBytes(message: string): Uint8Array {
  if (/\p{Surrogate}/u.test(message)) throw new Failure("input/message-text", {});
  return new TextEncoder().encode(message);
}

export function messageDigest(message: string): Uint8Array {
  return hash(hash(counted(MAGIC), counted(messageBytes(message))));
}

export function formatSignature({ signature, recoveryId }: WalletSignature): string {
  return toBase64(concat(Uint8Array.of(COMPRESSED + recoveryId), signature));
}
