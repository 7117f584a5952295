/**
 * `kincard/virtual` for browsers: one module without imports, dist/browser/virtual.js, with the
 * card's bundle and kernel inside. What needs Node is replaced by what stands in
 * host/emulator/browser.
 */

import { readFileSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { rollup } from "rollup";
import { minify } from "terser";
import { fromRoot } from "../../../firmware/build/paths.js";
import { orThrow, transpile } from "./library.js";
import { partsPlugin, type Parts } from "./parts.js";

const FIRMWARE = "virtual:firmware";
const EMULATOR = "host/emulator";
const IN_BROWSERS: ReadonlyMap<string, string> = new Map(
  [
    ["espruino/sandbox.ts", "browser/sandbox.ts"],
    ["espruino/built.ts", "browser/built.ts"],
    ["flash/file.ts", "browser/file.ts"],
  ].map(([ours = "", theirs = ""]) => [fromRoot(EMULATOR, ours), fromRoot(EMULATOR, theirs)]),
);

/** A virtual board's, with the firmware that lies in `dist`. */
export function boardParts(dist: string): Parts {
  const base64 = (file: string) => JSON.stringify(readFileSync(join(dist, file), "base64"));
  const firmware = () =>
    `export const firmware=${base64("firmware.js")},kernel=${base64("kernel.bin")};`;
  return { instead: IN_BROWSERS, made: { [FIRMWARE]: firmware } };
}

/** From what lies in `dist` already, into `dist`/browser. */
export async function buildBrowser(dist: string): Promise<void> {
  const build = await rollup({
    input: fromRoot(EMULATOR, "card/index.ts"),
    plugins: [partsPlugin(boardParts(dist)), transpile()],
    onwarn: orThrow("the browser's bundle"),
  });
  try {
    const { output } = await build.generate({ format: "es", inlineDynamicImports: true });
    const options = { ecma: 2020, module: true, format: { ascii_only: true } } as const;
    const { code } = await minify(output[0].code, options);
    if (!code) throw new Error("the browser's bundle came out empty");
    const folder = join(dist, "browser");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "virtual.js"), code);
  } finally {
    await build.close();
  }
}
