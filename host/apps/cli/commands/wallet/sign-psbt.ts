/** `kincard sign-psbt`: the card signs its inputs of a PSBT, after a summary and a question. */

import { Option } from "commander";
import type { Command } from "commander";
import { formatPath } from "../../../../sdk/crypto/bip32.js";
import { toBase64, toLatin1 } from "../../../../sdk/crypto/text.js";
import { withPackage } from "../../../../sdk/failures/optional.js";
import { writeAtomic } from "../../../../sdk/files/atomic.js";
import type { PsbtSummary } from "../../../../sdk/signers/psbt.js";
import { NETWORKS } from "../../../../sdk/wallet/kinds.js";
import type { NetworkName } from "../../../../sdk/wallet/kinds.js";
import type { CliContext } from "../../context.js";
import { psbtLines } from "../../../terminal/psbt-lines.js";
import { assertCanWrite } from "../../files.js";
import { act } from "../../run.js";
import { approve, openSigning, readInput, withSigning } from "../../cards/signing.js";
import type { SigningOptions } from "../../cards/signing.js";

interface Options extends SigningOptions {
  readonly psbt: string;
  readonly out?: string;
  readonly network?: NetworkName;
}

export function addSignPsbt(program: Command): void {
  const text = "sign a PSBT's inputs that are the wallet's (P2WPKH, P2SH-P2WPKH, P2PKH)";
  const network = new Option("--network <name>", "default: by the paths of its keys");
  withSigning(program.command("sign-psbt").description(text))
    .requiredOption("--psbt <file>", "the PSBT: binary or base64")
    .option("--out <file>", "write the signed PSBT there, in base64")
    .addOption(network.choices(Object.keys(NETWORKS)))
    .action(act(signPsbt));
}

async function signPsbt(context: CliContext, options: Options) {
  const sdk = await withPackage(
    "@scure/btc-signer",
    () => import("../../../../sdk/signers/psbt.js"),
  );
  const bytes = await readInput("--psbt", options.psbt);
  const psbt = sdk.isPsbt(bytes) ? bytes : toLatin1(bytes);
  sdk.assertPsbt(psbt);
  if (options.out !== undefined) await assertCanWrite("--out", options.out);
  const { card, source } = await openSigning(context, options);
  const { out } = context;
  const network = options.network === undefined ? {} : { network: options.network };
  const summary = await out.step(`The ${card.name} shows the keys of its accounts`, () =>
    sdk.readPsbt(source, psbt, network),
  );
  if (summary.unproven) {
    out.warn(
      "the amounts of some inputs are the file's word alone: a whole previous transaction is missing.",
    );
  }
  await approve(context, `A transaction on ${summary.network}:`, psbtLines(summary), options);
  const signed = await out.step(`The ${card.name} signs`, () =>
    sdk.signPsbt(source, psbt, network),
  );
  const base64 = toBase64(signed.psbt);
  if (options.out !== undefined) await writeAtomic(options.out, `${base64}\n`);
  const { transaction } = signed;
  const more = transaction === undefined ? {} : { transaction };
  return {
    json: { summary: plain(summary), signed: signed.signed, psbt: base64, ...more },
    text: [
      `signed       ${signed.signed.length} of ${summary.inputs.length} inputs`,
      ...(options.out === undefined ? [`psbt         ${base64}`] : [`written      ${options.out}`]),
      ...(transaction === undefined ? [] : [`transaction  ${transaction}`]),
    ],
  };
}

const plain = ({ network, inputs, outputs, fee, spent, lockTime, unproven }: PsbtSummary) => ({
  network,
  inputs: inputs.map(({ index, txid, vout, amount, address, own }) => ({
    ...{ index, txid, vout, amount: Number(amount), address },
    ...(own ? { path: formatPath(own.path) } : {}),
  })),
  outputs: outputs.map(({ index, amount, to, change }) => ({
    ...{ index, amount: Number(amount), to },
    ...(change ? { change: formatPath(change) } : {}),
  })),
  ...{ fee: Number(fee), spent: Number(spent), lockTime, unproven },
});
