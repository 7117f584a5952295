/**
 * Nothing is executed from a place that others can write to: a cache of compiled code in the
 * machine's temporary folder would be (whoever puts a file there first has it run).
 */
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromRoot } from "../../firmware/build/paths.js";
import { CLI } from "./support.js";

const TYPESCRIPT = fromRoot("host/tools/build/typescript.mjs");

describe("the temporary folder", function () {
  this.timeout(60_000);
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "kincard-shared-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  function left(args: readonly string[]): string[] {
    const env = { ...process.env, TMPDIR: folder, TSX_DISABLE_CACHE: "", NODE_OPTIONS: "" };
    const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return readdirSync(folder);
  }

  it("is left alone by the command line", () => assert.deepEqual(left([CLI, "--version"]), []));
  it("is left alone by what runs TypeScript in the project", () => {
    const file = join(folder, "a.ts");
    writeFileSync(file, "const a: number = 1;\nif (a !== 1) throw new Error();\n");
    assert.deepEqual(left(["--import", TYPESCRIPT, file]), ["a.ts"]);
  });
});
