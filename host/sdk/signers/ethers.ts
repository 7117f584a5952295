/**
 * `kincard/ethers`: a card as a signer of ethers v6. What is signed (EIP-191, EIP-712, EIP-7702,
 * transactions) is serialised and hashed by ethers; the card signs the hash, and the signature is
 * checked against the signer's key. Needs ethers, an optional peer. Browser-safe.
 *
 * Source: ethers v6, BaseWallet, whose behaviour this follows.
 */

import {
  AbstractSigner,
  computeAddress,
  copyRequest,
  getAddress,
  getBigInt,
  getBytes,
  hashAuthorization,
  hashMessage,
  hexlify,
  resolveAddress,
  Signature,
  Transaction,
  TypedDataEncoder,
} from "ethers";
import type {
  Authorization,
  AuthorizationRequest,
  Provider,
  TransactionLike,
  TransactionRequest,
  TypedDataDomain,
  TypedDataField,
} from "ethers";
import { CardKey } from "./source.js";
import type { CardSource } from "./source.js";

export type { CardSource, SigningCard } from "./source.js";

const ETHEREUM_PATH = "m/44'/60'/0'/0/0";

export class CardSigner extends AbstractSigner {
  readonly #key: CardKey;
  readonly address: string;

  private constructor(key: CardKey, provider?: Provider | null) {
    super(provider);
    this.#key = key;
    this.address = computeAddress(hexlify(key.publicKey));
  }

  /** The signer at a BIP32 path, connected to a provider if there is one. */
  static async at(
    source: CardSource,
    path: string | readonly number[] = ETHEREUM_PATH,
    provider?: Provider | null,
  ): Promise<CardSigner> {
    return new CardSigner(await CardKey.at(source, path), provider);
  }

  override getAddress(): Promise<string> {
    return Promise.resolve(this.address);
  }
  override connect(provider: Provider | null): CardSigner {
    return new CardSigner(this.#key, provider);
  }

  override async signTransaction(request: TransactionRequest): Promise<string> {
    const { from, to, ...rest } = copyRequest(request);
    const sender = from ? await resolveAddress(from, this) : this.address;
    if (getAddress(sender) !== this.address) {
      throw new RangeError(`the transaction is from ${sender}, this signer is ${this.address}`);
    }
    const target = to ? { to: await resolveAddress(to, this) } : {};
    const transaction = Transaction.from({ ...rest, ...target } as TransactionLike<string>);
    transaction.signature = await this.#sign(transaction.unsignedHash);
    return transaction.serialized;
  }
  override async signMessage(message: string | Uint8Array): Promise<string> {
    return (await this.#sign(hashMessage(message))).serialized;
  }
  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    const found = await TypedDataEncoder.resolveNames(domain, types, value, async (name) =>
      resolveAddress(name, this),
    );
    return (await this.#sign(TypedDataEncoder.hash(found.domain, types, found.value))).serialized;
  }
  override async authorize(request: AuthorizationRequest): Promise<Authorization> {
    const address = getAddress(await resolveAddress(request.address, this));
    const populated = await this.populateAuthorization({ ...request, address });
    const signature = await this.#sign(hashAuthorization(populated));
    const [nonce, chainId] = [getBigInt(populated.nonce ?? 0), getBigInt(populated.chainId ?? 0)];
    return { address, nonce, chainId, signature };
  }

  async #sign(hash: string): Promise<Signature> {
    const { signature, recoveryId } = await this.#key.sign(getBytes(hash));
    const [r, s] = [hexlify(signature.slice(0, 32)), hexlify(signature.slice(32))];
    return Signature.from({ r, s, yParity: recoveryId === 1 ? 1 : 0 });
  }
}

/** `await cardSigner(session)`: as CardSigner.at. */
export const cardSigner = (
  source: CardSource,
  path?: string | readonly number[],
  provider?: Provider | null,
): Promise<CardSigner> => CardSigner.at(source, path, provider);
