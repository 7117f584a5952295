/**
 * The attack that a checker found, step by step: what `npm run prove -- --show` prints after a
 * case. Works in the folder in which the case has just run.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "./cases.js";
import { MAUDE_FILE, modelFile, run } from "./engines.js";
import type { Places } from "./tools.js";

/** What states.pml says of each step that matters; tries.pml says nothing. */
async function spin(item: Case, places: Places, folder: string, limit: number) {
  const trail = readdirSync(folder).find((name) => name.endsWith(".trail"));
  if (!trail) return [];
  const flags = item.defines.map((name) => `-D${name}`);
  const args = [...flags, "-t", "-k", join(folder, trail), modelFile(item)];
  const { output } = await run(places.spin ?? "", args, folder, limit);
  return output.split("\n").filter((line) => /^\s+(S|D\d) \w/.test(line));
}

/** The rules on the way to the state, in order. */
async function maude(_: Case, places: Places, folder: string, limit: number) {
  const file = join(folder, MAUDE_FILE);
  const args = ["-no-banner", "-batch", file];
  const found = await run(places.maude ?? "", args, folder, limit);
  const state = /^Solution 1 \(state (\d+)\)/m.exec(found.output)?.[1];
  if (!state) return [];
  writeFileSync(file, `${readFileSync(file, "utf8")}\nshow path labels ${state} .\n`);
  const { output } = await run(places.maude ?? "", args, folder, limit);
  const path = output.split(/^Bye|^show path|^=+$/m).at(-2) ?? "";
  return path.split("\n").filter((line) => /^[a-z-]+$/.test(line));
}

/** Lines without an end; none where nothing was found, or the checker (ProVerif) prints its own. */
export async function trace(
  item: Case,
  places: Places,
  folder: string,
  limit: number,
): Promise<readonly string[]> {
  if (item.engine === "proverif") return [];
  const lines = await { spin, maude }[item.engine](item, places, folder, limit);
  return lines.map((line) => line.trim());
}
