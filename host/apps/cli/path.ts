/**
 * A BIP32 path on the command line: what is odd about it is said before a card is asked, and the
 * path in use stands in every result, for a shell eats apostrophes and another key looks like any
 * other.
 */

import { formatPath, hardenedInstead, pathPromised } from "../../sdk/crypto/bip32.js";
import type { XpubVersion } from "../../sdk/crypto/bip32.js";
import type { Output } from "./output.js";

/** With h in place of apostrophes, which no shell takes for its own. */
const forShells = (path: readonly number[]) => formatPath(path).replaceAll("'", "h");

export function warnOfPath(out: Output, path: readonly number[], version?: XpubVersion): void {
  const meant = hardenedInstead(path);
  if (meant) {
    out.warn(
      `the path is ${formatPath(path)}, not ${formatPath(meant)}, and gives another key. A shell ` +
        `takes apostrophes away: quote the path ("${formatPath(meant)}") or write ${forShells(meant)}.`,
    );
    return;
  }
  const promised = version && pathPromised(path, version);
  if (!promised) return;
  out.warn(
    `a ${version} is meant for a path such as ${formatPath(promised)}, and this is ` +
      `${formatPath(path)}: a wallet that reads it may look for other addresses.`,
  );
}
