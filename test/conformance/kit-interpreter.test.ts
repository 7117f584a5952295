/** `kincard conform` on a board made of the real interpreter (ESPRUINO_BIN), by its serial port. */
import assert from "node:assert/strict";
import { kincard } from "../cli/support.js";
import { missing } from "../espruino/cards.js";
import { interpreterRack } from "./racks.js";

const reason = missing();

describe(`kincard conform with an interpreter${reason ? ` (skipped: ${reason})` : ""}`, function () {
  this.timeout(600_000);
  before(function () {
    if (reason) this.skip();
  });

  it("passes the whole kit", async () => {
    const rack = await interpreterRack(1);
    try {
      const card = rack.places[0]!.name;
      const run = ["conform", "--card", card, "--json"];
      const { exit, json, stderr } = await kincard(run, { hungMs: 600_000 });
      assert.equal(exit, 0, stderr);
      assert.ok(json.passed > 600, `only ${json.passed} passed`);
      console.log(`      ${json.passed} passed, ${json.skipped} skipped`);
    } finally {
      await rack.close();
    }
  });
});
