/** What `npm test` says of how far it is and how long is left. */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inWords, longestFirst, noteSeconds } from "../../host/tools/test/progress.js";
import { Progress, readSeconds } from "../../host/tools/test/progress.js";

describe("how far npm test is", () => {
  it("is told by what each file took the last time", () => {
    const progress = new Progress(["long", "short", "shorter"], {
      long: 80,
      short: 15,
      shorter: 5,
    });
    // the machine is half as fast as it was then
    assert.equal(progress.ended("long", 160), "1 of 3 files, about 40 s left");
    assert.equal(progress.ended("short", 190), "2 of 3 files, about 10 s left");
  });
  it("is told by the files' number where none ever ran", () => {
    const progress = new Progress(["a", "b", "c", "d"], {});
    assert.equal(progress.ended("a", 100), "1 of 4 files, about 5 min left");
    assert.equal(progress.ended("a", 100), "1 of 4 files, about 5 min left");
  });
  it("takes a new file for a usual one", () => {
    const progress = new Progress(["old", "new"], { old: 20 });
    assert.equal(progress.ended("old", 20), "1 of 2 files, about 20 s left");
  });
  it("is in round words", () => {
    assert.deepEqual([1, 61, 100, 600].map(inWords), ["5 s", "65 s", "2 min", "10 min"]);
  });
  it("begins with what took longest", () => {
    assert.deepEqual(longestFirst(["a", "b", "c"], { b: 2, c: 1 }), ["b", "c", "a"]);
  });

  describe("is remembered", () => {
    let path: string;
    beforeEach(() => (path = join(mkdtempSync(join(tmpdir(), "kincard-seconds-")), "s.json")));
    afterEach(() => rmSync(join(path, ".."), { recursive: true }));
    it("beside what was known, the newest counts", () => {
      assert.deepEqual(readSeconds(path), {});
      noteSeconds(path, { a: 1, b: 2 });
      noteSeconds(path, { b: 3 });
      assert.deepEqual(readSeconds(path), { a: 1, b: 3 });
    });
    it("and a file that was cut off is no hindrance", () => {
      writeFileSync(path, '{"a":');
      assert.deepEqual(readSeconds(path), {});
    });
  });
});
