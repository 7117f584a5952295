/**
 * What `kincard serve` answers: Ethereum's methods as EIP-1193 has them, Bitcoin's commands as HWI
 * (the Hardware Wallet Interface of Bitcoin Core) names them. Everything that signs is shown and
 * agreed to first. Wallets' libraries are loaded when they are asked for.
 */

import { formatPath, formatXpub, parsePath } from "../../sdk/crypto/bip32.js";
import { fromHex } from "../../sdk/crypto/bytes.js";
import { parseJson, toBase64 } from "../../sdk/crypto/text.js";
import { withPackage } from "../../sdk/failures/optional.js";
import { messageDigest } from "../../sdk/signed/message.js";
import { signBitcoinMessage } from "../../sdk/signers/bitcoin-message.js";
import { cardOf, CardKey, masterFingerprint } from "../../sdk/signers/source.js";
import type { CardSource } from "../../sdk/signers/source.js";
import { readAccount } from "../../sdk/wallet/account.js";
import { exportAccount } from "../../sdk/wallet/descriptor.js";
import { addressOfKey, KINDS, kindOfPath, NETWORKS } from "../../sdk/wallet/kinds.js";
import type { KindName, NetworkName } from "../../sdk/wallet/kinds.js";
import { psbtLines } from "../terminal/psbt-lines.js";
import { RPC, RpcError } from "./rpc.js";
import type { Method, Methods } from "./rpc.js";

type Lines = (readonly [string, string])[];
export type Approve = (what: string, lines: Lines) => Promise<void>;
export interface MethodOptions {
  readonly source: CardSource;
  /** Throws RpcError REJECTED for a no. */
  readonly approve: Approve;
  /** Tells whoever is at this machine: a card has no display. */
  readonly show: (what: string, lines: Lines) => void;
  readonly label: string;
  /** Of Ethereum's methods. */
  readonly chainId: number;
  readonly network: NetworkName;
}

export const METHOD_NAMES = [
  ...["eth_accounts", "eth_requestAccounts", "eth_chainId", "personal_sign"],
  ...["eth_signTypedData_v4", "eth_signTransaction"],
  ...["enumerate", "getxpub", "getdescriptors", "displayaddress", "signtx", "signmessage"],
] as const;

const wrong = (message: string) => new RpcError(RPC.PARAMS, message);

/** By position or by name. */
function param(params: unknown, index: number, name: string): unknown {
  const value = Array.isArray(params)
    ? (params as unknown[])[index]
    : (params as Record<string, unknown> | null)?.[name];
  return value ?? undefined;
}
function text(params: unknown, index: number, name: string): string {
  const value = param(params, index, name);
  if (typeof value !== "string") throw wrong(`"${name}" (${index}) must be text`);
  return value;
}

export function methodsFor(options: MethodOptions): Methods {
  return new Map<string, Method>([...ethereum(options), ...bitcoin(options)]);
}

function ethereum({ source, approve, chainId }: MethodOptions): [string, Method][] {
  const viem = () => withPackage("viem", () => import("../../sdk/signers/viem.js"));
  const account = async () => (await viem()).cardAccount(source);
  const accounts = async () => [(await account()).address];
  /** The account that was asked for is the one that is here. */
  const own = async (address: string) => {
    const found = await account();
    if (address.toLowerCase() === found.address.toLowerCase()) return found;
    throw wrong(`this card's address is ${found.address}`);
  };
  return [
    ["eth_accounts", accounts],
    ["eth_requestAccounts", accounts],
    ["eth_chainId", () => Promise.resolve(`0x${chainId.toString(16)}`)],
    [
      "personal_sign",
      async (params) => {
        const signer = await own(text(params, 1, "address"));
        const given = text(params, 0, "message");
        const raw = /^0x([0-9a-fA-F]{2})*$/.test(given) ? fromHex(given.slice(2)) : undefined;
        const shown = raw ? new TextDecoder().decode(raw) : given;
        await approve("A message (EIP-191), for Ethereum:", [
          ["address", signer.address],
          ["message", JSON.stringify(shown)],
        ]);
        return signer.signMessage({ message: raw ? { raw } : given });
      },
    ],
    [
      "eth_signTypedData_v4",
      async (params) => {
        const signer = await own(text(params, 0, "address"));
        const given = param(params, 1, "data");
        const typed = (typeof given === "string" ? parseJson(given) : given) as {
          domain?: object;
          primaryType?: string;
          message?: object;
        } | null;
        if (!typed?.message || !typed.primaryType) throw wrong("no typed data (EIP-712)");
        await approve("Typed data (EIP-712), for Ethereum:", [
          ["address", signer.address],
          ["domain", JSON.stringify(typed.domain ?? {})],
          ["type", typed.primaryType],
          ["content", JSON.stringify(typed.message)],
        ]);
        return signer.signTypedData(typed as never);
      },
    ],
    [
      "eth_signTransaction",
      async (params) => {
        const signer = await account();
        const requests = await import("../../sdk/signers/ethereum-request.js");
        const given = param(params, 0, "transaction");
        const request = { chainId, ...(given as object) };
        const requested = requests.readTransaction(JSON.stringify(request));
        if (requested.transaction.chainId !== chainId) throw wrong(`the chain here is ${chainId}`);
        if (requested.from !== undefined) await own(requested.from);
        const lines = requests.describeTransaction(requested);
        await approve("A transaction:", [["from", signer.address], ...lines]);
        return signer.signTransaction(requested.transaction);
      },
    ],
  ];
}

function bitcoin({ source, approve, show, label, network }: MethodOptions): [string, Method][] {
  return [
    [
      "enumerate",
      async () => [
        {
          ...{ type: "kincard", model: "kincard", label, path: "kincard" },
          ...{ fingerprint: await masterFingerprint(source) },
          ...{ needs_pin_sent: false, needs_passphrase_sent: false },
        },
      ],
    ],
    [
      "getxpub",
      async (params) => {
        const path = parsePath(text(params, 0, "path"));
        const key = await (await cardOf(source)).publicKey(path);
        return { xpub: formatXpub(key, NETWORKS[network].coin === 0 ? "xpub" : "tpub") };
      },
    ],
    [
      "getdescriptors",
      async (params) => {
        const account = Number(param(params, 0, "account") ?? 0);
        if (!Number.isInteger(account) || account < 0 || account > 999) throw wrong("no account");
        const found = { receive: [] as string[], internal: [] as string[] };
        for (const kind of Object.keys(KINDS) as KindName[]) {
          const { receive, change } = exportAccount(
            await readAccount(source, { kind, network, account }),
          );
          found.receive.push(receive);
          found.internal.push(change);
        }
        return found;
      },
    ],
    [
      "displayaddress",
      async (params) => {
        const path = parsePath(text(params, 0, "path"));
        const { publicKey } = await (await cardOf(source)).publicKey(path);
        const address = addressOfKey(publicKey, kindOfPath(path) ?? "pkh", network);
        show("An address of this card:", [
          ["path", formatPath(path)],
          ["address", address],
        ]);
        return { address };
      },
    ],
    [
      "signmessage",
      async (params) => {
        const message = text(params, 0, "message");
        const path = parsePath(text(params, 1, "path"));
        messageDigest(message); // throws for what can't be signed
        const key = await CardKey.at(source, path);
        await approve("A message, for Bitcoin:", [
          ["address", addressOfKey(key.publicKey, "pkh", network)],
          ["path", formatPath(path)],
          ["message", JSON.stringify(message)],
        ]);
        return { signature: await signBitcoinMessage(key, message) };
      },
    ],
    [
      "signtx",
      async (params) => {
        const sdk = await withPackage(
          "@scure/btc-signer",
          () => import("../../sdk/signers/psbt.js"),
        );
        const psbt = text(params, 0, "psbt");
        const summary = await sdk.readPsbt(source, psbt, { network });
        await approve(`A transaction on ${network}:`, psbtLines(summary));
        const signed = await sdk.signPsbt(source, psbt, { network });
        return { psbt: toBase64(signed.psbt), signed: signed.signed.length > 0 };
      },
    ],
  ];
}
