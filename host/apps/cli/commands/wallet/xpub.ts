/** `kincard xpub`: the extended public key at a BIP32 path, as wallets read it. */

import { Option } from "commander";
import type { Command } from "commander";
import { formatPath, formatXpub, XPUB_VERSIONS } from "../../../../sdk/crypto/bip32.js";
import type { XpubVersion } from "../../../../sdk/crypto/bip32.js";
import type { CliContext } from "../../context.js";
import { unlockCard } from "../../cards/meet.js";
import { warnOfPath } from "../../path.js";
import { readPath, withCards, withCode, withJson, withTrust } from "../../options.js";
import type { CardOptions, CodeOptions } from "../../options.js";
import { act } from "../../run.js";

interface Options extends CardOptions, CodeOptions {
  readonly path: number[];
  readonly type: XpubVersion;
}

export function addXpub(program: Command): void {
  const command = program.command("xpub").description("show the wallet's extended public key");
  const type = new Option("--type <type>", "version bytes (SLIP-0132)")
    .choices(Object.keys(XPUB_VERSIONS))
    .default("xpub");
  withCode(withTrust(withCards(withJson(command))))
    .option("--path <path>", "BIP32 path, such as m/84'/0'/0'", readPath, [])
    .addOption(type)
    .action(act(xpub));
}

async function xpub(context: CliContext, options: Options) {
  warnOfPath(context.out, options.path, options.type);
  const { session, name } = await unlockCard(context, options, "PUBLIC_KEY");
  const key = await context.out.step(`The ${name} derives the public key`, () =>
    session.publicKey(options.path),
  );
  const text = formatXpub(key, options.type);
  const path = formatPath(key.path);
  return { json: { path, xpub: text }, text: [`path  ${path}`, `${options.type}  ${text}`] };
}
