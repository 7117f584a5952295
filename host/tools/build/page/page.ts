/**
 * The phone page as static files: the bundle, the service worker, and what lies in static/. Node
 * only; `npm run build` calls it and leaves dist/web, which any static host can serve as it is.
 *
 * The page's TypeScript is transpiled file by file (types are checked elsewhere) and packages are
 * found as Node finds them. The service worker is told every file and one digest over them all, so
 * that a new build replaces an old one as a whole.
 */

import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rollup } from "rollup";
import { minify } from "terser";
import { fromRoot } from "../../../../firmware/build/paths.js";
import { CONFIG_FILE, IMAGES_FILE } from "../../../apps/page/config.js";
import { orThrow, transpile } from "../library.js";
import { partsPlugin, together, type Parts } from "../parts.js";
import { ESPRUINO_MODULE, espruinoModule } from "./espruino-parts.js";

const PAGE_PARTS: Parts = {
  instead: new Map([
    [fromRoot("host/apps/flasher/tools.ts"), fromRoot("host/apps/page/ui/flash/tools.ts")],
  ]),
  made: { [ESPRUINO_MODULE]: espruinoModule },
};

/** A script of its own for a browser, minified. */
export async function bundleForPage(input: string, more?: Parts): Promise<string> {
  const build = await rollup({
    input: fromRoot(input),
    plugins: [partsPlugin(more ? together(PAGE_PARTS, more) : PAGE_PARTS), transpile()],
    onwarn: orThrow("the page's bundle"),
  });
  try {
    const { output } = await build.generate({ format: "iife", inlineDynamicImports: true });
    const { code } = await minify(output[0].code, { ecma: 2020, format: { ascii_only: true } });
    if (!code) throw new Error("the page's bundle came out empty");
    return code;
  } finally {
    await build.close();
  }
}

/** Builds the page into `outDir`, or with `more` a page that has other parts. */
export async function buildPage(outDir: string, more?: Parts): Promise<void> {
  mkdirSync(outDir, { recursive: true });
  cpSync(fromRoot("host/apps/page/static"), outDir, { recursive: true });
  writeFileSync(join(outDir, "page.js"), await bundleForPage("host/apps/page/ui/main.ts", more));
  // What changes without a new build is not part of one.
  const apart = [CONFIG_FILE, IMAGES_FILE, "sw.js"];
  const files = readdirSync(outDir, { withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map(({ name }) => name).filter((name) => !apart.includes(name));
  const all = createHash("sha256");
  for (const name of names.sort()) all.update(name).update(readFileSync(join(outDir, name)));
  const told = { version: all.digest("hex").slice(0, 16), files: names };
  const worker = await bundleForPage("host/apps/page/worker/sw.ts");
  writeFileSync(join(outDir, "sw.js"), `const BUILD=${JSON.stringify(told)};\n${worker}`);
}
