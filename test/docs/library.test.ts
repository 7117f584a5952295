/** The examples of docs/library.md, run as they stand, by the package's own exports. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot } from "../../firmware/build/paths.js";
import { needsBundle } from "../host/support.js";
import { examples } from "../pack/examples.js";
import { PART, some } from "../support/full.js";

describe("docs/library.md", function () {
  this.timeout(120_000);
  needsBundle(this);
  // In the project, where Node takes "kincard" for the package itself.
  const folder = fromRoot("build/test/library");
  before(() => void mkdirSync(folder, { recursive: true }));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("has examples of cards, signers and a backup", () => {
    assert.deepEqual(
      [...examples("docs/library.md").keys()],
      ["virtual", "power", "viem", "ethers", "bitcoin", "backup"],
    );
  });
  for (const [name, code] of some("examples", [...examples("docs/library.md")], 2))
    it(`runs "${name}"${PART}`, () => {
      const file = join(folder, `${name}.mjs`);
      writeFileSync(file, code);
      const { status, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
      assert.equal(status, 0, stderr);
    });
});
