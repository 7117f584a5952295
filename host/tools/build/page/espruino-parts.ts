/**
 * The `espruino` package's parts that talk to a board, as a module of the page. They are scripts
 * that keep everything in globals: here they run in one function whose parameters hide the page's
 * own, so that each call is a world of its own (host/apps/flasher/espruino/tools.ts does the same with
 * node:vm). Node only.
 *
 * Source: espruino 0.1.67; its files are under the Mozilla Public License 2.0 and stay as they are.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

export const ESPRUINO_MODULE = "virtual:espruino";
/** Without boardJSON: it fetches what the flasher knows from the image's manifest. */
const PARTS = ["core/config", "core/utils", "core/serial", "core/env", "plugins/versionChecker"];
/** Of the page, not to be seen or changed from in there. */
const HIDDEN = ["window", "document", "localStorage", "chrome", "process", "require", "global"];

export function espruinoModule(): string {
  const { resolve } = createRequire(import.meta.url);
  const text = (part: string) => readFileSync(resolve(`espruino/${part}.js`), "utf8");
  return [
    `export function makeWorld(globalThis, console, navigator) {`,
    `let ${HIDDEN.join(", ")};`,
    text("espruino"),
    "const Espruino = globalThis.Espruino;",
    ...PARTS.map(text),
    "return Espruino;",
    "}",
  ].join("\n");
}
