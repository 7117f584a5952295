/**
 * The page's TypeScript for browsers: transpiled file by file (types are checked elsewhere), with
 * packages found as Node finds them, and minified. Node only.
 */

import { rollup } from "rollup";
import { minify } from "terser";
import { fromRoot } from "../../../../firmware/build/paths.js";
import { orThrow, transpile } from "../library.js";
import { partsPlugin, together, type Parts } from "../parts.js";
import { ESPRUINO_MODULE, espruinoModule } from "./espruino-parts.js";

/** What needs Node, and what the page has in its place. */
const PAGE_PARTS: Parts = {
  instead: new Map([
    [fromRoot("host/apps/flasher/espruino/tools.ts"), fromRoot("host/apps/page/ui/flash/tools.ts")],
  ]),
  made: { [ESPRUINO_MODULE]: espruinoModule },
};

/**
 * The page as modules, minified: page.js, and what it loads when it is first needed. All but page.js
 * have their content's digest in their names, so that parts of two builds never meet.
 */
export async function pageModules(): Promise<ReadonlyMap<string, string>> {
  const build = await rollup({
    input: { page: fromRoot("host/apps/page/ui/main.ts") },
    plugins: [partsPlugin(PAGE_PARTS), transpile()],
    preserveEntrySignatures: "strict",
    onwarn: orThrow("the page's modules"),
  });
  try {
    const names = { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" };
    const { output } = await build.generate({ format: "es", ...names });
    const found = new Map<string, string>();
    for (const part of output) {
      if (part.type !== "chunk") throw new Error(`the page's modules: ${part.fileName}`);
      found.set(part.fileName, await minified(part.code, true));
    }
    return found;
  } finally {
    await build.close();
  }
}

async function minified(script: string, module = false): Promise<string> {
  const options = { ecma: 2020, module, format: { ascii_only: true } } as const;
  const { code } = await minify(script, options);
  if (!code) throw new Error("the page's bundle came out empty");
  return code;
}

/** A script of its own for a browser, minified; with `more` parts in place of the page's own. */
export async function bundleForPage(input: string, more?: Parts): Promise<string> {
  const build = await rollup({
    input: fromRoot(input),
    plugins: [partsPlugin(more ? together(PAGE_PARTS, more) : PAGE_PARTS), transpile()],
    onwarn: orThrow("the page's bundle"),
  });
  try {
    const { output } = await build.generate({ format: "iife", inlineDynamicImports: true });
    return await minified(output[0].code);
  } finally {
    await build.close();
  }
}
