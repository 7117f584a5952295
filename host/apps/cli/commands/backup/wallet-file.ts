/**
 * A wallet's public names in a file (`--wallet FILE`): the source's id, set id and public key, as
 * `activate` showed them. With it a backup need not begin at the source.
 *
 * Nothing secret, but trusted: destinations are told these names.
 */

import { readFile } from "node:fs/promises";
import { fromHex, toHex } from "../../../../sdk/crypto/bytes.js";
import { parseJson } from "../../../../sdk/crypto/text.js";
import { CliError, EXIT } from "../../failure.js";
import { writeAtomic } from "../../../../sdk/files/atomic.js";
import type { SourceIdentity } from "../../../../sdk/relay/run/run.js";
import { SIZES } from "../../../../sdk/wire/generated.js";

/** The file does not say what a wallet is called. */
const notAWallet = (path: string, why: string) =>
  new CliError(EXIT.FILES, `${path} is not a wallet file: ${why}`, UNTOUCHED);
const UNTOUCHED = "Nothing was changed on the cards.";

export async function writeWallet(path: string, wallet: SourceIdentity): Promise<void> {
  const { id, setId, publicKey } = wallet;
  const names = { id: toHex(id), setId: toHex(setId), publicKey: toHex(publicKey) };
  const content = { kincard: "wallet", version: 1, ...names };
  await writeAtomic(path, `${JSON.stringify(content, null, 2)}\n`);
}

export async function readWallet(path: string): Promise<SourceIdentity> {
  const text = await readFile(path, "utf8");
  try {
    const content = parseJson(text) as Record<string, string>;
    if (content.kincard !== "wallet") throw notAWallet(path, "it is another kind of file");
    return {
      id: fromHex(content.id ?? "", "id", SIZES.ID),
      setId: fromHex(content.setId ?? "", "setId", SIZES.SET_ID),
      publicKey: fromHex(content.publicKey ?? "", "publicKey", SIZES.POINT),
    };
  } catch (error) {
    // The parser's own sentence quotes the file, which may be one with a code in it.
    if (error instanceof CliError) throw error;
    throw notAWallet(
      path,
      error instanceof SyntaxError ? "it is not JSON" : (error as Error).message,
    );
  }
}
