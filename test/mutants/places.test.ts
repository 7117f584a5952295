/**
 * Every planted bug of list.ts still has its place in the sources: npm run test:mutants builds
 * them.
 */
import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot } from "../../firmware/build/paths.js";
import { MUTANTS } from "./list.js";

describe("planted bugs", () => {
  for (const { rule, bug, file, from, suite } of MUTANTS)
    it(`${rule}: ${bug}`, () => {
      const path = file.startsWith("host/") ? file : join("firmware/src", file);
      const source = readFileSync(fromRoot(path), "utf8");
      assert.equal(source.split(from).length - 1, 1, `not once in ${file}: ${from}`);
      assert.ok(existsSync(fromRoot(suite)), `no such suite: ${suite}`);
    });
});
