/** `kincard pubkey`: the wallet's public key at a BIP32 path. */

import type { Command } from "commander";
import { formatPath } from "../../../../sdk/crypto/bip32.js";
import { toHex } from "../../../../sdk/crypto/bytes.js";
import type { CliContext } from "../../context.js";
import { unlockCard } from "../../cards/meet.js";
import { warnOfPath } from "../../path.js";
import { readPath, withCards, withCode, withJson, withTrust } from "../../options.js";
import type { CardOptions, CodeOptions } from "../../options.js";
import { act } from "../../run.js";

interface Options extends CardOptions, CodeOptions {
  readonly path: number[];
}

export function addPubkey(program: Command): void {
  const command = program.command("pubkey").description("show the wallet's public key");
  withCode(withTrust(withCards(withJson(command))))
    .option("--path <path>", "BIP32 path, such as m/84'/0'/0'", readPath, [])
    .action(act(pubkey));
}

async function pubkey(context: CliContext, options: Options) {
  warnOfPath(context.out, options.path);
  const { session, name } = await unlockCard(context, options, "PUBLIC_KEY");
  const key = await context.out.step(`The ${name} derives the public key`, () =>
    session.publicKey(options.path),
  );
  const publicKey = toHex(key.publicKey);
  const path = formatPath(key.path);
  const json = { path, publicKey, chainCode: toHex(key.chainCode) };
  return { json, text: [`path        ${path}`, `public key  ${publicKey}`] };
}
