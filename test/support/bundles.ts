/**
 * Bundles of other makers, and the demo maker's. Building one takes seconds: each is built once for
 * these sources, and kept in the project's build/.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildFirmware, type FirmwareInfo } from "../../firmware/build/firmware.js";
import { DEMO_MAKER_PUBLIC } from "../../firmware/build/demo-maker.js";
import { DIST, fromRoot } from "../../firmware/build/paths.js";
import { digest } from "../../firmware/build/stamp.js";

/** The private key of the other maker that tests share [32]. */
export const OTHER_MAKER = createHash("sha256").update("another maker").digest();

/** What a bundle is made of, from the root. */
const SOURCES = [
  ...["firmware/src", "firmware/build", "firmware/tsconfig.json", "rollup.config.js"],
  ...["package.json", "package-lock.json"],
];
const NAME = "firmware.js";

export interface Kept {
  readonly code: string;
  readonly info: FirmwareInfo;
}
/** What lies beside each other in `folder`. */
export const keptIn = (folder: string): Kept => ({
  code: readFileSync(join(folder, NAME), "latin1"),
  info: JSON.parse(readFileSync(join(folder, "firmware.json"), "utf8")) as FirmwareInfo,
});

const built = new Map<string, Promise<string>>();

/** Two processes may build the same: whole folders change their name, the first one's stays. */
async function build(makerKey: string): Promise<string> {
  const all = fromRoot("build/test/bundles", makerKey);
  const folder = join(all, digest(SOURCES, makerKey));
  if (!existsSync(folder)) {
    mkdirSync(all, { recursive: true });
    const old = readdirSync(all).filter((name) => !name.startsWith("new-"));
    const outDir = mkdtempSync(join(all, "new-"));
    try {
      await buildFirmware({ makerKey, outDir });
      if (!existsSync(folder)) renameSync(outDir, folder);
    } catch (error) {
      if (!existsSync(folder)) throw error;
    } finally {
      rmSync(outDir, { recursive: true, force: true });
    }
    for (const name of old)
      if (join(all, name) !== folder) rmSync(join(all, name), { recursive: true, force: true });
  }
  return join(folder, NAME);
}

/** The path of the bundle for this maker's public key [33], in hex. */
export function bundleFor(makerKey: string): Promise<string> {
  const known = built.get(makerKey) ?? build(makerKey);
  built.set(makerKey, known);
  return known;
}

/** The demo maker's: what lies in dist, if that is. */
export async function demoFirmware(): Promise<Kept> {
  const made = existsSync(join(DIST, NAME)) ? keptIn(DIST) : undefined;
  return made?.info.demo ? made : keptIn(dirname(await bundleFor(DEMO_MAKER_PUBLIC)));
}
