/**
 * Verification without any of the project's code or libraries: OpenSSL through node:crypto.
 */

import { createHash, createPublicKey, verify } from "node:crypto";

/** SubjectPublicKeyInfo of a compressed point on secp256k1 (RFC 5480, SEC 2). */
const SPKI = Buffer.from("3036301006072a8648ce3d020106052b8104000a032200", "hex");

/** ECDSA with SHA-256 over `message`, signature r || s. */
export function verifies(publicKey: string, message: Uint8Array, signature: Uint8Array): boolean {
  const der = Buffer.concat([SPKI, Buffer.from(publicKey, "hex")]);
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  return verify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, signature);
}

/** A signed statement as the command line prints it: what was signed, then 64 bytes. */
export function splitSigned(hex: string): { signed: Buffer; signature: Buffer } {
  const bytes = Buffer.from(hex, "hex");
  return { signed: bytes.subarray(0, -64), signature: bytes.subarray(-64) };
}

/** Its label, which must come first with its length, and the rest. */
export function splitLabel(signed: Buffer): { label: string; body: Buffer } {
  const size = 1 + (signed[0] as number);
  return { label: signed.subarray(1, size).toString("latin1"), body: signed.subarray(size) };
}

export const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest();
