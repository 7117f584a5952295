/**
 * `kincard/viem`: a card as a local account of viem. What is signed (EIP-191, EIP-712, EIP-7702,
 * transactions of every type) is serialised and hashed by viem; the card signs the hash, and the
 * signature is checked against the account's key. Needs viem, an optional peer. Browser-safe.
 */

import { bytesToHex, hexToBytes, keccak256, serializeSignature, serializeTransaction } from "viem";
import { hashMessage, hashTypedData } from "viem";
import type { CustomSource, Hash, Hex, LocalAccount, Signature } from "viem";
import { publicKeyToAddress, toAccount } from "viem/accounts";
import { hashAuthorization } from "viem/utils";
import { uncompressed } from "../crypto/ecdsa.js";
import { CardKey } from "./source.js";
import type { CardSource } from "./source.js";

export type { CardSource, SigningCard } from "./source.js";

/** Ethereum's first account (SLIP-44 coin 60), as most wallets number them. */
export const ETHEREUM_PATH = "m/44'/60'/0'/0/0";

export type CardAccount = LocalAccount<"kincard"> &
  Required<Pick<CustomSource, "sign" | "signAuthorization">>;

/**
 * The account at a BIP32 path, for `createWalletClient({ account })`.
 *
 *   const account = await cardAccount(session);
 */
export async function cardAccount(
  source: CardSource,
  path: string | readonly number[] = ETHEREUM_PATH,
): Promise<CardAccount> {
  const key = await CardKey.at(source, path);
  const publicKey = bytesToHex(uncompressed(key.publicKey));
  const sign = async (hash: Hash): Promise<Required<Signature>> => {
    const { signature, recoveryId } = await key.sign(hexToBytes(hash));
    const [r, s] = [bytesToHex(signature.slice(0, 32)), bytesToHex(signature.slice(32))];
    return { r, s, v: BigInt(27 + recoveryId), yParity: recoveryId };
  };
  const asHex = async (hash: Hash): Promise<Hex> => serializeSignature(await sign(hash));
  const account = toAccount({
    address: publicKeyToAddress(publicKey),
    sign: ({ hash }) => asHex(hash),
    signMessage: ({ message }) => asHex(hashMessage(message)),
    signTypedData: (typedData) => asHex(hashTypedData(typedData)),
    async signAuthorization({ chainId, nonce, ...to }) {
      const address = to.contractAddress ?? to.address;
      const signature = await sign(hashAuthorization({ address, chainId, nonce }));
      return { address, chainId, nonce, ...signature };
    },
    async signTransaction(transaction, options) {
      const serialize = options?.serializer ?? serializeTransaction;
      // EIP-4844: the blobs travel with the transaction and are not part of what is signed.
      const signed =
        transaction.type === "eip4844" ? { ...transaction, sidecars: false } : transaction;
      const hash = keccak256(await serialize(signed as typeof transaction));
      return serialize(transaction, await sign(hash));
    },
  });
  return { ...account, publicKey, source: "kincard" } as CardAccount;
}
