/**
 * `kincard conform` on a board made of the real interpreter (ESPRUINO_BIN), by its serial port: the
 * groups that are quick there. KINCARD_CONFORM=full runs all, about ten minutes.
 */
import assert from "node:assert/strict";
import { kincard } from "../cli/support.js";
import { missing } from "../espruino/cards.js";
import { interpreterRack } from "./racks.js";

const reason = missing();

describe(`kincard conform with an interpreter${reason ? ` (skipped: ${reason})` : ""}`, function () {
  this.timeout(1_600_000);
  before(function () {
    if (reason) this.skip();
  });

  it("passes the kit", async () => {
    const rack = await interpreterRack(1);
    try {
      const card = rack.places[0]!.name;
      const full = process.env.KINCARD_CONFORM === "full";
      const groups = full
        ? []
        : ["card", "link", "apdus", "consent", "states COPY", "vectors copy"];
      const only = groups.flatMap((name) => ["--only", name]);
      const run = ["conform", "--card", card, ...only, "--json"];
      const { exit, json, stderr } = await kincard(run, { hungMs: 1_500_000 });
      assert.equal(exit, 0, stderr);
      assert.ok(json.passed > (full ? 600 : 50), `only ${json.passed} passed`);
      console.log(`      ${json.passed} passed, ${json.skipped} skipped`);
    } finally {
      await rack.close();
    }
  });
});
