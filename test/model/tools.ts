/**
 * Where the model checkers are. Spin, gcc and Maude come from Debian; ProVerif is in no Debian
 * release: it is taken from PATH, or from the file that PROVERIF names.
 */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

export const TOOLS = ["spin", "gcc", "maude", "proverif"] as const;
export type Tool = (typeof TOOLS)[number];
/** Full paths; a tool that is not here is left out. */
export type Places = Readonly<Partial<Record<Tool, string>>>;
/** What KINCARD_REQUIRE_MODELS=1 insists on: what a package can be installed for. */
export const PACKAGED: readonly Tool[] = ["spin", "gcc", "maude"];

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** @throws Error when PROVERIF names something that can't be run: it would be skipped unnoticed. */
export function findTools(env: NodeJS.ProcessEnv): Places {
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  const found: Partial<Record<Tool, string>> = {};
  for (const tool of TOOLS) {
    const path = folders.map((folder) => join(folder, tool)).find(runs);
    if (path) found[tool] = path;
  }
  if (env.PROVERIF) {
    if (!runs(env.PROVERIF)) throw new Error(`PROVERIF names ${env.PROVERIF}: no such program`);
    found.proverif = env.PROVERIF;
  }
  return found;
}
