/** The parts of long lists that npm test runs: each seed's own, in order, and all in `.ci/run`. */
import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { fromRoot } from "../../firmware/build/paths.js";
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
