/** `kincard sign`: the card signs a 32-byte digest with the key at a BIP32 path. */

import type { Command } from "commander";
import { formatPath } from "../../../../sdk/crypto/bip32.js";
import { toHex } from "../../../../sdk/crypto/bytes.js";
import type { CliContext } from "../../context.js";
import { unlockCard } from "../../cards/meet.js";
import { warnOfPath } from "../../path.js";
import { readHex, readPath, withCards, withCode, withJson, withTrust } from "../../options.js";
import type { CardOptions, CodeOptions } from "../../options.js";
import { act } from "../../run.js";
import { SIZES } from "../../../../sdk/wire/generated.js";

interface Options extends CardOptions, CodeOptions {
  readonly path: number[];
  readonly digest: Uint8Array;
}

export function addSign(program: Command): void {
  const command = program.command("sign").description("sign a digest with the wallet's key");
  withCode(withTrust(withCards(withJson(command))))
    .option("--path <path>", "BIP32 path, such as m/84'/0'/0'/0/0", readPath, [])
    .requiredOption("--digest <hex>", "the 32 bytes to sign", readHex("digest", SIZES.HASH))
    .action(act(sign));
}

async function sign(context: CliContext, options: Options) {
  const { path, digest } = options;
  warnOfPath(context.out, path);
  const { session, name } = await unlockCard(context, options, "SIGN");
  const { out } = context;
  const { publicKey } = await out.step(`The ${name} shows its public key`, () =>
    session.publicKey(path),
  );
  const signed = await out.step(`The ${name} signs`, () => session.sign(path, digest, publicKey), {
    done: `The ${name} signed, and the signature verifies`,
  });
  const json = {
    path: formatPath(path),
    digest: toHex(digest),
    publicKey: toHex(publicKey),
    signature: toHex(signed.signature),
    recoveryId: signed.recoveryId,
  };
  const text = [
    `path        ${json.path}`,
    `public key  ${json.publicKey}`,
    `signature   ${json.signature}`,
    `recovery    ${json.recoveryId}`,
  ];
  return { json, text };
}
