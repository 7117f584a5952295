/**
 * The targets with counters in them: the host's and the emulator's modules as one program, and the
 * card's bundle as another, in build/fuzz. Planted bugs go in on the way.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { rollup, type Plugin } from "rollup";
import { BUNDLE_PATH } from "../../host/emulator/espruino/bundle.js";
import { transpile } from "../../host/tools/build/library.js";
import { fromRoot } from "../../firmware/build/paths.js";
import { COUNTERS, instrument, SITES } from "./instrument.js";

/** A text of a source file, or of the card's bundle, replaced by another. */
export interface Replacement {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}
export interface Built {
  /** To be imported: exports TARGETS. */
  readonly program: string;
  /** The card's bundle. */
  readonly firmware: string;
}

/** As deep below the root as what it is made of, whose paths go by that. */
const FOLDER = fromRoot("build/fuzz/lib");
/** Product code alone is counted: the engine's own ways are no news. */
const isProduct = (id: string) => /[\\/](host[\\/](sdk|apps|emulator))[\\/]/.test(id);

function counters(plant: Replacement | undefined): Plugin {
  let sites = 0;
  return {
    name: "counters",
    transform(source, id) {
      if (!id.endsWith(".ts")) return undefined;
      let code = source;
      if (plant && id.replaceAll("\\", "/").endsWith(plant.file)) {
        if (code.split(plant.find).length !== 2) {
          throw new Error(`${plant.file} holds not once: ${plant.find}`);
        }
        code = code.replace(plant.find, () => plant.replace);
      }
      if (!isProduct(id)) return { code, map: null };
      const made = instrument(code, "module", sites);
      sites += made.sites;
      return { code: made.code, map: null };
    },
  };
}

/** Builds both, once with each planted bug; `name` tells them apart. */
export async function build(name: string, plant?: Replacement): Promise<Built> {
  const built = { program: join(FOLDER, `${name}.mjs`), firmware: join(FOLDER, `${name}.card.js`) };
  mkdirSync(FOLDER, { recursive: true });
  const program = await rollup({
    input: fromRoot("test/fuzz/targets/index.ts"),
    external: (id) => !id.startsWith(".") && !isAbsolute(id),
    plugins: [transpile(), counters(plant)],
    onwarn: () => undefined,
  });
  await program.write({ file: built.program, format: "es", inlineDynamicImports: true });
  await program.close();
  const card = instrument(readFileSync(BUNDLE_PATH, "latin1"), "script").code;
  writeFileSync(built.firmware, `var ${COUNTERS}=new Uint8Array(${SITES});${card}`, "latin1");
  return built;
}
