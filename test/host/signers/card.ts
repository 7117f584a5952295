/**
 * What signers are tested with: a virtual card, and a stand-in that holds a published key (test
 * vectors name private keys, which no card takes), deriving by @scure/bip32.
 */
import { HDKey } from "@scure/bip32";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import type { SigningCard } from "../../../host/sdk/signers/source.js";

const RECOVERED = { prehash: false, lowS: true, format: "recovered" } as const;

/** Counts what it was asked to sign. */
export interface KnownCard extends SigningCard {
  readonly digests: Uint8Array[];
}

/** A card whose wallet is this node: RFC 6979, as a card signs. */
export function knownCard(root: HDKey): KnownCard {
  const at = (path: readonly number[]) =>
    path.reduce((node, index) => node.deriveChild(index), root);
  const digests: Uint8Array[] = [];
  return {
    digests,
    publicKey: (path) => {
      const { publicKey, chainCode } = at(path);
      const parent = path.length ? at(path.slice(0, -1)).publicKey : undefined;
      return Promise.resolve({
        path,
        publicKey: publicKey as Uint8Array,
        chainCode: chainCode as Uint8Array,
        ...(parent ? { parent } : {}),
      });
    },
    sign: (path, digest) => {
      digests.push(digest);
      const signed = secp256k1.sign(digest, at(path).privateKey as Uint8Array, RECOVERED);
      return Promise.resolve({ signature: signed.slice(1), recoveryId: signed[0] as number });
    },
  };
}

/** The same for one private key, whatever the path. */
export function cardOfKey(privateKey: Uint8Array): KnownCard {
  const chainCode = new Uint8Array(32);
  const card = knownCard(new HDKey({ privateKey, chainCode }));
  return {
    ...card,
    publicKey: () => card.publicKey([]),
    sign: (_path, digest) => card.sign([], digest),
  };
}
