/**
 * The targets with counters in them: the host's and the emulator's modules as one program, and the
 * card's bundle as another, in build/fuzz. Planted bugs go in on the way.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { rollup, type Plugin } from "rollup";
import { BUNDLE_PATH } from "../../host/emulator/espruino/bundle.js";
import { transpile } from "../../host/tools/build/library.js";
import { compile } from "../../firmware/build/compile.js";
import { firmwareConfig } from "../../firmware/build/config.js";
import { bundle } from "../../firmware/build/firmware.js";
import { fromRoot } from "../../firmware/build/paths.js";
import { COUNTERS, instrument, SITES } from "./instrument.js";

/** A text of a source file, or of the card's bundle, replaced by another. */
export interface Replacement {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}
export interface Built {
  /** The worker (worker.ts), with all targets. */
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
      const here = plant && id.replaceAll("\\", "/").endsWith(plant.file);
      const code = here ? planted(source, plant) : source;
      if (!isProduct(id)) return { code, map: null };
      const made = instrument(code, "module", sites);
      sites += made.sites;
      return { code: made.code, map: null };
    },
  };
}

/** The card's bundle: the build's own, or one with the bug in it. */
async function cardWith(plant: Replacement | undefined): Promise<string> {
  if (!plant?.file.startsWith("firmware/")) return readFileSync(BUNDLE_PATH, "latin1");
  const folder = mkdtempSync(join(tmpdir(), "kincard-fuzz-card-"));
  try {
    symlinkSync(fromRoot("node_modules"), join(folder, "node_modules"));
    cpSync(fromRoot("firmware/src"), join(folder, "src"), { recursive: true });
    const config = JSON.parse(readFileSync(fromRoot("firmware/tsconfig.json"), "utf8")) as {
      compilerOptions: Record<string, unknown>;
    };
    // A bug may leave something unused: that is not what is tested.
    config.compilerOptions.noUnusedLocals = false;
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const file = join(folder, plant.file.replace("firmware/", ""));
    writeFileSync(file, planted(readFileSync(file, "utf8"), plant));
    compile(join(folder, "tsconfig.json"), { outDir: join(folder, "out") });
    return (await bundle(firmwareConfig(), join(folder, "out/main.js"))).code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
function planted(source: string, { file, find, replace }: Replacement): string {
  if (source.split(find).length !== 2) throw new Error(`${file} holds not once: ${find}`);
  return source.replace(find, () => replace);
}

/** Builds both, once with each planted bug; `name` tells them apart. */
export async function build(name: string, plant?: Replacement): Promise<Built> {
  const built = { program: join(FOLDER, `${name}.mjs`), firmware: join(FOLDER, `${name}.card.js`) };
  mkdirSync(FOLDER, { recursive: true });
  if (plant?.file.startsWith("firmware/")) {
    // The bug is in the card alone.
    plainProgram ??= makeProgram(join(FOLDER, "plain.mjs"));
    built.program = await plainProgram;
  } else await makeProgram(built.program, plant);
  const card = instrument(await cardWith(plant), "script").code;
  writeFileSync(built.firmware, `var ${COUNTERS}=new Uint8Array(${SITES});${card}`, "latin1");
  return built;
}
let plainProgram: Promise<string> | undefined;

/** Puts the worker and its targets there; answers the path. */
async function makeProgram(file: string, plant?: Replacement): Promise<string> {
  const program = await rollup({
    input: fromRoot("test/fuzz/worker.ts"),
    external: (id) => !id.startsWith(".") && !isAbsolute(id),
    plugins: [transpile(), counters(plant)],
    onwarn: () => undefined,
  });
  const intro = `globalThis.${COUNTERS} = new Uint8Array(${SITES});`;
  await program.write({ file, format: "es", inlineDynamicImports: true, intro });
  await program.close();
  return file;
}
