/**
 * The `espruino` package, each time in a world of its own: it keeps its one connection, its
 * settings and its registry of serial devices in globals, prints a lot, and its own serial device
 * looks for ports with a program (udevadm) whose absence ends the process. So only the parts that
 * talk to a board are loaded, without that device, and several boards can be worked on at once.
 *
 * Node only: the phone page has host/apps/page/ui/flash/tools.ts in this one's place
 * (host/tools/build/page/page.ts).
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createContext, runInContext } from "node:vm";
import { Failure } from "../../../sdk/failures/failure.js";
import { isAbsent } from "../../../sdk/failures/packages.js";
import { prepareTools, quiet, type EspruinoTools } from "./parts.js";

const PARTS = [
  ...["espruino", "core/config", "core/utils", "core/serial", "core/env"],
  ...["plugins/boardJSON", "plugins/versionChecker"],
];

function partOf(require: NodeJS.Require, part: string): string {
  try {
    return require.resolve(`espruino/${part}.js`);
  } catch (error) {
    if (!isAbsent(error, "espruino")) throw error;
    throw new Failure("package/missing", { package: "espruino" }, { cause: error });
  }
}

/** Throws a Failure (package/missing) before anything is asked of a board. */
export function assertTools(): void {
  const require = createRequire(import.meta.url);
  for (const part of PARTS) partOf(require, part);
}

export function loadTools(settings: Readonly<Record<string, unknown>>): EspruinoTools {
  const require = createRequire(import.meta.url);
  const globals: Record<string, unknown> = {
    console: { log: quiet, warn: quiet, error: quiet },
    ...{ setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask },
    ...{ require, process: { platform: process.platform }, navigator: { userAgent: "node" } },
    // its own, it would take our buffers for something else
    ...{ ArrayBuffer, Uint8Array },
  };
  const context = createContext(globals);
  for (const part of PARTS) {
    const path = partOf(require, part);
    runInContext(readFileSync(path, "utf8"), context, { filename: path });
  }
  return prepareTools(globals["Espruino"] as EspruinoTools, settings);
}
