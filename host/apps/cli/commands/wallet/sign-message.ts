/**
 * `kincard sign-message`: a text as wallets sign it. Bitcoin: Bitcoin Core's form, with the header
 * of bips/bip-0137 for the path's kind of address. Ethereum: EIP-191, or EIP-712 typed data, both
 * hashed by viem.
 */

import { Option } from "commander";
import type { Command } from "commander";
import { formatPath, parsePath } from "../../../../sdk/crypto/bip32.js";
import { parseJson } from "../../../../sdk/crypto/text.js";
import { withPackage } from "../../../../sdk/failures/optional.js";
import { messageDigest } from "../../../../sdk/signed/message.js";
import { signBitcoinMessage } from "../../../../sdk/signers/bitcoin-message.js";
import { CardKey } from "../../../../sdk/signers/source.js";
import { addressOfKey, kindOfPath, HARDENED, NETWORKS } from "../../../../sdk/wallet/kinds.js";
import type { CliContext } from "../../context.js";
import { usageError } from "../../failure.js";
import { readPath } from "../../options.js";
import { warnOfPath } from "../../path.js";
import { act } from "../../run.js";
import { approve, openSigning, readInput, withSigning } from "../../cards/signing.js";
import type { Line, Signing, SigningOptions } from "../../cards/signing.js";

interface Options extends SigningOptions {
  readonly for: "bitcoin" | "ethereum";
  readonly path?: number[];
  readonly message?: string;
  readonly file?: string;
  readonly typed?: string;
}

export function addSignMessage(program: Command): void {
  const text = "sign a text, as Bitcoin's and Ethereum's wallets do";
  const chain = new Option("--for <chain>", "whose form").choices(["bitcoin", "ethereum"]);
  withSigning(program.command("sign-message").description(text))
    .addOption(chain.makeOptionMandatory())
    .option("--message <text>", "the text")
    .option("--file <file>", "or a file that holds it, as it stands, in UTF-8")
    .option("--typed <file>", "ethereum: typed data (EIP-712) in a file, JSON")
    .option("--path <path>", "BIP32 path (default: m/84'/0'/0'/0/0, m/44'/60'/0'/0/0)", readPath)
    .action(act(signMessage));
}

const DEFAULT_PATHS = { bitcoin: "m/84'/0'/0'/0/0", ethereum: "m/44'/60'/0'/0/0" } as const;
const SHOWN = 400;

async function signMessage(context: CliContext, options: Options) {
  const given = [options.message, options.file, options.typed].filter((one) => one !== undefined);
  if (given.length !== 1) throw usageError("give one of --message, --file and --typed");
  if (options.typed !== undefined && options.for === "bitcoin") {
    throw usageError("typed data (--typed) is Ethereum's: add --for ethereum");
  }
  const path = options.path ?? parsePath(DEFAULT_PATHS[options.for]);
  warnOfPath(context.out, path);
  return options.for === "bitcoin"
    ? signBitcoin(context, options, path)
    : signEthereum(context, options, path);
}

async function textOf({ message, file }: Options): Promise<string> {
  if (message !== undefined) return message;
  const bytes = await readInput("--file", file as string);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw usageError(`--file ${file as string} is not text in UTF-8`);
  }
}

const textLine = (text: string): Line => {
  const shown = JSON.stringify(text);
  const more = shown.length > SHOWN ? `… (${text.length} characters)` : "";
  return ["message", `${shown.slice(0, SHOWN)}${more}`];
};

async function signBitcoin(context: CliContext, options: Options, path: readonly number[]) {
  const kind = kindOfPath(path) ?? "pkh";
  const network = path[1] === NETWORKS.testnet.coin + HARDENED ? "testnet" : "bitcoin";
  const text = await textOf(options);
  messageDigest(text); // throws for what can't be signed
  const signing = await openSigning(context, options);
  const key = await CardKey.at(signing.source, path);
  const address = addressOfKey(key.publicKey, kind, network);
  await approve(
    context,
    "A message, for Bitcoin:",
    [["address", address], textLine(text)],
    options,
  );
  const signature = await signs(context, signing, () => signBitcoinMessage(key, text, kind));
  return result(path, address, signature);
}

async function signEthereum(context: CliContext, options: Options, path: readonly number[]) {
  const { cardAccount } = await withPackage(
    "viem",
    () => import("../../../../sdk/signers/viem.js"),
  );
  const typed = options.typed === undefined ? undefined : await typedOf(options.typed);
  const text = typed ? "" : await textOf(options);
  const signing = await openSigning(context, options);
  const account = await cardAccount(signing.source, path);
  const { address } = account;
  if (typed) {
    const lines: Line[] = [["address", address], ...typedLines(typed)];
    await approve(context, "Typed data (EIP-712), for Ethereum:", lines, options);
    const signature = await signs(context, signing, () => account.signTypedData(typed as never));
    return result(path, address, signature);
  }
  const lines: Line[] = [["address", address], textLine(text)];
  await approve(context, "A message (EIP-191), for Ethereum:", lines, options);
  const signature = await signs(context, signing, () => account.signMessage({ message: text }));
  return result(path, address, signature);
}

interface Typed {
  readonly domain?: Readonly<Record<string, unknown>>;
  readonly types: object;
  readonly primaryType: string;
  readonly message: object;
}

async function typedOf(file: string): Promise<Typed> {
  const text = new TextDecoder().decode(await readInput("--typed", file));
  let content: Partial<Typed> | null;
  try {
    content = parseJson(text) as Partial<Typed> | null;
  } catch {
    throw usageError(`--typed ${file} is not JSON`);
  }
  const { types, primaryType, message } = content ?? {};
  if (!types || typeof primaryType !== "string" || !message) {
    throw usageError(`--typed ${file} has no types, primaryType and message (EIP-712)`);
  }
  return content as Typed;
}

function typedLines({ domain = {}, primaryType, message }: Typed): Line[] {
  const said = Object.entries(domain).map(([name, value]): Line => [name, String(value)]);
  return [...said, ["type", primaryType], ["content", JSON.stringify(message)]];
}

const signs = <T>({ out }: CliContext, { card }: Signing, work: () => Promise<T>) =>
  out.step(`The ${card.name} signs`, work, {
    done: `The ${card.name} signed, and the signature verifies`,
  });

function result(path: readonly number[], address: string, signature: string) {
  const json = { path: formatPath(path), address, signature };
  const text = Object.entries(json).map(([name, value]) => `${name.padEnd(9)}  ${value}`);
  return { json, text };
}
