/**
 * The bundle that a board runs: its exact bytes, their hash, and the script compiled once for any
 * number of power-ons.
 */

import { toHex } from "../../sdk/crypto/bytes.js";
import { hash } from "../../sdk/crypto/hash.js";
import { BUNDLE_PATH, readBundle } from "./built.js";
import { latin1, toBinaryString } from "./bytes.js";
import { compile, type Program } from "./sandbox.js";

export { BUNDLE_PATH, DIST, KERNEL_PATH, readKernel } from "./built.js";

export interface Bundle {
  readonly name: string;
  readonly sha256: string;
  /** In the order in which the interpreter runs them. */
  readonly parts: BundleParts;
}
/** A program is run statement by statement: what stands before its first function comes first. */
export interface BundleParts {
  readonly words: Program;
  readonly rest: Program;
}

export const sha256 = (bytes: Uint8Array): string => toHex(hash(bytes));

const compiled = new Map<string, Bundle>();

/** A bundle given as source text. */
export function bundleFromSource(source: string | Uint8Array, name = "bundle.js"): Bundle {
  // A board takes its source as 8-bit characters.
  const bytes = typeof source === "string" ? latin1(source) : source;
  const id = sha256(bytes);
  const known = compiled.get(id);
  if (known) return known;
  const bundle = { name, sha256: id, parts: partsOf(toBinaryString(bytes), name) };
  compiled.set(id, bundle);
  return bundle;
}

function partsOf(code: string, filename: string): BundleParts {
  const at = code.search(/\(?\bfunction\b/);
  const words = code.slice(0, Math.max(at, 0));
  const script = (text: string) => compile(text, filename);
  if (/;\s*$/.test(words)) {
    try {
      return { words: script(words), rest: script(code.slice(at)) };
    } catch {
      // The word stands inside a statement, or a string.
    }
  }
  return { words: script(""), rest: script(code) };
}

export function loadBundle(path: string = BUNDLE_PATH): Bundle {
  return bundleFromSource(readBundle(path), path);
}
