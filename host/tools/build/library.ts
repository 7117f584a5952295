/**
 * The host as plain JavaScript, for those who have no TypeScript at run time: `dist/host/lib` holds
 * the command line and the library, split where they are loaded later. Packages stay packages.
 *
 * Nothing is compiled, and nothing is read from a shared cache, when `kincard` starts.
 */
import { existsSync, rmSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { transform } from "esbuild";
import { rollup, type Plugin, type RollupLog } from "rollup";
import { fromRoot } from "../../../firmware/build/paths.js";

/** Entries by the name of their file in dist/host/lib. */
const ENTRIES = {
  kincard: "host/apps/cli/main.ts",
  index: "host/sdk/index.ts",
  core: "host/sdk/core.ts",
  relay: "host/sdk/relay/index.ts",
  maker: "host/sdk/maker/index.ts",
  links: "host/sdk/links/index.ts",
  virtual: "host/emulator/card/index.ts",
  chip: "host/emulator/index.ts",
  recording: "host/sdk/recording/index.ts",
  viem: "host/sdk/signers/viem.ts",
  ethers: "host/sdk/signers/ethers.ts",
  bitcoin: "host/sdk/signers/bitcoin.ts",
} as const;

/** The file that `importer` means: TypeScript's ".js" names are ".ts" files. */
export const sourceOf = (source: string, importer: string): string =>
  join(dirname(importer), source).replace(/\.js$/, ".ts");

/** JavaScript by its TypeScript: a build makes half a dozen bundles of the same files. */
const made = new Map<string, Promise<string>>();
async function transpiled(code: string, sourcefile: string): Promise<string> {
  const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true } };
  const options = { loader: "ts", target: "es2022", sourcefile, tsconfigRaw } as const;
  return (await transform(code, options)).code;
}
function javaScript(code: string, file: string): Promise<string> {
  const known = made.get(code) ?? transpiled(code, file);
  made.set(code, known);
  return known;
}

export function transpile(): Plugin {
  return {
    name: "typescript",
    resolveId(source, importer) {
      if (!importer || !source.startsWith(".")) return undefined;
      const path = sourceOf(source, importer);
      return existsSync(path) ? path : undefined;
    },
    async transform(code, id) {
      if (!id.endsWith(".ts")) return undefined;
      return { code: await javaScript(code, id), map: null };
    },
  };
}

/** Throws for every warning but that a package's comment was taken for a hint and is none. */
export const orThrow =
  (what: string) =>
  ({ code, message }: RollupLog): void => {
    if (code !== "INVALID_ANNOTATION") throw new Error(`${what}: ${message}`);
  };

/** Bundles `entries` (name of the file: path from the root) into `folder`, which is emptied. */
export async function bundle(
  entries: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const build = await rollup({
    input: Object.fromEntries(
      Object.entries(entries).map(([name, path]) => [name, fromRoot(path)]),
    ),
    external: (id) => !id.startsWith(".") && !isAbsolute(id),
    plugins: [transpile()],
    // a package of which nothing is used need not be there
    treeshake: { moduleSideEffects: "no-external" },
    onwarn: orThrow("the host's library"),
  });
  try {
    await build.write({
      dir: folder,
      format: "es",
      entryFileNames: "[name].js",
      chunkFileNames: "[name]-[hash].js",
    });
  } finally {
    await build.close();
  }
}

/** Builds the command line and the library into `outDir`/host/lib. */
export const buildLibrary = (outDir: string) => bundle(ENTRIES, join(outDir, "host/lib"));
