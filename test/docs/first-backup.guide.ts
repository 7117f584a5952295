/** docs/first-backup.md, as its reader types it: every block of it in one shell. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needsBundle } from "../host/support.js";
import { blocksOf, typeGuide, waitFor } from "./guide.js";

const BOARDS = [7001, 7002, 7003];
const CONSENTING = [7004, 7005];
/** Until the backup asks for the comparison, its light blinks: a reader sees it on the screen. */
const untilItBlinks =
  `until node -e 'const s=require("net").connect(7104,"127.0.0.1");s.end("status\\n");s.on("data",(said)=>` +
  `process.exit(/"LED.":true/.test(said)?0:1))'; do sleep 0.1; done`;

describe("docs/first-backup.md", function () {
  this.timeout(240_000);
  needsBundle(this);

  it("goes from blank boards to three cards that sign alike, word by word", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kincard-guide-"));
    try {
      const [first = "", ...rest] = blocksOf("first-backup.md");
      const lines = [first.replace("npm run build\n", ""), waitFor(...BOARDS)];
      for (const block of rest) {
        if (block.startsWith("cat > play/lights.mjs")) lines.push(untilItBlinks);
        lines.push(block);
        if (block.includes("play/e.flash")) lines.push(waitFor(...CONSENTING));
      }
      const ports = [...BOARDS, ...CONSENTING, 7101, 7104, 7105];
      const { exit, said } = await typeGuide(lines, { folder, ports });
      assert.equal(exit, 0, said.slice(-2000));
      assert.match(said, /the backup is done/);
      assert.match(said, /signature +[0-9a-f]{128}/);
      assert.match(said, /learned/);
      assert.match(said, /^refused$/m);
      assert.match(said, /"power":"on"/);
      const [source, copy] = said.match(/^lights.*$/gm) ?? [];
      assert.match(source ?? "", /^lights(?: r| gg| bbb){8}$/);
      assert.equal(source, copy, "the two boards' lights");
      assert.equal(said.match(/the backup is done/g)?.length, 2);
      assert.match(said, /EMPTY\nOther cards of its set still hold their keys/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
