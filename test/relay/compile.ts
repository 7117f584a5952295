/**
 * Turns the relay child and the library under it into plain JavaScript: a process starts from that
 * in a tenth of the time, and kill.test.ts starts a hundred.
 */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OUT = join(ROOT, "build", "test-relay");
const FOLDERS = ["card", "crypto", "failures", "files", "links", "maker", "relay", "wire"];

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

/** The path of the child's JavaScript. */
export function compileChild(): string {
  rmSync(OUT, { recursive: true, force: true });
  const files = [
    ...FOLDERS.flatMap((name) => sources(join("host/sdk", name))),
    "test/relay/child.ts",
  ];
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
  };
  for (const file of files) {
    const text = readFileSync(join(ROOT, file), "utf8");
    const { outputText } = ts.transpileModule(text, { compilerOptions, fileName: file });
    const target = join(OUT, file.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
  return join(OUT, "test/relay/child.js");
}
