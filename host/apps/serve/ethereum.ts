/** Ethereum's methods of `kincard serve`, as EIP-1193 has them. viem is loaded when one is asked for. */

import { fromHex } from "../../sdk/crypto/bytes.js";
import { parseJson } from "../../sdk/crypto/text.js";
import { withPackage } from "../../sdk/failures/optional.js";
import type { CardSource } from "../../sdk/signers/source.js";
import { type Entry, type MethodOptions, type Param, type Schema, wrong } from "./entry.js";
import { ADDRESS, HEX, listOf, NUMBER, QUANTITY, SIGNATURE, TEXT } from "./shapes.js";

const accountOf = async (source: CardSource) => {
  const { cardAccount } = await withPackage("viem", () => import("../../sdk/signers/viem.js"));
  return cardAccount(source);
};
/** The account that was asked for is the one that is here. */
const own = async ({ source }: MethodOptions, address: string) => {
  const found = await accountOf(source);
  if (address.toLowerCase() === found.address.toLowerCase()) return found;
  throw wrong(`this card's address is ${found.address}`);
};

const OWN_ADDRESS: Param = { name: "address", says: "the card's address", schema: ADDRESS };
const ACCOUNTS = {
  params: [],
  gives: { name: "accounts", schema: listOf(ADDRESS) },
  run: async (_, { source }) => [(await accountOf(source)).address],
} as const satisfies Partial<Entry>;

/** The fields of eth_sendTransaction that there are; `input` is `data`, `gasLimit` is `gas`. */
const TRANSACTION: Schema = {
  type: "object",
  properties: {
    ...{ from: ADDRESS, to: ADDRESS, data: HEX, input: HEX, type: {} },
    ...{ chainId: NUMBER, nonce: NUMBER, value: NUMBER, gas: NUMBER, gasLimit: NUMBER },
    ...{ gasPrice: NUMBER, maxFeePerGas: NUMBER, maxPriorityFeePerGas: NUMBER },
  },
  required: ["nonce"],
  anyOf: [{ required: ["gas"] }, { required: ["gasLimit"] }],
  additionalProperties: false,
};
const TYPED: Schema = {
  oneOf: [
    {
      type: "object",
      properties: {
        ...{ types: { type: "object" }, primaryType: TEXT },
        ...{ domain: { type: "object" }, message: { type: "object" } },
      },
      required: ["types", "primaryType", "message"],
    },
    { type: "string", description: "the same as JSON in a string" },
  ],
};

export const ETHEREUM: readonly Entry[] = [
  { name: "eth_accounts", says: "the card's account, m/44'/60'/0'/0/0", ...ACCOUNTS },
  { name: "eth_requestAccounts", says: "the same", ...ACCOUNTS },
  {
    name: "eth_chainId",
    says: "the chain that is signed for",
    params: [],
    gives: { name: "chainId", schema: QUANTITY },
    run: (_, { chainId }) => Promise.resolve(`0x${chainId.toString(16)}`),
  },
  {
    name: "personal_sign",
    says: "a message (EIP-191)",
    params: [{ name: "message", says: "bytes in hex, or text", schema: TEXT }, OWN_ADDRESS],
    gives: { name: "signature", schema: SIGNATURE },
    asks: true,
    run: async (given, options) => {
      const signer = await own(options, given.text("address"));
      const message = given.text("message");
      const raw = /^0x([0-9a-fA-F]{2})*$/.test(message) ? fromHex(message.slice(2)) : undefined;
      const shown = raw ? new TextDecoder().decode(raw) : message;
      await options.approve("A message (EIP-191), for Ethereum:", [
        ["address", signer.address],
        ["message", JSON.stringify(shown)],
      ]);
      return signer.signMessage({ message: raw ? { raw } : message });
    },
  },
  {
    name: "eth_signTypedData_v4",
    says: "typed data (EIP-712)",
    params: [OWN_ADDRESS, { name: "data", says: "the typed data", schema: TYPED }],
    gives: { name: "signature", schema: SIGNATURE },
    asks: true,
    run: async (given, options) => {
      const signer = await own(options, given.text("address"));
      const data = given.value("data");
      const typed = (typeof data === "string" ? parseJson(data) : data) as {
        domain?: object;
        primaryType?: string;
        message?: object;
      } | null;
      if (!typed?.message || !typed.primaryType) throw wrong("no typed data (EIP-712)");
      await options.approve("Typed data (EIP-712), for Ethereum:", [
        ["address", signer.address],
        ["domain", JSON.stringify(typed.domain ?? {})],
        ["type", typed.primaryType],
        ["content", JSON.stringify(typed.message)],
      ]);
      return signer.signTypedData(typed as never);
    },
  },
  {
    name: "eth_signTransaction",
    says: "a transaction of this chain, signed and serialised; it is not sent",
    params: [{ name: "transaction", says: "its fields", schema: TRANSACTION }],
    gives: { name: "transaction", schema: HEX },
    asks: true,
    run: async (given, options) => {
      const { chainId, source, approve } = options;
      const signer = await accountOf(source);
      const requests = await import("../../sdk/signers/ethereum-request.js");
      const request = { chainId, ...(given.value("transaction") as object) };
      const requested = requests.readTransaction(JSON.stringify(request));
      if (requested.transaction.chainId !== chainId) throw wrong(`the chain here is ${chainId}`);
      if (requested.from !== undefined) await own(options, requested.from);
      const lines = requests.describeTransaction(requested);
      await approve("A transaction:", [["from", signer.address], ...lines]);
      return signer.signTransaction(requested.transaction);
    },
  },
];
