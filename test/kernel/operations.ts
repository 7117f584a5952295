/** The kernel's entries as functions of bytes, each over a fresh arena. undefined = refused. */

import assert from "node:assert/strict";
import type { Subject } from "./subject.js";

type Bytes = Uint8Array;

export const join = (...parts: readonly Bytes[]): Bytes => Uint8Array.from(Buffer.concat(parts));

/** A label as hkdf, lock and unlock take it: its length, then the label. */
export const labelled = (text: string): Bytes =>
  join(Uint8Array.of(text.length), Buffer.from(text));

export function sha256(s: Subject, data: Bytes): Bytes {
  s.fresh();
  return s.output("sha256", 32, s.put(data), data.length) as Bytes;
}

export function sha512(s: Subject, data: Bytes): Bytes {
  s.fresh();
  return s.output("sha512", 64, s.put(data), data.length) as Bytes;
}

export function hmac(s: Subject, key: Bytes, data: Bytes): Bytes {
  s.fresh();
  return s.output("hmac", 32, s.put(key), s.put(data), data.length) as Bytes;
}

export function hkdf(s: Subject, ikm: Bytes, salt: Bytes, info: Bytes): Bytes {
  s.fresh();
  return s.output("hkdf", 32, s.put(ikm), s.put(salt), s.put(info)) as Bytes;
}

/** Ciphertext and tag. */
export function seal(s: Subject, key: Bytes, nonce: Bytes, aad: Bytes, text: Bytes): Bytes {
  s.fresh();
  const block = s.put(join(key, nonce, aad));
  const length = text.length + 16;
  const data = s.put(join(text, new Uint8Array(16)));
  assert.equal(s.call("seal", [block, data, text.length, aad.length], data, length), 1);
  return s.read(data, length);
}

export function open(
  s: Subject,
  key: Bytes,
  nonce: Bytes,
  aad: Bytes,
  sealed: Bytes,
): Bytes | undefined {
  s.fresh();
  const block = s.put(join(key, nonce, aad));
  const data = s.put(sealed);
  const length = sealed.length - 16;
  const result = s.call("open", [block, data, length, aad.length], data, sealed.length);
  if (result === 1) return s.read(data, length);
  assert.equal(result, 0);
  assert.deepEqual(s.read(data, sealed.length), sealed, "a failed open touched its data");
  return undefined;
}

export function pubkey(s: Subject, key: Bytes): Bytes | undefined {
  s.fresh();
  return s.output("pubkey", 64, s.put(key));
}

export function sign(s: Subject, digest: Bytes, key: Bytes): Bytes | undefined {
  s.fresh();
  return s.output("sign", 65, s.put(digest), s.put(key));
}

/** A call that answers yes or no and writes nothing. */
function asks(result: number): boolean {
  assert.ok(result === 0 || result === 1, `returned ${result}`);
  return result === 1;
}

export function verify(s: Subject, signature: Bytes, digest: Bytes, pub: Bytes): boolean {
  s.fresh();
  return asks(s.call("verify", [s.put(signature), s.put(digest), s.put(pub)]));
}

export function ecdh(s: Subject, pub: Bytes, key: Bytes): Bytes | undefined {
  s.fresh();
  return s.output("ecdh", 32, s.put(pub), s.put(key));
}

export function decompress(s: Subject, point: Bytes): Bytes | undefined {
  s.fresh();
  return s.output("decompress", 64, s.put(point));
}

export function compress(s: Subject, pub: Bytes): Bytes {
  s.fresh();
  return s.output("compress", 33, s.put(pub)) as Bytes;
}

export function lows(s: Subject, signature: Bytes): boolean {
  s.fresh();
  return asks(s.call("lows", [s.put(signature)]));
}

export function keyok(s: Subject, key: Bytes): boolean {
  s.fresh();
  return asks(s.call("keyok", [s.put(key)]));
}

export function derive(s: Subject, node: Bytes, index: number): Bytes | undefined {
  s.fresh();
  return s.output("derive", 64, s.put(node), index);
}

export function lock(s: Subject, node: Bytes, stretched: Bytes, info: Bytes): Bytes {
  s.fresh();
  return s.output("lock", 80, s.put(node), s.put(stretched), s.put(info)) as Bytes;
}

export function unlock(s: Subject, wrapped: Bytes, stretched: Bytes, info: Bytes) {
  s.fresh();
  return s.output("unlock", 64, s.put(wrapped), s.put(stretched), s.put(info));
}
