/** `kincard activate`: an empty card makes a wallet key under your access code. */

import type { Command } from "commander";
import { toHex } from "../../../sdk/crypto/bytes.js";
import type { CliContext } from "../context.js";
import { assertAllowed, askFor, findCards, meetFound, onlyCard } from "../meet.js";
import { refresh, withNewCode } from "../meet.js";
import type { FoundCard, MetCard } from "../meet.js";
import { withCards, withCode, withCost, withJson, withTrust } from "../options.js";
import type { CardOptions, CodeOptions } from "../options.js";
import { act } from "../run.js";
import { writeWallet } from "./wallet-file.js";

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
  if (options.wallet) await writeWallet(options.wallet, { id, setId, publicKey });
  const names = { id: toHex(id), setId: toHex(setId), publicKey: toHex(publicKey) };
  return {
    json: { ...names, state: "WALLET" },
    text: [
      `public key  ${names.publicKey}`,
      `set id      ${names.setId}`,
      "One card holds this key and there is no seed phrase: make copies now, `kincard backup`.",
    ],
  };
}
