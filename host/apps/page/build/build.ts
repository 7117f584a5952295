/**
 * The phone page as static files: the bundle, the service worker, and what lies in static/. Node
 * only; `npm run build` calls it and leaves dist/web, which any static host can serve as it is.
 *
 * The page's TypeScript is transpiled file by file (types are checked elsewhere) and packages are
 * found as Node finds them. The service worker is told every file and one digest over them all, so
 * that a new build replaces an old one as a whole.
 */

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rollup, type Plugin } from "rollup";
import { minify } from "terser";
import ts from "typescript";
import { CONFIG_FILE, IMAGES_FILE } from "../config.js";
import { ESPRUINO_MODULE, espruinoModule } from "./espruino-parts.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { resolve: resolvePackage } = createRequire(import.meta.url);

/** What needs Node, and what the page has in its place. */
const IN_THE_PAGE: ReadonlyMap<string, string> = new Map([
  [here("../../flasher/tools.ts"), here("../ui/flash/tools.ts")],
]);

/** TypeScript's ".js" names are ".ts" files; @noble is found in node_modules. */
function typescriptPlugin(): Plugin {
  return {
    name: "typescript",
    resolveId(source, importer) {
      if (!importer) return undefined;
      if (source === ESPRUINO_MODULE) return source;
      if (!source.startsWith(".")) return resolvePackage(source);
      const path = join(dirname(importer), source).replace(/\.js$/, ".ts");
      return existsSync(path) ? (IN_THE_PAGE.get(path) ?? path) : undefined;
    },
    load: (id) => (id === ESPRUINO_MODULE ? espruinoModule() : undefined),
    transform(code, id) {
      if (!id.endsWith(".ts")) return undefined;
      const compilerOptions = {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
      };
      return { code: ts.transpileModule(code, { compilerOptions }).outputText, map: null };
    },
  };
}

async function bundle(input: string): Promise<string> {
  const build = await rollup({
    input: here(input),
    plugins: [typescriptPlugin()],
    onwarn: (warning) => {
      throw new Error(`the page's bundle: ${warning.message}`);
    },
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

/** Builds the page into `outDir`. */
export async function buildPage(outDir: string): Promise<void> {
  mkdirSync(outDir, { recursive: true });
  cpSync(here("../static"), outDir, { recursive: true });
  writeFileSync(join(outDir, "page.js"), await bundle("../ui/main.ts"));
  // What changes without a new build is not part of one.
  const apart = [CONFIG_FILE, IMAGES_FILE, "sw.js"];
  const files = readdirSync(outDir, { withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map(({ name }) => name).filter((name) => !apart.includes(name));
  const all = createHash("sha256");
  for (const name of names.sort()) all.update(name).update(readFileSync(join(outDir, name)));
  const told = { version: all.digest("hex").slice(0, 16), files: names };
  const worker = await bundle("../worker/sw.ts");
  writeFileSync(join(outDir, "sw.js"), `const BUILD=${JSON.stringify(told)};\n${worker}`);
}
