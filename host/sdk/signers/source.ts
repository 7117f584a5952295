/**
 * What signs, for wallets' libraries: a card whose channel is open and whose access code was given
 * (a CardSession), or a function that brings one back whenever something is to be signed. Cards
 * take one command after the other by themselves. Browser-safe.
 */

import type { WalletSignature } from "../card/commands/index.js";
import { fingerprint, parsePath } from "../crypto/bip32.js";
import type { ExtendedKey } from "../crypto/bip32.js";
import { toHex } from "../crypto/bytes.js";

/** As much of a CardSession as signing takes. */
export interface SigningCard {
  publicKey(path: readonly number[]): Promise<ExtendedKey>;
  /** Checks the signature against the public key, and throws VerifyError. */
  sign(
    path: readonly number[],
    digest: Uint8Array,
    publicKey?: Uint8Array,
  ): Promise<WalletSignature>;
}
export type CardSource = SigningCard | (() => SigningCard | Promise<SigningCard>);

export const cardOf = async (source: CardSource): Promise<SigningCard> =>
  typeof source === "function" ? await source() : source;

const readPath = (path: string | readonly number[]) =>
  typeof path === "string" ? parsePath(path) : path;

/** One key of a card's wallet: every signature is checked against it. */
export class CardKey {
  private constructor(
    readonly source: CardSource,
    readonly path: readonly number[],
    /** Compressed [33]. */
    readonly publicKey: Uint8Array,
  ) {}

  static async at(source: CardSource, path: string | readonly number[]): Promise<CardKey> {
    const at = readPath(path);
    const { publicKey } = await (await cardOf(source)).publicKey(at);
    return new CardKey(source, at, publicKey);
  }

  /** The card signs these 32 bytes: it can't know what they stand for. */
  async sign(digest: Uint8Array): Promise<WalletSignature> {
    return (await cardOf(this.source)).sign(this.path, digest, this.publicKey);
  }
}

/** First four bytes of HASH160 of the master key, as descriptors and PSBTs name a wallet: hex. */
export async function masterFingerprint(source: CardSource): Promise<string> {
  const { publicKey } = await (await cardOf(source)).publicKey([]);
  return toHex(fingerprint(publicKey));
}
