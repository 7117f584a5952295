/**
 * BIP 322's simple signatures: the witness of a transaction that spends nothing and names the
 * message (bips/bip-0322). Checked here for the addresses of one key: P2WPKH and P2SH-P2WPKH
 * (digest: bips/bip-0143) and P2TR by its key (bips/bip-0341, 0340). What needs an interpreter of
 * scripts is `undefined`: not known, never "forged". Browser-safe.
 *
 * A high s is taken, against BIP 322's LOW_S: it says nothing about who signed.
 */

import { concat, equal } from "../crypto/bytes.js";
import { hash, hash160 } from "../crypto/hash.js";
import { verifyAnyS, verifySchnorr } from "../crypto/ecdsa.js";
import { isKeyOf, scriptOf } from "./address.js";
import type { Address } from "./address.js";
import { counted, messageBytes } from "./message.js";

const utf8 = (text: string) => new TextEncoder().encode(text);
const bytes = (...values: readonly number[]) => Uint8Array.from(values);
const twice = (...parts: readonly Uint8Array[]) => hash(hash(...parts));
const tagged = (tag: string, ...parts: readonly Uint8Array[]) =>
  hash(hash(utf8(tag)), hash(utf8(tag)), ...parts);

/** Numbers of 4 and 8 bytes, little-endian. */
const ZERO = new Uint8Array(4);
const NO_VALUE = new Uint8Array(8);
/** to_sign's only output: nothing, to OP_RETURN. */
const OUTPUT = concat(NO_VALUE, bytes(1, 0x6a));
const SIGHASH = { DEFAULT: 0, ALL: 1 } as const;

/** sha256_tag(m) of BIP 322. */
export const messageHash = (message: string) =>
  tagged("BIP0322-signed-message", messageBytes(message));

/** to_spend's hash, as an input names it. */
export function toSpend(message: string, script: Uint8Array): Uint8Array {
  const input = concat(new Uint8Array(32), bytes(255, 255, 255, 255));
  const scriptSig = concat(bytes(0, 32), messageHash(message));
  const inputs = concat(bytes(1), input, counted(scriptSig), ZERO);
  return twice(ZERO, inputs, bytes(1), NO_VALUE, counted(script), ZERO);
}

/** The items of a witness stack; undefined when it is none. At most 252 bytes each. */
export function readWitness(from: Uint8Array): Uint8Array[] | undefined {
  const count = from[0];
  if (!count || count >= 0xfd) return undefined;
  const items: Uint8Array[] = [];
  let at = 1;
  for (let i = 0; i < count; i++) {
    const size = from[at];
    if (size === undefined || size >= 0xfd || at + 1 + size > from.length) return undefined;
    items.push(from.slice(at + 1, at + 1 + size));
    at += 1 + size;
  }
  return at === from.length ? items : undefined;
}

/** Undefined: this witness can't be judged here. */
export function verifyWitness(
  message: string,
  address: Address,
  witness: readonly Uint8Array[],
): boolean | undefined {
  const [first, second, more] = witness;
  if (address.kind === "P2TR") {
    return first && !second ? byTaproot(message, address, first) : undefined;
  }
  if (address.kind !== "P2WPKH" && address.kind !== "P2SH") return undefined;
  if (!first || second?.length !== 33 || more) return undefined;
  // A script's hash may be that of any script: only its owner knows which.
  if (!isKeyOf(address, second)) return address.kind === "P2SH" ? undefined : false;
  return byKey(message, address, first, second);
}

function byKey(message: string, address: Address, signature: Uint8Array, publicKey: Uint8Array) {
  if (signature.at(-1) !== SIGHASH.ALL) return undefined;
  const outpoint = concat(toSpend(message, scriptOf(address)), ZERO);
  const script = scriptOf({ kind: "P2PKH", program: hash160(publicKey) });
  const input = concat(outpoint, counted(script), NO_VALUE, ZERO);
  const digest = twice(
    ...[ZERO, twice(outpoint), twice(ZERO), input, twice(OUTPUT), ZERO],
    bytes(SIGHASH.ALL, 0, 0, 0),
  );
  return verifyAnyS(publicKey, digest, signature.slice(0, -1), "der");
}

function byTaproot(message: string, address: Address, signature: Uint8Array) {
  const type = signature.length === 65 ? signature.at(-1) : SIGHASH.DEFAULT;
  const known = signature.length === 65 ? type === SIGHASH.ALL : signature.length === 64;
  if (!known || type === undefined) return undefined;
  const script = scriptOf(address);
  const outpoint = concat(toSpend(message, script), ZERO);
  // Epoch and type; version and lock time; hashes of outpoints, values, scripts, sequences,
  // outputs; spent by the key, no annex; input 0.
  const digest = tagged(
    "TapSighash",
    ...[bytes(0, type), ZERO, ZERO, hash(outpoint), hash(NO_VALUE), hash(counted(script))],
    ...[hash(ZERO), hash(OUTPUT), bytes(0), ZERO],
  );
  return verifySchnorr(address.program, digest, signature.subarray(0, 64));
}

/** A whole to_sign, or a PSBT of it (BIP 322's full form and its proof of funds). */
export function isFullForm(from: Uint8Array): boolean {
  const version = [ZERO, bytes(1, 0, 0, 0), bytes(2, 0, 0, 0)];
  const starts = [...version, utf8("psbt")];
  return from.length > 60 && starts.some((start) => equal(from.slice(0, 4), start));
}
