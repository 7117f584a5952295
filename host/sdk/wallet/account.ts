/**
 * An account of the wallet: the extended public key that the card gave at its path, and the keys
 * below it, derived here by @scure/bip32 (bips/bip-0032, CKDpub). Browser-safe.
 */

import { nodeOf } from "../crypto/bip32.js";
import type { ExtendedKey } from "../crypto/bip32.js";
import type { CardSource } from "../signers/source.js";
import { cardOf, masterFingerprint } from "../signers/source.js";
import { accountPath, addressOfKey } from "./kinds.js";
import type { KindName, NetworkName } from "./kinds.js";

/** The public key at a path of children that are not hardened. */
export function childKey(key: ExtendedKey, below: readonly number[]): Uint8Array {
  const child = below.reduce((node, index) => node.deriveChild(index), nodeOf(key));
  return child.publicKey as Uint8Array;
}

export interface Account {
  readonly kind: KindName;
  readonly network: NetworkName;
  readonly key: ExtendedKey;
  /** Of the master key, in hex. */
  readonly fingerprint: string;
}
export interface AccountOptions {
  /** wpkh (default): P2WPKH. */
  readonly kind?: KindName;
  readonly network?: NetworkName;
  /** 0 (default) */
  readonly account?: number;
}

/** Asks the card twice: for the account's key, and for the master key's fingerprint. */
export async function readAccount(
  source: CardSource,
  { kind = "wpkh", network = "bitcoin", account = 0 }: AccountOptions = {},
): Promise<Account> {
  const card = await cardOf(source);
  const key = await card.publicKey(accountPath(kind, network, account));
  return { kind, network, key, fingerprint: await masterFingerprint(card) };
}

/** The n-th address for receiving, or for change. */
export function accountAddress(
  { kind, network, key }: Account,
  index: number,
  change = false,
): { readonly address: string; readonly path: readonly number[] } {
  const below = [change ? 1 : 0, index];
  const address = addressOfKey(childKey(key, below), kind, network);
  return { address, path: [...key.path, ...below] };
}
