/** The sum that a run ends with must never look better than the run was. */
import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot } from "../../firmware/build/paths.js";
import {
  FAILED,
  judge,
  parseSummary,
  PASSED,
  sum,
  summary,
} from "../../host/apps/terminal/counts.js";

const good = { passed: 3, failed: 0, skipped: 1 };

describe("counting tests", () => {
  it("adds up and says it in one line", () => {
    assert.equal(summary(sum([good, PASSED, FAILED])), "4 passed, 1 failed, 1 skipped");
  });
  it("is said in these words by one function alone", () => {
    const sources = ["firmware", "host", "hw", "test"].flatMap((folder) =>
      readdirSync(fromRoot(folder), { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(".ts"))
        .map((path) => join(folder, path)),
    );
    const said = sources.filter((path) =>
      /\} passed, (\$\{[^}]*\}|\d+) failed/.test(readFileSync(fromRoot(path), "utf8")),
    );
    assert.deepEqual(said, ["host/apps/terminal/counts.ts"]);
  });
  it("reads a suite's own last line, and no other", () => {
    assert.deepEqual(parseSummary("x\n3 passed, 0 failed, 1 skipped\n"), good);
    assert.equal(parseSummary("3 passed, 0 failed, 1 skipped\nx\n"), undefined);
  });
  it("takes a suite that ended well as it is", () => {
    assert.deepEqual(judge(good, 0), good);
  });
  it("counts a suite that left no counts as failed", () => {
    assert.deepEqual(judge(undefined, 0), FAILED);
  });
  it("counts a suite that crashed after good tests as failed", () => {
    assert.equal(judge(good, 1).failed, 1);
    assert.equal(judge(good, null).failed, 1);
  });
  it("counts a suite that ran nothing as failed", () => {
    assert.equal(judge({ passed: 0, failed: 0, skipped: 0 }, 0).failed, 1);
  });
  it("does not count a failure twice", () => {
    assert.equal(judge({ passed: 1, failed: 2, skipped: 0 }, 2).failed, 2);
  });
});
