/**
 * The package's types: declarations of all that its entries reach, in the folders of the sources,
 * so that each compiles alone. For `npm pack`.
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { BuildRefused } from "../../../firmware/build/check/findings.js";
import { fromRoot, ROOT } from "../../../firmware/build/paths.js";

/** Writes the declarations of `entries` (paths from the root) into `folder`, which is emptied. */
export function writeTypes(entries: readonly string[], folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const file = fromRoot("tsconfig.json");
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const program = ts.createProgram(
    entries.map((entry) => fromRoot(entry)),
    {
      ...options,
      ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: ROOT },
      ...{ outDir: join(folder), stripInternal: true, types: ["node"] },
    },
  );
  const { diagnostics } = program.emit();
  const errors = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  const [first] = errors;
  if (first) {
    const text = ts.flattenDiagnosticMessageText(first.messageText, " ");
    throw new BuildRefused(`the package's types: ${first.file?.fileName ?? ""}: ${text}`);
  }
}
