/** docs/conformance.md: the card in Python as its reader starts it, and the kit on it. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSummary } from "../../host/apps/terminal/counts.js";
import { needsBundle } from "../host/support.js";
import { missingPython, PYTHON } from "../python/own-card.js";
import { blockOf, ROOT, typeGuide, waitFor } from "./guide.js";

describe("docs/conformance.md", function () {
  this.timeout(600_000);
  needsBundle(this);
  before(function () {
    const missing = missingPython();
    if (missing && process.env.KINCARD_REQUIRE_PYTHON) throw new Error(missing);
    if (missing) this.skip();
  });

  it("runs the kit on the card that was written from the specification, and it passes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kincard-guide-"));
    try {
      symlinkSync(join(ROOT, "test"), join(folder, "test"));
      const start = blockOf("conformance.md", "card").replace("python3", `${PYTHON} -B -s`);
      const lines = [start, waitFor(9001), blockOf("conformance.md", "kit"), "kill %1"];
      const { exit, said } = await typeGuide(lines, { folder, ports: [9001] });
      assert.equal(exit, 0, said.slice(-2000));
      const summary =
        said
          .split("\n")
          .filter((line) => parseSummary(line))
          .at(-1) ?? "";
      const counts = parseSummary(summary);
      assert.ok(counts && counts.passed > 200 && counts.failed === 0, said.slice(-2000));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
