/**
 * Reads Wycheproof test vectors (C2SP/wycheproof) from the folder that WYCHEPROOF_DIR names, else
 * from ../shared/wycheproof seen from the project's root. They are no part of the project: without
 * them a suite skips and says why.
 */

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { PART, some } from "../support/full.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDER = process.env["WYCHEPROOF_DIR"] ?? path.join(ROOT, "..", "shared", "wycheproof");

export interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly result: "valid" | "invalid" | "acceptable";
}

export type Group<Fields, Test> = Fields & { readonly tests: readonly (Vector & Test)[] };

export const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
export const hex = (data: Uint8Array | undefined): string | undefined =>
  data && Buffer.from(data).toString("hex");

/** The groups of a file, or the reason why there are none. */
export function wycheproof<Fields, Test>(file: string): readonly Group<Fields, Test>[] | string {
  const name = path.join(FOLDER, file);
  if (!existsSync(name))
    return `no Wycheproof vectors: set WYCHEPROOF_DIR to a folder with ${file}`;
  return JSON.parse(readFileSync(name, "utf8")).testGroups;
}

/** Of a file, in a part of them. */
const MOST = 60;

/**
 * One test for a whole file: `check` returns what is wrong with a vector, or undefined. Every
 * failing vector is named, and `expected` counts the vectors so that none is lost.
 */
export function everyVector<Fields, Test>(
  file: string,
  expected: number,
  check: (test: Vector & Test, group: Group<Fields, Test>) => string | undefined,
): void {
  const groups = wycheproof<Fields, Test>(file);
  it(`Wycheproof ${file}: ${expected} vectors${PART}`, function () {
    if (typeof groups === "string") {
      console.log(`      ${groups}`);
      return this.skip();
    }
    this.timeout(120_000);
    const wrong: string[] = [];
    const all = groups.flatMap((group) => group.tests.map((test) => ({ test, group })));
    for (const { test, group } of some(file, all, MOST)) {
      const problem = check(test, group);
      if (problem) wrong.push(`${test.tcId} (${test.result}, ${test.comment}): ${problem}`);
    }
    if (wrong.length) throw new Error(`${wrong.length} vectors:\n${wrong.slice(0, 20).join("\n")}`);
    const { length } = all;
    if (length !== expected) throw new Error(`${length} vectors in the file, not ${expected}`);
  });
}
