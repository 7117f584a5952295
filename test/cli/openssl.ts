/**
 * Verification without any of the project's code: OpenSSL through node:crypto.
 */

import { SigningKey } from "ethers";
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

/**
 * Bitcoin Core's signmessage: what is hashed twice, and the 65 bytes in base64: the header says
 * which key is recovered (which is ethers' to do), the rest is the signature.
 */
export function readBitcoinMessage(text: string, base64: string) {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length >= 0xfd) throw new Error("a short text, please");
  const magic = Buffer.from("\x18Bitcoin Signed Message:\n", "latin1");
  const once = sha256(Buffer.concat([magic, Buffer.from([bytes.length]), bytes]));
  const [header = 0, ...signature] = Buffer.from(base64, "base64");
  const [r, s] = [signature.slice(0, 32), signature.slice(32)].map(
    (part) => `0x${Buffer.from(part).toString("hex")}`,
  ) as [string, string];
  const point = SigningKey.recoverPublicKey(sha256(once), {
    ...{ r, s, yParity: ((header - 27) & 1) as 0 | 1 },
  });
  const publicKey = SigningKey.computePublicKey(point, true).slice(2);
  return { header, publicKey, good: verifies(publicKey, once, Uint8Array.from(signature)) };
}

export const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest();
