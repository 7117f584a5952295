/**
 * firmware/src -> build/firmware: the TypeScript compiler at target ES5, with
 * firmware/tsconfig.json.
 */
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { checkModule } from "./check/index.js";
import { BuildRefused } from "./check/findings.js";
import { describe, locatorOf } from "./check/sources.js";
import { EMIT, fromRoot, shown } from "./paths.js";
import { digest, isFresh, writeStamp } from "./stamp.js";

const STAMP = `${EMIT}.stamp`;

/** One line for a compiler's diagnostic: `file:line:column: message [TS1234]`. */
function describeDiagnostic(diagnostic: ts.Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
  const { file, start } = diagnostic;
  if (!file || start === undefined) return `${message} [TS${diagnostic.code}]`;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return `${shown(file.fileName)}:${line + 1}:${character + 1}: ${message} [TS${diagnostic.code}]`;
}

export interface CompileOptions {
  readonly outDir: string;
  /** Default: the project's firmware. */
  readonly files?: readonly string[];
  readonly rootDir?: string;
}

/** Compiles with a tsconfig.json, checks what came out. */
export function compile(config: string, { outDir, files, rootDir }: CompileOptions): void {
  const { config: json, error } = ts.readConfigFile(config, (path) => ts.sys.readFile(path));
  if (error) throw new BuildRefused(describeDiagnostic(error));
  const parsed = ts.parseJsonConfigFileContent(json, ts.sys, dirname(config), {
    outDir,
    ...(rootDir && { rootDir }),
  });
  const program = ts.createProgram([...(files ?? parsed.fileNames)], parsed.options);
  const problems = [...parsed.errors, ...ts.getPreEmitDiagnostics(program)];
  if (problems.length) throw new BuildRefused(problems.map(describeDiagnostic).join("\n"));

  const found: string[] = [];
  const written: [string, string][] = [];
  program.emit(undefined, (path, text) => {
    mkdirSync(dirname(path), { recursive: true });
    ts.sys.writeFile(path, text);
    if (path.endsWith(".js")) written.push([path, text]);
  });
  for (const [path, text] of written) {
    const findings = checkModule(text);
    if (findings.length) {
      const locate = locatorOf(path);
      found.push(...findings.map((finding) => describe(finding, locate, shown(path))));
    }
  }
  if (found.length) throw new BuildRefused([...new Set(found)].join("\n"));
}

/** The project's firmware, when its sources changed since. */
export function compileFirmware(): void {
  const value = digest(
    ["firmware/src", "firmware/tsconfig.json", "firmware/build/check", "firmware/build/compile.ts"],
    ts.version,
  );
  const entry = join(EMIT, "main.js");
  if (isFresh(STAMP, value, [entry])) return;
  rmSync(EMIT, { recursive: true, force: true });
  rmSync(STAMP, { force: true });
  compile(fromRoot("firmware/tsconfig.json"), { outDir: EMIT });
  writeStamp(STAMP, value);
}
