/**
 * Builds every planted bug of list.ts and runs the suite that must catch it: `npm run
 * test:mutants`. A mutant that no test named after its rule fails on has survived, which is a
 * failure here. KINCARD_MUTANT=I8 takes those of one rule.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { summary } from "../../host/apps/terminal/counts.js";
import { MUTANTS, type Mutant } from "./list.js";
import { plant } from "./plant.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const TYPESCRIPT = join(root, "host/tools/build/typescript.mjs");

/** The host runs from its sources: a copy of the tree with the bug in it. */
function plantInHost({ file, bug, from, to }: Mutant, folder: string): void {
  for (const part of [
    "host",
    "hw",
    "firmware",
    "test",
    "package.json",
    "tsconfig.json",
    "rollup.config.js",
  ]) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(root, "dist"), join(folder, "dist"));
  const source = readFileSync(join(folder, file), "utf8");
  if (source.split(from).length !== 2)
    throw new Error(`${file}: the place of "${bug}" is not there once`);
  writeFileSync(
    join(folder, file),
    source.replace(from, () => to),
  );
}

/**
 * Names of the tests that failed; `cwd`: the tree to run, `path`: a bundle in place of the built
 * one.
 */
function failures(mutant: Mutant, cwd: string, path?: string): string[] {
  const mocha = join(root, "node_modules/mocha/bin/mocha.js");
  const flags = [
    "--no-config",
    "--node-option",
    `import=${TYPESCRIPT}`,
    "--node-option",
    "no-experimental-require-module",
    "--timeout",
    "120000",
  ];
  const { stdout } = spawnSync(
    process.execPath,
    [mocha, ...flags, "--reporter", "json", "--grep", mutant.grep ?? mutant.rule, mutant.suite],
    {
      cwd,
      env: { ...process.env, KINCARD_FULL: "1", ...(path ? { KINCARD_BUNDLE: path } : {}) },
      encoding: "utf8",
    },
  );
  const json = stdout.slice(stdout.search(/^\{$/m));
  const report = JSON.parse(json) as { failures: { fullTitle: string }[] };
  return report.failures.map(({ fullTitle }) => fullTitle);
}

let passed = 0;
let failed = 0;
const wanted = process.env.KINCARD_MUTANT;
for (const mutant of MUTANTS) {
  if (wanted && mutant.rule !== wanted) continue;
  const folder = mkdtempSync(join(tmpdir(), "kincard-mutant-"));
  try {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const inHost = mutant.file.startsWith("host/");
    if (inHost) plantInHost(mutant, folder);
    const red = inHost
      ? failures(mutant, folder)
      : failures(mutant, root, await plant(mutant, folder));
    const caught = red.length > 0;
    if (caught) passed++;
    else failed++;
    console.log(`${caught ? "caught  " : "SURVIVED"} ${mutant.rule}: ${mutant.bug}`);
    for (const title of red.slice(0, 2)) console.log(`           by "${title}"`);
  } catch (error) {
    failed++;
    console.log(`FAILED   ${mutant.rule}: ${mutant.bug}: ${(error as Error).message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(summary({ passed, failed, skipped: 0 }));
process.exitCode = failed ? 1 : 0;
