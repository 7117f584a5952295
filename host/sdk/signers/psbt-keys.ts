/**
 * Which keys of a PSBT are the card's: BIP 174's derivations name the master key's fingerprint and a
 * path; the key there is asked of the card, an account at a time, and compared. Nothing in a PSBT
 * is believed.
 */

import type { ExtendedKey } from "../crypto/bip32.js";
import { equal } from "../crypto/bytes.js";
import { childKey } from "../wallet/account.js";
import { HARDENED } from "../wallet/kinds.js";
import { cardOf, masterFingerprint } from "./source.js";
import type { CardSource } from "./source.js";

/** As @scure/btc-signer has it: the public key, and who derives it how. */
export type Derivations =
  | readonly (readonly [
      publicKey: Uint8Array,
      from: { readonly fingerprint: number; readonly path: readonly number[] },
    ])[]
  | undefined;

export interface OwnKey {
  readonly path: readonly number[];
  readonly publicKey: Uint8Array;
}

/** Up to its last hardened level: what lies below can be derived without the card. */
const accountOf = (path: readonly number[]) =>
  path.slice(0, path.findLastIndex((index) => index >= HARDENED) + 1);

export class PsbtKeys {
  readonly #accounts = new Map<string, Promise<ExtendedKey>>();

  private constructor(
    readonly source: CardSource,
    /** Of the card's master key. */
    readonly fingerprint: string,
  ) {}

  static async of(source: CardSource): Promise<PsbtKeys> {
    return new PsbtKeys(source, await masterFingerprint(source));
  }

  /** The card's keys among these. */
  async own(derivations: Derivations = []): Promise<OwnKey[]> {
    const found: OwnKey[] = [];
    for (const [publicKey, { fingerprint, path }] of derivations) {
      if (fingerprint.toString(16).padStart(8, "0") !== this.fingerprint) continue;
      if (equal(await this.#keyAt(path), publicKey)) found.push({ path, publicKey });
    }
    return found;
  }

  async #keyAt(path: readonly number[]): Promise<Uint8Array> {
    const account = accountOf(path);
    const id = account.join("/");
    const asked = this.#accounts.get(id) ?? this.#ask(account);
    this.#accounts.set(id, asked);
    return childKey(await asked, path.slice(account.length));
  }
  async #ask(path: readonly number[]): Promise<ExtendedKey> {
    return (await cardOf(this.source)).publicKey(path);
  }
}
