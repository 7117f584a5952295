/**
 * .github/CONTRIBUTING.md: what it walks its reader through, done. All patches are applied to a copy
 * of the project, which is then built, type-checked and tested where they touch it.
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../firmware/build/paths.js";

const COPIED = [
  ...["docs", "firmware", "host", "hw", "test", ".github", "README.md"],
  ...["package.json", "package-lock.json", "tsconfig.json", "rollup.config.js", ".prettierrc.json"],
];
const TYPESCRIPT = "./host/tools/build/typescript.mjs";
/** What the additions touch. */
const TESTS = [
  ...["test/card/states.test.ts", "test/kernel/contract.test.ts", "test/hw/boards.test.ts"],
  ...["test/docs/protocol.test.ts", "test/cli/help.test.ts", "test/host/links/*.test.ts"],
];

const text = readFileSync(join(ROOT, ".github/CONTRIBUTING.md"), "utf8");
const patches = new Map(
  [...text.matchAll(/<!-- patch: ([\w-]+) -->\n```diff\n([\s\S]*?)^```/gm)].map(
    ([, name = "", patch = ""]) => [name, patch],
  ),
);

describe(".github/CONTRIBUTING.md", function () {
  this.timeout(900_000);
  let copy: string;
  before(() => {
    copy = mkdtempSync(join(tmpdir(), "kincard-contributing-"));
    for (const part of COPIED) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  });
  after(() => rmSync(copy, { recursive: true, force: true }));

  function run(...command: string[]): string {
    const [file = "", ...args] = command;
    const { status, stdout, stderr } = spawnSync(file, args, {
      ...{ cwd: copy, encoding: "utf8", maxBuffer: 1 << 26 },
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
    });
    assert.equal(status, 0, `${command.join(" ")}\n${(stdout + stderr).slice(-4000)}`);
    return stdout;
  }
  const node = (...args: string[]) => run(process.execPath, ...args);
  const task = (...args: string[]) =>
    node("--import", TYPESCRIPT, "host/tools/build/main.ts", ...args);

  it("walks through a command of either kind, a board, a link and an entry of the kernel", () => {
    assert.deepEqual([...patches.keys()], ["card-command", "command", "board", "link", "kernel"]);
  });
  for (const [name, patch] of patches)
    it(`${name}: its patch fits`, () => {
      const { status, stderr } = spawnSync("git", ["apply", "--recount", "-"], {
        ...{ cwd: copy, input: patch, encoding: "utf8" },
        // no repository around the copy is meant
        env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() },
      });
      assert.equal(status, 0, stderr);
    });
  it("the project builds with all of them, and its types hold", () => {
    task("docs", "--tables");
    task("build");
    node("node_modules/typescript/bin/tsc", "-p", "tsconfig.json", "--noEmit");
  });
  it("and what they touch passes its tests", () => {
    const mocha = ["node_modules/mocha/bin/mocha.js", "--no-config"];
    const options = ["--node-option", `import=${TYPESCRIPT}`, "--timeout", "60000"];
    assert.match(node(...mocha, ...options, ...TESTS), /\d\d\d passing/);
  });
  it("and the new command and the new board are there", () => {
    const cli = "host/apps/cli/bin/kincard.mjs";
    assert.match(node(cli, "help", "firmware"), /ask cards for their firmware/);
    assert.match(task("image", "mymodule"), /written {3}dist\/mymodule/);
  });
});
