/**
 * The tables of docs/proofs.md, between `<!-- table:NAME -->` and `<!-- /table -->`, from the cases
 * and the twins. `npm run prove -- --docs` writes them; a test compares.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Case, CASES, type Engine } from "./cases.js";
import { TWINS } from "./twins.js";

export const DOCUMENT = fileURLToPath(new URL("../../docs/proofs.md", import.meta.url));

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

function caseRow({ model, claim, defines, want, title }: Case): string[] {
  const words = [claim ?? "", ...defines].filter(Boolean).join(" ");
  return [model, words && `\`${words}\``, want, title];
}
function cases(engine: Engine): string {
  const rows = CASES.filter((item) => item.engine === engine).map(caseRow);
  return markdown(["model", "defined", "expected", "says"], rows);
}
function twins(): string {
  return markdown(
    ["model", "rule taken away", "planted bug in the card"],
    TWINS.map(({ model, rule, bug, why }) => [
      model,
      `\`${rule}\``,
      bug ? `"${bug}"` : `none: ${why ?? ""}`,
    ]),
  );
}

export const TABLES: Readonly<Record<string, () => string>> = {
  spin: () => cases("spin"),
  maude: () => cases("maude"),
  proverif: () => cases("proverif"),
  twins,
};

/**
 * `text` with every table filled.
 * @throws Error when a mark names no table, or a table has no mark.
 */
export function fill(text: string): string {
  const seen = new Set<string>();
  const marks = /<!-- table:(\w+) -->\n[^]*?<!-- \/table -->/g;
  const filled = text.replace(marks, (_, name: string) => {
    const table = TABLES[name];
    if (!table) throw new Error(`no table is called ${name}`);
    seen.add(name);
    return `<!-- table:${name} -->\n\n${table()}\n\n<!-- /table -->`;
  });
  const missing = Object.keys(TABLES).filter((name) => !seen.has(name));
  if (missing.length) throw new Error(`no place for the table ${missing.join(", ")}`);
  return filled;
}

export function writeTables(): void {
  writeFileSync(DOCUMENT, fill(readFileSync(DOCUMENT, "utf8")));
}
