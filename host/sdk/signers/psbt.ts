/**
 * PSBTs (bips/bip-0174, 0370) signed by a card: inputs of one key (P2WPKH, P2SH-P2WPKH, P2PKH) that
 * are the card's, with SIGHASH_ALL and nothing else. Parsing, hashing and scripts are
 * @scure/btc-signer's, an optional peer. Browser-safe.
 *
 * A card has no display: `readPsbt` says what would be signed, from the PSBT and the card's own
 * keys, and whoever signs has to show it. Limits: where an input does not come with its whole
 * previous transaction, its amount is the PSBT's word (`unproven`): the signature covers the
 * amount of its own input, but two PSBTs with different lies could together hide a fee.
 */

import { secp256k1 } from "@noble/curves/secp256k1.js";
import { Address, OutScript, RawTx, Transaction } from "@scure/btc-signer";
import { getInputType, getPrevOut } from "@scure/btc-signer/transaction.js";
import { concat, equal, toHex } from "../crypto/bytes.js";
import { hash, hash160 } from "../crypto/hash.js";
import { fromBase64 } from "../crypto/text.js";
import { Failure } from "../failures/failure.js";
import { witnessScript } from "../signed/address.js";
import { HARDENED, NETWORKS } from "../wallet/kinds.js";
import type { KindName, NetworkName } from "../wallet/kinds.js";
import { PsbtKeys } from "./psbt-keys.js";
import type { OwnKey } from "./psbt-keys.js";
import { cardOf } from "./source.js";
import type { CardSource } from "./source.js";

export interface PsbtInput {
  readonly index: number;
  readonly txid: string;
  readonly vout: number;
  /** Satoshis. */
  readonly amount: bigint;
  readonly address: string;
  /** The whole previous transaction is there, and says the same amount. */
  readonly proven: boolean;
  /** The card's key and the kind of script, where the card can sign it. */
  readonly own?: OwnKey & { readonly kind: KindName };
  readonly signed: boolean;
}
export interface PsbtOutput {
  readonly index: number;
  readonly amount: bigint;
  /** Its address, or its script in hex where it has none. */
  readonly to: string;
  /** It comes back to the card: the path of its key, in an account that an input is of. */
  readonly change?: readonly number[];
}
export interface PsbtSummary {
  readonly network: NetworkName;
  readonly inputs: readonly PsbtInput[];
  readonly outputs: readonly PsbtOutput[];
  readonly fee: bigint;
  /** What leaves the card's own inputs for others, the fee included. */
  readonly spent: bigint;
  readonly lockTime: number;
  /** Amounts that are the PSBT's word alone. */
  readonly unproven: boolean;
}
export interface PsbtOptions {
  /** Default: bitcoin, or testnet where the card's keys are of coin type 1. */
  readonly network?: NetworkName;
  /** Inputs to sign (default: every one that is the card's). */
  readonly inputs?: readonly number[];
}
export interface SignedPsbt {
  readonly psbt: Uint8Array;
  readonly summary: PsbtSummary;
  /** Indices of the inputs that the card signed now. */
  readonly signed: readonly number[];
  /** The transaction in hex, once every input is signed. */
  readonly transaction?: string;
}

const SIGHASH_ALL = 1;
const PSBT_MAGIC = "70736274ff";

/** Bytes or base64. Failure input/psbt. */
function parse(psbt: Uint8Array | string): Transaction {
  try {
    const bytes = typeof psbt === "string" ? fromBase64(psbt.trim()) : psbt;
    return Transaction.fromPSBT(bytes, { ...KEEP });
  } catch (error) {
    throw new Failure("input/psbt", { detail: (error as Error).message }, { cause: error });
  }
}
/** What others put in stays in. */
const KEEP = { unknown: "ignore", allowUnknownOutputs: true, allowUnknownInputs: true } as const;
export const isPsbt = (bytes: Uint8Array): boolean => toHex(bytes.slice(0, 5)) === PSBT_MAGIC;

/** Before a card is asked for anything. Failure input/psbt. */
export const assertPsbt = (psbt: Uint8Array | string): void => void parse(psbt);

/** How a script spends this key, if it is one of a single key. */
function kindOfScript(script: Uint8Array, { publicKey }: OwnKey): KindName | undefined {
  const key = hash160(publicKey);
  const is = (type: "pkh" | "wpkh" | "sh", program: Uint8Array) =>
    equal(script, OutScript.encode({ type, hash: program }));
  if (is("wpkh", key)) return "wpkh";
  if (is("pkh", key)) return "pkh";
  return is("sh", hash160(witnessScript(key))) ? "sh-wpkh" : undefined;
}

type Input = ReturnType<Transaction["getInput"]>;

/** The sighash type is no place for surprises: everything is signed, or nothing. */
function assertAll({ sighashType = SIGHASH_ALL }: Input, index: number): void {
  if (sighashType !== SIGHASH_ALL) throw new Failure("input/psbt-sighash", { input: index });
}

async function ownKeyOf(input: Input, script: Uint8Array, keys: PsbtKeys) {
  for (const key of await keys.own(input.bip32Derivation)) {
    const kind = kindOfScript(script, key);
    if (kind) return { ...key, kind };
  }
  return undefined;
}

const accountsOf = (inputs: readonly PsbtInput[]) =>
  inputs.flatMap(({ own }) => (own ? [own.path.slice(0, -2).join("/")] : []));

/** ".../0/7" or ".../1/7" below an account that is being spent from. */
function isOfAccount(path: readonly number[], accounts: readonly string[]): boolean {
  const [branch = HARDENED, index = HARDENED] = path.slice(-2);
  return branch <= 1 && index < HARDENED && accounts.includes(path.slice(0, -2).join("/"));
}

const addressIn = (script: Uint8Array, network: NetworkName): string | undefined => {
  try {
    return Address({ ...NETWORKS[network], wif: 0 }).encode(OutScript.decode(script));
  } catch {
    return undefined;
  }
};

async function summarise(
  transaction: Transaction,
  keys: PsbtKeys,
  wanted: NetworkName | undefined,
): Promise<PsbtSummary> {
  const found = [];
  for (let index = 0; index < transaction.inputsLength; index++) {
    const input = transaction.getInput(index);
    const { amount, script } = previous(input, index);
    found.push({ index, input, amount, script, own: await ownKeyOf(input, script, keys) });
  }
  const isTest = found.some(({ own }) => own?.path[1] === NETWORKS.testnet.coin + HARDENED);
  const network = wanted ?? (isTest ? "testnet" : "bitcoin");
  const inputs = found.map(({ index, input, amount, script, own }): PsbtInput => {
    const signed = input.partialSig?.some(([key]) => own && equal(key, own.publicKey)) ?? false;
    const address = addressIn(script, network) ?? toHex(script);
    const proven = input.nonWitnessUtxo !== undefined;
    const place = { txid: toHex(input.txid ?? new Uint8Array(0)), vout: input.index ?? 0 };
    return { index, ...place, amount, address, proven, signed, ...(own ? { own } : {}) };
  });
  const accounts = accountsOf(inputs);
  const outputs: PsbtOutput[] = [];
  for (let index = 0; index < transaction.outputsLength; index++) {
    const {
      amount = 0n,
      script = new Uint8Array(0),
      bip32Derivation,
    } = transaction.getOutput(index);
    const mine = (await keys.own(bip32Derivation)).find(
      (key) => kindOfScript(script, key) && isOfAccount(key.path, accounts),
    );
    const to = addressIn(script, network) ?? toHex(script);
    outputs.push({ index, amount, to, ...(mine ? { change: mine.path } : {}) });
  }
  const sum = (values: readonly { readonly amount: bigint }[]) =>
    values.reduce((total, { amount }) => total + amount, 0n);
  const fee = sum(inputs) - sum(outputs);
  if (fee < 0n) throw new Failure("input/psbt", { detail: "it spends more than its inputs hold" });
  const spent = sum(inputs.filter(({ own }) => own)) - sum(outputs.filter((o) => o.change));
  const unproven = inputs.some(({ proven }) => !proven);
  return { network, inputs, outputs, fee, spent, lockTime: transaction.lockTime, unproven };
}

function previous(input: Input, index: number) {
  try {
    return getPrevOut(input);
  } catch (error) {
    const detail = `input ${index} does not say what it spends`;
    throw new Failure("input/psbt", { detail }, { cause: error });
  }
}

/** What a PSBT would do with the card's coins. The card is asked for public keys alone. */
export async function readPsbt(
  source: CardSource,
  psbt: Uint8Array | string,
  { network }: PsbtOptions = {},
): Promise<PsbtSummary> {
  return summarise(parse(psbt), await PsbtKeys.of(source), network);
}

/**
 * Signs the inputs that are the card's and not signed yet. Failure input/psbt-nothing where there
 * is none, input/psbt-sighash for another type than SIGHASH_ALL.
 */
export async function signPsbt(
  source: CardSource,
  psbt: Uint8Array | string,
  options: PsbtOptions = {},
): Promise<SignedPsbt> {
  const transaction = parse(psbt);
  const summary = await summarise(transaction, await PsbtKeys.of(source), options.network);
  const wanted = summary.inputs.filter(
    ({ index, own, signed }) => own && !signed && (options.inputs?.includes(index) ?? true),
  );
  if (!wanted.length) throw new Failure("input/psbt-nothing", {});
  // Every hash before the first signature: what can't be signed is said before the card is asked.
  const hashes = wanted.map(({ index, own }) => ({
    ...{ index, own: own as OwnKey },
    digest: digestOf(transaction, index, own as OwnKey),
  }));
  for (const { index, own, digest } of hashes) {
    const card = await cardOf(source);
    const { signature } = await card.sign(own.path, digest, own.publicKey);
    const der = secp256k1.Signature.fromBytes(signature, "compact").toBytes("der");
    const partialSig: [Uint8Array, Uint8Array][] = [
      [own.publicKey, concat(der, Uint8Array.of(SIGHASH_ALL))],
    ];
    transaction.updateInput(index, { partialSig }, true);
  }
  const whole = finished(transaction);
  const signed = wanted.map(({ index }) => index);
  const done = { psbt: transaction.toPSBT(), summary, signed };
  return whole === undefined ? done : { ...done, transaction: whole };
}

function digestOf(transaction: Transaction, index: number, { publicKey }: OwnKey): Uint8Array {
  const input = transaction.getInput(index);
  assertAll(input, index);
  const script = OutScript.encode({ type: "pkh", hash: hash160(publicKey) });
  let type;
  try {
    type = getInputType(withRedeemScript(input, publicKey));
  } catch (error) {
    throw new Failure("input/psbt", { detail: (error as Error).message }, { cause: error });
  }
  const { amount } = previous(input, index);
  if (type.txType === "segwit") {
    if (!input.redeemScript && type.type.startsWith("sh")) {
      transaction.updateInput(index, { redeemScript: nested(publicKey) }, true);
    }
    return transaction.preimageWitnessV0(index, script, SIGHASH_ALL, amount);
  }
  return legacyDigest(transaction, index, script);
}

const nested = (publicKey: Uint8Array) => witnessScript(hash160(publicKey));

/** P2SH-P2WPKH of a known key: its redeem script follows, and some leave it out. */
function withRedeemScript(input: Input, publicKey: Uint8Array): Input {
  const isNested = OutScript.decode(getPrevOut(input).script).type === "sh";
  return isNested && !input.redeemScript ? { ...input, redeemScript: nested(publicKey) } : input;
}

/** Before segregated witness: the transaction with this input's script in place of all of them. */
function legacyDigest(transaction: Transaction, index: number, script: Uint8Array): Uint8Array {
  const raw = RawTx.decode(transaction.unsignedTx);
  const inputs = raw.inputs.map((input, at) => ({
    ...input,
    finalScriptSig: at === index ? script : new Uint8Array(0),
  }));
  const bytes = RawTx.encode({ ...raw, segwitFlag: false, inputs, witnesses: undefined });
  return hash(hash(bytes, Uint8Array.of(SIGHASH_ALL, 0, 0, 0)));
}

/** The whole transaction in hex, if nobody else has to sign it. */
function finished(transaction: Transaction): string | undefined {
  const copy = transaction.clone();
  try {
    copy.finalize();
  } catch {
    return undefined;
  }
  return copy.hex;
}
