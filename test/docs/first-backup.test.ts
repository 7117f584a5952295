/** docs/first-backup.md, as its reader types it: every block of it in one shell. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needsBundle } from "../host/support.js";
import { blocksOf, typeGuide, waitFor } from "./guide.js";

const BOARDS = [7001, 7002, 7003];

describe("docs/first-backup.md", function () {
  this.timeout(120_000);
  needsBundle(this);

  it("goes from blank boards to three cards that sign alike, word by word", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kincard-guide-"));
    try {
      const [first = "", ...rest] = blocksOf("first-backup.md");
      const lines = [first.replace("npm run build\n", ""), waitFor(...BOARDS), ...rest];
      const { exit, said } = await typeGuide(lines, { folder, ports: [...BOARDS, 7101] });
      assert.equal(exit, 0, said.slice(-2000));
      assert.match(said, /the backup is done/);
      assert.match(said, /signature +[0-9a-f]{128}/);
      assert.match(said, /learned/);
      assert.match(said, /^refused$/m);
      assert.match(said, /"power":"on"/);
      assert.match(said, /EMPTY\nOther cards of its set still hold their keys/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
