/** Builds the card's bundle with a planted bug in it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../../firmware/build/compile.js";
import { firmwareConfig } from "../../firmware/build/config.js";
import { bundle } from "../../firmware/build/firmware.js";
import { fromRoot } from "../../firmware/build/paths.js";
import type { Mutant } from "./list.js";

/** Path of the bundle, in `folder`, which must be empty but for a way to node_modules. */
export async function plant(mutant: Mutant, folder: string): Promise<string> {
  cpSync(fromRoot("firmware/src"), join(folder, "src"), { recursive: true });
  cpSync(fromRoot("firmware/tsconfig.json"), join(folder, "tsconfig.json"));
  const file = join(folder, "src", mutant.file);
  const source = readFileSync(file, "utf8");
  if (source.split(mutant.from).length !== 2) {
    throw new Error(`${mutant.file}: the place of "${mutant.bug}" is not there once`);
  }
  // A bug may leave something unused: that is not what is tested.
  const config = join(folder, "tsconfig.json");
  const options = JSON.parse(readFileSync(config, "utf8"));
  options.compilerOptions.noUnusedLocals = false;
  writeFileSync(config, JSON.stringify(options));
  writeFileSync(
    file,
    source.replace(mutant.from, () => mutant.to),
  );
  compile(config, { outDir: join(folder, "out") });
  const { code } = await bundle(firmwareConfig(), join(folder, "out/main.js"));
  const path = join(folder, "firmware.js");
  writeFileSync(path, code, "latin1");
  return path;
}

/** With the path of a bundle that has the bug. */
export async function withBug<T>(mutant: Mutant, use: (bundle: string) => T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "kincard-planted-"));
  try {
    symlinkSync(fromRoot("node_modules"), join(folder, "node_modules"));
    return use(await plant(mutant, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
