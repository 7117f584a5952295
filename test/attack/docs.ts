/** Fills the tables of docs/attacks.md: `npm run attack -- --docs` writes, a test compares. */
import { readFileSync, writeFileSync } from "node:fs";
import { fromRoot } from "../../firmware/build/paths.js";
import { FILES } from "../vectors/cases/index.js";
import { FLAGS, type Flag, type Situation } from "../vectors/cases/types.js";
import { askAll, table, type Cell } from "./fields.js";

export const DOCUMENT = fromRoot("docs/attacks.md");
const BLOCK = /<!-- table:(\w+) -->\n[\s\S]*?<!-- \/table -->/g;

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

/** The document's text with its tables as they are now; cells may be given if they are known. */
export async function fill(text: string, given?: readonly Cell[]): Promise<string> {
  const cells = given ?? (await askAll(false, "tables"));
  const tables: Readonly<Record<string, () => string>> = { fields: () => table(cells), kinds };
  return text.replace(BLOCK, (_, name: string) => {
    const make = tables[name];
    if (!make) throw new Error(`docs/attacks.md: no table is named "${name}"`);
    return `<!-- table:${name} -->\n\n${make()}\n\n<!-- /table -->`;
  });
}
export async function write(): Promise<void> {
  writeFileSync(DOCUMENT, await fill(readFileSync(DOCUMENT, "utf8")));
}
