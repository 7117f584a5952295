/**
 * Fills the tables of docs/attacks.md and the last of docs/protocol.md, between `<!-- attack:NAME
 * -->` and `<!-- /attack -->`: `npm run attack -- --docs` writes, a test compares.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fromRoot } from "../../firmware/build/paths.js";
import { FILES } from "../vectors/cases/index.js";
import { FLAGS, type Flag, type Situation } from "../vectors/cases/types.js";
import { askAll, table, type Cell } from "./fields.js";

/** Each document, and which tables of the attack it must have. */
export const DOCUMENTS: readonly (readonly [path: string, tables: readonly string[]])[] = [
  [fromRoot("docs/attacks.md"), ["kinds"]],
  [fromRoot("docs/protocol.md"), ["fields"]],
];
const BLOCK = /<!-- attack:(\w+) -->\n[\s\S]*?<!-- \/attack -->/g;

/** What the shared list of cases expects (test/vectors), by kind of fault and command. */
function kinds(): string {
  const cells = new Map<Flag, Map<string, { words: Set<string>; count: number }>>();
  for (const { cases } of Object.values(FILES).flat() as Situation[])
    for (const { flags, command, word } of cases)
      for (const flag of flags) {
        const row = cells.get(flag) ?? new Map<string, { words: Set<string>; count: number }>();
        const cell = row.get(command) ?? { words: new Set<string>(), count: 0 };
        cell.words.add(word);
        cell.count++;
        cells.set(flag, row.set(command, cell));
      }
  const rows = (Object.keys(FLAGS) as Flag[])
    .filter((flag) => flag !== "Valid" && cells.has(flag))
    .flatMap((flag) =>
      [...cells.get(flag)!].map(([command, { words, count }]) => {
        const name = command === "RAW" ? "any APDU" : command;
        return `| ${FLAGS[flag]} | ${name} | ${count} | ${[...words].sort().join(", ")} |`;
      }),
    );
  return ["| what is wrong | with | cases | says |", "|---|---|---|---|", ...rows].join("\n");
}

export function cells(): Promise<Cell[]> {
  return askAll(false, "tables");
}
/**
 * A document's text with its tables as they are now, `cells` being what cards answered.
 * @throws Error when its marks are not those of `wanted`.
 */
export function fill(text: string, wanted: readonly string[], cells: readonly Cell[]): string {
  const tables: Readonly<Record<string, () => string>> = { fields: () => table(cells), kinds };
  const seen: string[] = [];
  const filled = text.replace(BLOCK, (_, name: string) => {
    const make = tables[name];
    if (!make) throw new Error(`no table of the attack is named "${name}"`);
    seen.push(name);
    return `<!-- attack:${name} -->\n\n${make()}\n\n<!-- /attack -->`;
  });
  if (seen.join() !== wanted.join()) throw new Error(`tables ${seen.join()}, not ${wanted.join()}`);
  return filled;
}
export async function write(): Promise<void> {
  const asked = await cells();
  for (const [path, wanted] of DOCUMENTS)
    writeFileSync(path, fill(readFileSync(path, "utf8"), wanted, asked));
}
