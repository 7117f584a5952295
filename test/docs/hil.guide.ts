/** docs/hil.md: its rack of three virtual boards, by links and by a rack file, as it is typed. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSummary } from "../../host/apps/terminal/counts.js";
import { needsBundle } from "../host/support.js";
import { blockOf, typeGuide, waitFor } from "./guide.js";

const BOARDS = [9001, 9002, 9003];

describe("docs/hil.md", function () {
  this.timeout(900_000);
  needsBundle(this);

  it("tests three boards in a rack, word by word", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kincard-guide-"));
    try {
      const block = (name: string) => blockOf("hil.md", name);
      const boards = block("boards").replace("npm run build\n", "");
      const lines = [boards, waitFor(...BOARDS), block("links"), block("file"), block("end")];
      const { exit, said } = await typeGuide(lines, { folder, ports: [...BOARDS, 9101] });
      assert.equal(exit, 0, said.slice(-3000));
      const runs = said.split("\n").flatMap((line) => parseSummary(line) ?? []);
      assert.equal(runs.length, 2, said.slice(-3000));
      const [links, file] = runs as [(typeof runs)[0], (typeof runs)[0]];
      assert.ok(links.passed > 60 && file.failed + links.failed === 0, said.slice(-3000));
      assert.ok(file.passed > 12, said.slice(-3000));
      // Who has no power switch is told so; who has one has those checks.
      const told = said.match(/skipped: .*tries over a power cut.*needs a power switch/g);
      assert.equal(told?.length, BOARDS.length);
      const page = readFileSync(join(folder, "kept/hil.html"), "utf8");
      assert.match(page, /<h1>\d+ passed, 0 failed/);
      assert.match(readFileSync(join(folder, "kept/hil.xml"), "utf8"), /<testsuite /);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
