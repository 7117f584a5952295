/**
 * `kincard hil` on a mixed rack: a virtual board over TCP and the real interpreter
 * (ESPRUINO_BIN) on a serial port, to it a board like any other.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSummary } from "../../host/apps/terminal/counts.js";
import { interpreterRack, mixedRack, virtualRack } from "../conformance/racks.js";
import { missing } from "../espruino/cards.js";
import { testBoards } from "./support.js";

const reason = missing();

describe(`kincard hil with an interpreter${reason ? ` (skipped: ${reason})` : ""}`, function () {
  this.timeout(300_000);
  before(function () {
    if (reason) this.skip();
  });

  it("passes, tcp: and serial: side by side", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kincard-hil-"));
    // Another process has no lever for its time: what it waits for must pass by itself.
    const beside = await virtualRack(["beside"], { clock: "real" });
    const rack = mixedRack(beside, await interpreterRack(1));
    try {
      const uris = rack.places.map(({ name }) => name);
      assert.match(uris.join(), /^tcp:.*,serial:/);
      const file = join(folder, "junit.xml");
      const { exit, out, err } = await testBoards(uris, "--junit", file);
      assert.deepEqual([exit, parseSummary(out)?.failed], [0, 0], out + err);
      assert.match(out, /^a backup: .* passed, copy +passed, source$/m);
      assert.ok(readFileSync(file, "utf8").includes(`classname="${uris[1]}"`));
    } finally {
      await rack.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
