/** `kincard activate`: an empty card makes a wallet key under your access code. */

import type { Command } from "commander";
import { toHex } from "../../../../sdk/crypto/bytes.js";
import type { SourceIdentity } from "../../../../sdk/relay/run/run.js";
import type { CliContext } from "../../context.js";
import { EXIT } from "../../failure.js";
import { assertCanWrite } from "../../files.js";
import { assertAllowed, askFor, findCards, meetFound, onlyCard } from "../../cards/meet.js";
import { refresh, withNewCode } from "../../cards/meet.js";
import type { FoundCard, MetCard } from "../../cards/meet.js";
import { withCards, withCode, withCost, withJson, withTrust } from "../../options.js";
import type { CardOptions, CodeOptions } from "../../options.js";
import type { Output } from "../../output.js";
import { act } from "../../run.js";
import { writeWallet } from "../backup/wallet-file.js";

interface Options extends CardOptions, CodeOptions {
  readonly cost?: number;
  readonly wallet?: string;
}

export function addActivate(program: Command): void {
  const command = program.command("activate").description("make a wallet on an empty card");
  withCost(withCode(withTrust(withCards(withJson(command)))))
    .option("--wallet <file>", "write the wallet's public names there, for `kincard backup`")
    .action(act(activate));
}

async function activate(context: CliContext, options: Options) {
  onlyCard(options);
  if (options.wallet !== undefined) await assertCanWrite("--wallet", options.wallet);
  const { out, signal } = context;
  const found = await findCards(context, options);
  assertAllowed(found[0] as FoundCard, "ACTIVATE");
  const [card] = (await meetFound(context, found, options)) as [MetCard];
  const ask = { fd: options.codeFd, flag: "--code-fd", fresh: true };
  const code = await askFor(context, "New access code", ask);
  await refresh(context, card);
  const { cost } = options;
  const { result, made } = await withNewCode(card, cost, (onSalt) =>
    out.step(
      `The ${card.name} tests its randomness and makes your wallet's key`,
      (onProgress) => card.session.activate(code, { cost, onProgress, signal, onSalt }),
      { holdMs: 1500, done: `The ${card.name} made your wallet's key` },
    ),
  );
  const { setId, publicKey } = result;
  await card.guard.learned(made, { setId, state: "WALLET" });
  const { id } = card.certificate;
  const names = { id: toHex(id), setId: toHex(setId), publicKey: toHex(publicKey) };
  const missing = await noted(out, options.wallet, { id, setId, publicKey });
  return {
    json: { ...names, state: "WALLET", ...(missing ? { walletNotWritten: missing } : {}) },
    exit: missing ? EXIT.FILES : EXIT.OK,
    text: [
      `public key  ${names.publicKey}`,
      `set id      ${names.setId}`,
      "One card holds this key and there is no seed phrase: make copies now, `kincard backup`.",
    ],
  };
}

/** The key is made, whatever becomes of the file: its names are shown, and the reason is told. */
async function noted(
  out: Output,
  file: string | undefined,
  wallet: SourceIdentity,
): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    await writeWallet(file, wallet);
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    out.warn(
      `the card made the wallet's key, but --wallet ${file} was not written: ${message}. Keep the ` +
        "names below; `kincard backup` needs no such file when it begins at this card.",
    );
    return message;
  }
}
