/** `kincard sign-tx`: the card signs a transaction of Ethereum, after a summary and a question. */

import type { Command } from "commander";
import { formatPath, parsePath } from "../../../../sdk/crypto/bip32.js";
import { withPackage } from "../../../../sdk/failures/optional.js";
import type { CliContext } from "../../context.js";
import { usageError } from "../../failure.js";
import { readPath } from "../../options.js";
import { warnOfPath } from "../../path.js";
import { act } from "../../run.js";
import { approve, openSigning, readInput, withSigning } from "../../cards/signing.js";
import type { SigningOptions } from "../../cards/signing.js";

interface Options extends SigningOptions {
  readonly tx: string;
  readonly path: number[];
}

export function addSignTx(program: Command): void {
  const text = "sign a transaction of Ethereum or a chain like it";
  const tx = "unsigned: 0x… serialised, or a file with that or with JSON (eth_sendTransaction)";
  withSigning(program.command("sign-tx").description(text))
    .requiredOption("--tx <hex or file>", tx)
    .option("--path <path>", "BIP32 path (default: m/44'/60'/0'/0/0)", readPath)
    .action(act(signTx));
}

async function signTx(context: CliContext, options: Options) {
  const viem = await withPackage("viem", () => import("../../../../sdk/signers/viem.js"));
  const requests = await import("../../../../sdk/signers/ethereum-request.js");
  const { path = parsePath(viem.ETHEREUM_PATH) } = options;
  const inFile = !options.tx.startsWith("0x");
  const text = inFile ? new TextDecoder().decode(await readInput("--tx", options.tx)) : options.tx;
  const requested = requests.readTransaction(text);
  warnOfPath(context.out, path);
  const { card, source } = await openSigning(context, options);
  const account = await viem.cardAccount(source, path);
  const { address } = account;
  if (requested.from !== undefined && requested.from.toLowerCase() !== address.toLowerCase()) {
    throw usageError(
      `the transaction is from ${requested.from}, and this key's address is ${address}`,
    );
  }
  const lines = [["from", address] as const, ...requests.describeTransaction(requested)];
  await approve(context, "A transaction, for Ethereum and chains like it:", lines, options);
  const signed = await context.out.step(`The ${card.name} signs`, () =>
    account.signTransaction(requested.transaction),
  );
  const hash = requests.hashOf(signed);
  const summary = Object.fromEntries(lines);
  return {
    json: { path: formatPath(path), from: address, summary, hash, transaction: signed },
    text: [`from         ${address}`, `hash         ${hash}`, `transaction  ${signed}`],
  };
}
