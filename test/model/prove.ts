/**
 * `npm run prove`: every case of cases.ts, with what it should say. Exit status 1 on a difference.
 *
 *   npm run prove               all
 *   npm run prove -- WORD...    the cases that contain all the words (engine, model, definition, title)
 *   npm run prove -- --show ... and how what was found came about (Spin, Maude)
 *
 * A case whose checker is not installed is skipped by name; with KINCARD_REQUIRE_MODELS=1 that is a
 * failure, but for ProVerif, which Debian does not have. KINCARD_MODEL_LIMIT: seconds that a step
 * of a case may take (900).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Counts,
  FAILED,
  NOTHING,
  PASSED,
  sum,
  summary,
} from "../../host/apps/terminal/counts.js";
import { type Case, describe } from "./cases.js";
import { meets, NEEDS, result } from "./engines.js";
import { PACKAGED, type Places } from "./tools.js";
import { trace } from "./trace.js";

export interface Settings {
  readonly places: Places;
  /** A checker that a package brings must be there. */
  readonly required: boolean;
  /** Milliseconds that one step of a case may take. */
  readonly limit: number;
  readonly print: (line: string) => void;
  /** After a case that found something: how it came about. */
  readonly show?: boolean;
}

export function chosen(cases: readonly Case[], words: readonly string[]): readonly Case[] {
  return cases.filter((item) => words.every((word) => describe(item).includes(word)));
}

const SKIPPED: Counts = { ...NOTHING, skipped: 1 };

/** Runs one case and prints its line; `counter` is its place in the run, as `12/34`. */
async function prove(item: Case, counter: string, settings: Settings): Promise<Counts> {
  const { places, required, limit, print } = settings;
  const missing = NEEDS[item.engine].find((tool) => !places[tool]);
  const line = (verdict: string, took: string, says: string) =>
    print(`${counter} ${verdict.padEnd(8)} ${took.padStart(7)}  ${describe(item)}: ${says}`);
  if (missing) {
    const fails = required && PACKAGED.includes(missing);
    line(fails ? "FAILED" : "skipped", "", `no ${missing}`);
    return fails ? FAILED : SKIPPED;
  }
  const folder = mkdtempSync(join(tmpdir(), "kincard-model-"));
  const since = performance.now();
  try {
    const got = await result(item, places, folder, limit);
    const took = `${((performance.now() - since) / 1000).toFixed(1)} s`;
    const ok = meets(item.want, got);
    line(ok ? "ok" : "DIFFERS", took, ok ? got : `got ${got}, expected ${item.want}`);
    if (settings.show) {
      for (const step of await trace(item, places, folder, limit)) print(`        ${step}`);
    }
    return ok ? PASSED : FAILED;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function proveAll(cases: readonly Case[], settings: Settings): Promise<Counts> {
  const counts: Counts[] = [];
  for (const [index, item] of cases.entries()) {
    const counter = `${String(index + 1).padStart(String(cases.length).length)}/${cases.length}`;
    counts.push(await prove(item, counter, settings));
  }
  const total = sum(counts);
  const without = new Set(cases.flatMap(({ engine }) => NEEDS[engine]));
  for (const tool of without) if (!settings.places[tool]) settings.print(`skipped: no ${tool}`);
  settings.print(summary(total));
  return total;
}
