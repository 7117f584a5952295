/**
 * What of a long list of cases is run: all by `.ci/run` (KINCARD_FULL=1), a part by `npm test`,
 * another each time, by the seed that stands in the tests' names.
 */
import { createHash } from "node:crypto";
import { SEED } from "./seed.js";

export const FULL = process.env.KINCARD_FULL === "1";

/** For the name of a test: which part it runs. */
export const PART = FULL ? "" : ` (a part, KINCARD_SEED=${SEED})`;

/** These cases, or `most` of them in their order; `list` is another name for each list. */
export function some<T>(list: string, cases: readonly T[], most: number): readonly T[] {
  if (FULL || cases.length <= most) return cases;
  const rank = (at: number) => createHash("sha256").update(`${SEED} ${list} ${at}`).digest("hex");
  const chosen = [...cases.keys()]
    .map((at) => [rank(at), at] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, most)
    .map(([, at]) => at);
  return chosen.sort((a, b) => a - b).map((at) => cases[at] as T);
}

/** 0..length-1, or `most` of them. */
export const someOf = (list: string, length: number, most: number): readonly number[] =>
  some(list, [...Array(length).keys()], most);

/** A test that only `.ci/run` runs: what it shows is shown elsewhere too, or takes long. */
export function inFull(
  title: string,
  test: (this: Mocha.Context) => PromiseLike<void> | void,
): void {
  if (FULL) it(title, test);
}

/** How many times: all of them, or few. */
export const times = (all: number, few: number): number => (FULL ? all : few);
