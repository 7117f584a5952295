/** From a place in generated code back to the line that a person wrote, through a source map. */
import { SourceMap } from "node:module";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { shown } from "../paths.js";
import { BuildRefused, type Finding, type Place } from "./findings.js";

export interface RawMap {
  readonly version: number;
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

export interface Origin extends Place {
  /** The name as written, where the map knows it. */
  readonly name: string | undefined;
}
export type Locate = (line: number, column: number) => Origin | undefined;

/** `folder`: what the map's sources are relative to. Line from 1, column from 0, both ways. */
export function locator(map: RawMap, folder: string): Locate {
  const payload = { ...map, file: "", sourceRoot: "", sourcesContent: [] };
  const sourceMap = new SourceMap(payload as unknown as ConstructorParameters<typeof SourceMap>[0]);
  return (line, column) => {
    const entry = sourceMap.findEntry(line - 1, column) as Partial<
      Record<"originalSource" | "name", string> & Record<"originalLine" | "originalColumn", number>
    >;
    if (entry.originalSource === undefined) return undefined;
    return {
      file: shown(resolve(folder, entry.originalSource)),
      line: entry.originalLine! + 1,
      column: entry.originalColumn!,
      name: entry.name,
    };
  };
}
/** For a file that tsc wrote beside its map. */
export function locatorOf(file: string): Locate {
  return locator(JSON.parse(readFileSync(`${file}.map`, "utf8")) as RawMap, dirname(file));
}

/** `file:line:column: message [rule]`, as editors understand it. */
export function describe(finding: Finding, locate: Locate, fallback: string): string {
  const place = locate(finding.line, finding.column);
  const { file, line, column } = place ?? { file: fallback, ...finding };
  return `${file}:${line}:${column + 1}: ${finding.message} [${finding.rule}]`;
}
/** Throws with all findings, each once. */
export function refuse(findings: readonly Finding[], locate: Locate, fallback: string): void {
  if (!findings.length) return;
  const lines = new Set(findings.map((finding) => describe(finding, locate, fallback)));
  throw new BuildRefused([...lines].join("\n"));
}
