/**
 * A transaction of Ethereum as people hand it over: unsigned and serialised in hex, or the fields of
 * `eth_sendTransaction` as JSON; and what it says, for a summary. Parsing and serialising are
 * viem's, an optional peer.
 */

import { formatEther, formatGwei, isAddress, keccak256 } from "viem";
import { parseTransaction, serializeTransaction } from "viem";
import type { Hex, TransactionSerializable } from "viem";
import { Failure } from "../failures/failure.js";

const QUANTITIES = ["value", "gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas"] as const;
const NUMBERS = ["chainId", "nonce"] as const;
/** What a request may have, but for other names of the same. */
export const FIELDS: ReadonlySet<string> = new Set<string>([
  ...QUANTITIES,
  ...NUMBERS,
  "to",
  "data",
  "from",
]);
/** The JSON-RPC's names for the same. */
const ALIASES: Readonly<Record<string, string>> = { input: "data", gasLimit: "gas" };
const IGNORED = new Set(["type"]);

const refuse = (detail: string, cause?: unknown) =>
  new Failure("input/transaction", { detail }, { cause });

export interface Requested {
  readonly transaction: TransactionSerializable & { readonly chainId: number };
  /** Who is to send it, where the request says so. */
  readonly from?: string;
}

/** Failure input/transaction. */
export function readTransaction(text: string): Requested {
  const clean = text.trim();
  return clean.startsWith("{") ? fromJson(clean) : fromHex(clean);
}

function fromHex(text: string): Requested {
  let transaction;
  try {
    transaction = parseTransaction(text as Hex) as TransactionSerializable;
  } catch (error) {
    throw refuse("it is neither a serialised transaction in hex nor JSON", error);
  }
  if ("r" in transaction && transaction.r) throw refuse("it is signed already");
  return { transaction: onChain(transaction) };
}

/** Without a chain it could be sent again on any other (EIP-155). */
function onChain(transaction: TransactionSerializable): Requested["transaction"] {
  const { chainId } = transaction;
  if (!chainId) throw refuse("it names no chain (chainId)");
  try {
    serializeTransaction(transaction);
  } catch (error) {
    throw refuse((error as Error).message.split("\n")[0] ?? "", error);
  }
  return { ...transaction, chainId };
}

function fromJson(text: string): Requested {
  let content: Record<string, unknown>;
  try {
    content = JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw refuse("it is not JSON", error);
  }
  const named = Object.entries(content)
    .filter(([name]) => !IGNORED.has(name))
    .map(([name, value]) => [ALIASES[name] ?? name, value] as const);
  const unknown = named.find(([name]) => !FIELDS.has(name));
  if (unknown) throw refuse(`its field "${unknown[0]}" is not known here`);
  const { from, ...fields } = Object.fromEntries(named);
  for (const name of QUANTITIES) if (name in fields) fields[name] = quantity(name, fields[name]);
  for (const name of NUMBERS) if (name in fields) fields[name] = whole(name, fields[name]);
  if (!("nonce" in fields)) throw refuse("it has no nonce");
  if (!("gas" in fields)) throw refuse("it has no gas limit (gas)");
  if (from !== undefined && !(typeof from === "string" && isAddress(from))) {
    throw refuse("its sender (from) is no address");
  }
  const type = "gasPrice" in fields ? "legacy" : "eip1559";
  const transaction = onChain({ ...fields, type } as TransactionSerializable);
  return { transaction, ...(from === undefined ? {} : { from }) };
}

function quantity(name: string, value: unknown): bigint {
  const isNumber = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  const isText = typeof value === "string" && /^(0x[0-9a-fA-F]+|\d+)$/.test(value);
  if (!isNumber && !isText) throw refuse(`its ${name} is no whole number`);
  return BigInt(value);
}
function whole(name: string, value: unknown): number {
  const number = Number(quantity(name, value));
  if (!Number.isSafeInteger(number)) throw refuse(`its ${name} is too large`);
  return number;
}

/** A signed transaction's hash. */
export const hashOf = (signed: Hex): Hex => keccak256(signed);

const CHAINS: Readonly<Record<number, string>> = {
  1: "Ethereum",
  10: "OP Mainnet",
  56: "BNB Smart Chain",
  100: "Gnosis",
  137: "Polygon",
  8453: "Base",
  42161: "Arbitrum One",
  17000: "Holesky",
  11155111: "Sepolia",
};

/** What it does, in lines: name and value. */
export function describeTransaction({ transaction }: Requested): (readonly [string, string])[] {
  const { chainId, to, value = 0n, data = "0x", nonce = 0, gas = 0n } = transaction;
  const price = transaction.maxFeePerGas ?? transaction.gasPrice ?? 0n;
  const bytes = (data.length - 2) / 2;
  const call = to ? `calls ${data.slice(0, 10)}` : "code of a new contract";
  const authorized = transaction.authorizationList?.map(
    ({ address, ...rest }) =>
      [
        "delegates",
        `this account to ${"contractAddress" in rest ? rest.contractAddress : address}`,
      ] as const,
  );
  return [
    ["chain", `${CHAINS[chainId] ?? "chain"} (${chainId})`],
    ["to", to ?? "a new contract"],
    ["value", `${formatEther(value)} (in the chain's own coin)`],
    ...(bytes ? [["data", `${bytes} bytes, ${call}`] as const] : []),
    ...(authorized ?? []),
    ["fee at most", `${formatEther(gas * price)} (${gas} gas at ${formatGwei(price)} gwei)`],
    ["nonce", String(nonce)],
  ];
}
