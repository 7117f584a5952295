/** Bundles that are built anew, each once a process: that takes seconds. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildFirmware, type Firmware } from "../../firmware/build/firmware.js";

/** The private key of the other maker that tests share [32]. */
export const OTHER_MAKER = createHash("sha256").update("another maker").digest();

let demo: Promise<Firmware> | undefined;
/** The demo maker's, written nowhere. */
export function demoFirmware(): Promise<Firmware> {
  demo ??= buildFirmware({ outDir: null });
  return demo;
}

const built = new Map<string, Promise<string>>();

async function build(makerKey: string): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), "kincard-bundle-"));
  process.once("exit", () => rmSync(outDir, { recursive: true, force: true }));
  await buildFirmware({ makerKey, outDir });
  return join(outDir, "firmware.js");
}

/** The path of the bundle for this maker's public key [33], in hex. */
export function bundleFor(makerKey: string): Promise<string> {
  const known = built.get(makerKey) ?? build(makerKey);
  built.set(makerKey, known);
  return known;
}
