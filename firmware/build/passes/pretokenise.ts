/**
 * Espruino's own tokeniser for code that is to lie in Storage: reserved words become one byte each,
 * strings and numbers become binary. It is a plugin of the `espruino` package and is run here
 * alone, offline, with the two things that it asks its surroundings for.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createContext, runInContext } from "node:vm";
import * as acorn from "acorn";

interface Tokeniser {
  tokenise(code: string): string;
}
const PLUGIN = "espruino/plugins/pretokenise.js";

/** As 8-bit characters, one a byte. For Espruino 2v26 or newer (binary numbers). */
export function pretokenise(code: string): string {
  const Espruino = {
    Config: { PRETOKENISE: 2 },
    Core: { Env: { getBoardData: () => ({}) }, Utils: { atob } },
    Plugins: {} as { Pretokenise?: Tokeniser },
  };
  const context = createContext({ Espruino, acorn, console });
  const path = createRequire(import.meta.url).resolve(PLUGIN);
  runInContext(readFileSync(path, "utf8"), context, { filename: path });
  return Espruino.Plugins.Pretokenise!.tokenise(code);
}
