/**
 * Bitcoin's addresses, as far as messages are signed by them: which script they stand for, and
 * whether a public key is theirs. Base58Check (P2PKH, P2SH) and Bech32 (bips/bip-0141, 0341), of
 * the main network and of the test networks. Browser-safe.
 */

import { decodeBase58Check, encodeBase58Check } from "../crypto/base58.js";
import { decodeWitnessProgram, encodeWitnessProgram } from "../crypto/bech32.js";
import { concat, equal } from "../crypto/bytes.js";
import { hash160 } from "../crypto/hash.js";
import { Failure } from "../failures/failure.js";

/** The script: a key's hash, a script's hash, or a key itself (P2TR). */
export type AddressKind = "P2PKH" | "P2SH" | "P2WPKH" | "P2WSH" | "P2TR";

export interface Address {
  readonly kind: AddressKind;
  /** The hash [20 or 32], or the x coordinate of P2TR's key [32]. */
  readonly program: Uint8Array;
}

const P2PKH_VERSION = 0;
const BASE58_KINDS: Readonly<Partial<Record<number, AddressKind>>> = {
  [P2PKH_VERSION]: "P2PKH",
  0x6f: "P2PKH",
  0x05: "P2SH",
  0xc4: "P2SH",
};
const PREFIXES = ["bc", "tb", "bcrt"];
const WITNESS_KINDS: Readonly<Partial<Record<string, AddressKind>>> = {
  "0/20": "P2WPKH",
  "0/32": "P2WSH",
  "1/32": "P2TR",
};
const HASH_SIZE = 20;

/**
 * Failure input/address for what is no address at all, input/address-kind for one that is whole but
 * of no kind that stands above (another coin's, a later witness version).
 */
export function readAddress(text: string): Address {
  const clean = text.trim();
  const { kind, program } = base58(clean) ?? witness(clean) ?? {};
  if (!program) throw new Failure("input/address", {});
  if (!kind) throw new Failure("input/address-kind", {});
  return { kind, program };
}

interface Decoded {
  readonly kind: AddressKind | undefined;
  readonly program: Uint8Array;
}

function base58(text: string): Decoded | undefined {
  const payload = orNothing(() => decodeBase58Check(text));
  if (!payload?.length) return undefined;
  const sized = payload.length === 1 + HASH_SIZE;
  return {
    kind: sized ? BASE58_KINDS[payload[0] as number] : undefined,
    program: payload.slice(1),
  };
}

function witness(text: string): Decoded | undefined {
  const decoded = orNothing(() => decodeWitnessProgram(text));
  if (!decoded) return undefined;
  const { prefix, version, program } = decoded;
  const kind = WITNESS_KINDS[`${version}/${program.length}`];
  return { kind: PREFIXES.includes(prefix) ? kind : undefined, program };
}

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Its P2PKH address: what a card's signed message names. */
export function addressOf(publicKey: Uint8Array): string {
  return encodeBase58Check(concat(Uint8Array.of(P2PKH_VERSION), hash160(publicKey)));
}

/** Its P2WPKH address on the main network: what wallets receive by (BIP 84). */
export const witnessAddressOf = (publicKey: Uint8Array): string =>
  encodeWitnessProgram({ prefix: "bc", version: 0, program: hash160(publicKey) });

/** P2WPKH's script for a key's hash: OP_0, 20 bytes. */
export const witnessScript = (keyHash: Uint8Array) => concat(Uint8Array.of(0, HASH_SIZE), keyHash);

/** Whether this encoding of a key hashes to a P2PKH, P2WPKH or P2SH-P2WPKH address. */
export function isKeyOf({ kind, program }: Address, publicKey: Uint8Array): boolean {
  const keyHash = hash160(publicKey);
  if (kind === "P2PKH" || kind === "P2WPKH") return equal(program, keyHash);
  return kind === "P2SH" && equal(program, hash160(witnessScript(keyHash)));
}

/** scriptPubKey. */
export function scriptOf({ kind, program }: Address): Uint8Array {
  switch (kind) {
    case "P2PKH":
      return concat(Uint8Array.of(0x76, 0xa9, HASH_SIZE), program, Uint8Array.of(0x88, 0xac));
    case "P2SH":
      return concat(Uint8Array.of(0xa9, HASH_SIZE), program, Uint8Array.of(0x87));
    case "P2TR":
      return concat(Uint8Array.of(0x51, program.length), program);
    default:
      return concat(Uint8Array.of(0, program.length), program);
  }
}
