/**
 * What a run of the kit came to, as JSON in the manner of Wycheproof's files (report.schema.json):
 * groups of tests, each test with a number, what it is about, its flags and its result.
 */
import { FLAGS } from "../../../test/vectors/cases/types.js";
import { VECTORS } from "../../../test/vectors/version.js";
import type { Outcome, Result } from "./check.js";

/** Rises with every check that is added, changed or taken away. */
export const KIT_VERSION = 2;

export interface ReportedCard {
  readonly uri: string;
  readonly firmware: string;
  readonly demo: boolean;
}
/** What is asked for, in words. */
export const USED = `kincard/1, kit version ${KIT_VERSION}, vectors version ${VECTORS.version}`;
type Counts = Readonly<Record<Outcome, number>>;

export function count(results: readonly Result[]): Counts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { outcome } of results) counts[outcome] += 1;
  return counts;
}

/** Results by the groups of their checks, in the order in which these began. */
export function grouped(results: readonly Result[]): [group: string, of: Result[]][] {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    const { group } = result.check;
    groups.set(group, [...(groups.get(group) ?? []), result]);
  }
  return [...groups];
}

function test(result: Result, tcId: number) {
  const { check, outcome, why, ms } = result;
  const { title, cards, roles, vector } = check;
  return {
    tcId,
    comment: title,
    flags: vector?.flags ?? [],
    cards: cards.map((index) => index + 1),
    roles: cards.length > 1 ? roles : [],
    ...(vector ? { vector: { file: vector.file, tcId: vector.tcId } } : {}),
    result: outcome,
    ...(why ? { why } : {}),
    ms,
  };
}

export function report(cards: readonly ReportedCard[], results: readonly Result[], seed: string) {
  let tcId = 0;
  const used = new Set(results.flatMap(({ check }) => check.vector?.flags ?? []));
  const testGroups = grouped(results).map(([name, of]) => ({
    name,
    given: of[0]?.check.given ?? "",
    tests: of.map((result) => test(result, ++tcId)),
  }));
  return {
    protocol: "kincard/1",
    schema: "report.schema.json",
    kit: KIT_VERSION,
    vectors: VECTORS.version,
    seed,
    cards,
    numberOfTests: results.length,
    ...count(results),
    notes: Object.fromEntries(Object.entries(FLAGS).filter(([flag]) => used.has(flag))),
    testGroups,
  };
}
