/**
 * Bitcoin's addresses of one key, as wallets group them: the purpose of their paths (bips/bip-0044,
 * 0049, 0084), their descriptors (bips/bip-0381, 0382) and the version bytes of their extended keys
 * (SLIP-132); and the networks. Browser-safe.
 */

import { bech32, createBase58check } from "@scure/base";
import { sha256 } from "@noble/hashes/sha2.js";
import type { XpubVersion } from "../crypto/bip32.js";
import { concat } from "../crypto/bytes.js";
import { hash160 } from "../crypto/hash.js";
import { witnessScript } from "../signed/address.js";

export const HARDENED = 0x80000000;
const base58check = createBase58check(sha256);

interface Network {
  /** SLIP-44 */
  readonly coin: number;
  readonly bech32: string;
  readonly pubKeyHash: number;
  readonly scriptHash: number;
}
/** testnet stands for signet too: their addresses look the same. */
export const NETWORKS = {
  bitcoin: { coin: 0, bech32: "bc", pubKeyHash: 0x00, scriptHash: 0x05 },
  testnet: { coin: 1, bech32: "tb", pubKeyHash: 0x6f, scriptHash: 0xc4 },
  regtest: { coin: 1, bech32: "bcrt", pubKeyHash: 0x6f, scriptHash: 0xc4 },
} as const satisfies Readonly<Record<string, Network>>;
export type NetworkName = keyof typeof NETWORKS;

interface Kind {
  readonly purpose: number;
  /** Around a key's expression. */
  readonly descriptor: (key: string) => string;
  /** SLIP-132, by coin. */
  readonly versions: readonly [main: XpubVersion, test: XpubVersion];
}
export const KINDS = {
  wpkh: { purpose: 84, descriptor: (key) => `wpkh(${key})`, versions: ["zpub", "vpub"] },
  "sh-wpkh": { purpose: 49, descriptor: (key) => `sh(wpkh(${key}))`, versions: ["ypub", "upub"] },
  pkh: { purpose: 44, descriptor: (key) => `pkh(${key})`, versions: ["xpub", "tpub"] },
} as const satisfies Readonly<Record<string, Kind>>;
/** P2WPKH, P2SH-P2WPKH, P2PKH: as descriptors write them. */
export type KindName = keyof typeof KINDS;

/** m/84'/0'/0' */
export const accountPath = (kind: KindName, network: NetworkName, account = 0): number[] =>
  [KINDS[kind].purpose, NETWORKS[network].coin, account].map((index) => index + HARDENED);

/** By a path's purpose; undefined for another one. */
export const kindOfPath = ([purpose = 0]: readonly number[]): KindName | undefined =>
  (Object.keys(KINDS) as KindName[]).find((name) => KINDS[name].purpose + HARDENED === purpose);

/** The address of one key [33]. */
export function addressOfKey(
  publicKey: Uint8Array,
  kind: KindName,
  network: NetworkName = "bitcoin",
): string {
  const { bech32: prefix, pubKeyHash, scriptHash } = NETWORKS[network];
  const hash = hash160(publicKey);
  if (kind === "wpkh") return bech32.encode(prefix, [0, ...bech32.toWords(hash)]);
  if (kind === "pkh") return base58check.encode(concat(Uint8Array.of(pubKeyHash), hash));
  return base58check.encode(concat(Uint8Array.of(scriptHash), hash160(witnessScript(hash))));
}
