/**
 * What the build left for virtual boards: the card's bundle and kernel, in dist. Node only;
 * host/emulator/browser/built.ts is in this file's place in a browser, where both are part of the
 * page's own bundle.
 */

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where the build leaves what a board runs; as far up from here as from dist/host/lib. */
export const DIST = new URL("../../../dist/", import.meta.url);
export const BUNDLE_PATH = fileURLToPath(new URL("firmware.js", DIST));
export const KERNEL_PATH = fileURLToPath(new URL("kernel.bin", DIST));

/** The kernel at `path`, or the build's own; undefined when nothing was built yet. */
export function readKernel(path: string | undefined): Uint8Array | undefined {
  if (path === undefined && !existsSync(KERNEL_PATH)) return undefined;
  return new Uint8Array(readFileSync(path ?? KERNEL_PATH));
}

export function readBundle(path: string): Uint8Array {
  if (!existsSync(path)) throw new Error(`there is no bundle ${path}: build it (npm run build)`);
  return new Uint8Array(readFileSync(path));
}
