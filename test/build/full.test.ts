/** The parts of long lists that npm test runs: each seed's own, in order, and all in `.ci/run`. */
import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { fromRoot } from "../../firmware/build/paths.js";
import { chosen } from "../../host/tools/test/checks.js";
import { LONG } from "../suites.js";
import { FULL, PART, some, someOf, times } from "../support/full.js";

describe(`a list of cases, ${FULL ? "whole" : "in part"}`, () => {
  const list = [..."abcdefghij"];
  it("is as long as it should be, in order, and the same again", () => {
    const part = some("letters", list, 4);
    assert.equal(part.length, FULL ? list.length : 4);
    assert.deepEqual(part, [...part].sort());
    assert.deepEqual(some("letters", list, 4), part);
    assert.equal(times(100, 5), FULL ? 100 : 5);
  });
  it("leaves to .ci/run files that are there, and among those that mocha runs", () => {
    for (const file of LONG)
      assert.ok(existsSync(fromRoot(file)) && /\.test\.ts$/.test(file), file);
  });
  it("is all of it where that is no more", () => {
    assert.deepEqual(some("letters", list, 10), list);
    assert.deepEqual(someOf("numbers", 3, 5), [0, 1, 2]);
  });
  it("is another part for another list, and its seed is told", () => {
    const parts = Array.from({ length: 20 }, (_, at) => someOf(`list ${at}`, 100, 3).join());
    if (FULL) assert.deepEqual([new Set(parts).size, PART], [1, ""]);
    else assert.ok(new Set(parts).size > 15 && /KINCARD_SEED=/.test(PART), parts.join("; "));
  });
});

describe("the files that npm test lints", () => {
  const files = Array.from({ length: 80 }, (_, at) => `${at}.ts`);
  const given = (...changed: string[]) => chosen("lint", files, new Set(changed));
  it("are all that differ from the remote's and a part of the others", () => {
    const all = given("3.ts", "70.ts", "gone");
    if (FULL) return assert.equal(all, undefined);
    assert.deepEqual(all?.slice(0, 2), ["3.ts", "70.ts"]);
    assert.equal(new Set(all).size, 2 + Math.ceil(78 / 8));
    assert.ok(all?.every((file) => files.includes(file)));
  });
  it("are all there are once what they are judged by differs", () => {
    for (const file of ["eslint.config.js", "host/tools/lint/layers.js", ".prettierrc.json"])
      assert.equal(given(file), undefined, file);
  });
});
