/**
 * The bundle that a board runs: its exact bytes, their hash, and the script compiled once for any
 * number of power-ons.
 */

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

/** Where the build leaves what a board runs. */
export const DIST = new URL("../../../dist/", import.meta.url);
export const BUNDLE_PATH = fileURLToPath(new URL("firmware.js", DIST));
export const KERNEL_PATH = fileURLToPath(new URL("kernel.bin", DIST));

/** The kernel at `path`, or the build's own; undefined when nothing was built yet. */
export function readKernel(path: string | undefined): Uint8Array | undefined {
  if (path === undefined && !existsSync(KERNEL_PATH)) return undefined;
  return new Uint8Array(readFileSync(path ?? KERNEL_PATH));
}

export interface Bundle {
  readonly name: string;
  readonly sha256: string;
  /** In the order in which the interpreter runs them. */
  readonly parts: BundleParts;
}
/** A program is run statement by statement: what stands before its first function comes first. */
export interface BundleParts {
  readonly words: vm.Script;
  readonly rest: vm.Script;
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const compiled = new Map<string, Bundle>();

/** A bundle given as source text. */
export function bundleFromSource(source: string | Uint8Array, name = "bundle.js"): Bundle {
  const bytes = Buffer.from(source as string, "latin1");
  const hash = sha256(bytes);
  const known = compiled.get(hash);
  if (known) return known;
  // A board takes its source as 8-bit characters.
  const bundle = { name, sha256: hash, parts: partsOf(bytes.toString("latin1"), name) };
  compiled.set(hash, bundle);
  return bundle;
}

function partsOf(code: string, filename: string): BundleParts {
  const at = code.search(/\(?\bfunction\b/);
  const words = code.slice(0, Math.max(at, 0));
  const script = (text: string) => new vm.Script(text, { filename });
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
  if (!existsSync(path)) throw new Error(`there is no bundle ${path}: build it (npm run build)`);
  return bundleFromSource(readFileSync(path), path);
}
