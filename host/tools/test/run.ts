/**
 * `npm test`: build, type checks, lint, format, then the suites of test/suites.ts. Each step before
 * the suites counts as one test. The last line printed is the sum; exit status 1 on any failure.
 *
 *   npm test                        what every clone can run; of long lists of cases a part
 *   npm test -- --all               all of them, and the suites of `.ci/run` too; KINCARD_SEED is the
 *                                   commit's, if not given
 *   npm test -- --only NAME         one suite (or build, types, lint, format)
 *   npm test -- test/x.test.ts ...  these files only
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { BuildRefused } from "../../../firmware/build/check/findings.js";
import {
  FAILED,
  judge,
  parseSummary,
  PASSED,
  sum,
  summary,
  type Counts,
} from "../../apps/terminal/counts.js";
import { LONG, SUITES, type Suite } from "../../../test/suites.js";
import { FULL } from "../../../test/support/full.js";
import { fromRoot } from "../../../firmware/build/paths.js";
import { bin, CACHE, checks, type Step } from "./checks.js";
import { inWords, longestFirst, noteSeconds, readSeconds } from "./progress.js";

const TYPESCRIPT = fromRoot("host/tools/build/typescript.mjs");
/** What each step and each file took the last time. */
const SECONDS = `${CACHE}/seconds.json`;
/** Two cores is what a small machine has; one test file at a time keeps each of them busy. */
const JOBS = "2";

/**
 * Test files are imported. Required, every module under them would be turned into CommonJS, whose
 * imported names are getters: the curve's and scrypt's inner loops take twice the time.
 */
const AS_MODULES = ["--node-option", "no-experimental-require-module"];

interface Outcome {
  readonly status: number | null;
  readonly output: string;
}
/** Runs a command; its output is shown as it comes (`live`) or kept for later. */
function run(command: readonly string[], live: boolean, env: NodeJS.ProcessEnv = {}) {
  return new Promise<Outcome>((resolve) => {
    const [file = "", ...args] = command;
    const child = spawn(file, args, {
      cwd: fromRoot(),
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const parts: Buffer[] = [];
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const)
      from.on("data", (part: Buffer) => {
        parts.push(part);
        if (live) to.write(part);
      });
    child.on("error", (error) => resolve({ status: null, output: error.message }));
    child.on("close", (status) => resolve({ status, output: Buffer.concat(parts).toString() }));
  });
}

function report(name: string, counts: Counts, since: number, part = ""): void {
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  noteSeconds(SECONDS, { [name]: Number(seconds) });
  console.log(
    `${counts.failed ? "FAILED" : "ok    "} ${name}${part}: ${summary(counts)} (${seconds} s)`,
  );
}

async function check({ name, part, command }: Step): Promise<Counts> {
  const since = performance.now();
  const { status, output } = await run(command, false);
  const counts = status === 0 ? PASSED : FAILED;
  if (counts.failed) process.stdout.write(output);
  report(name, counts, since, part);
  return counts;
}

/** The files of `folder/**\/*.suffix`, or one file. */
function filesOf(pattern: string): string[] {
  const [folder = "", suffix] = pattern.split("/**/*");
  if (suffix === undefined) return [pattern];
  return readdirSync(fromRoot(folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(suffix))
    .sort();
}

async function mocha(
  name: string,
  files: readonly string[],
  parallel: boolean,
  env: NodeJS.ProcessEnv = {},
): Promise<Counts> {
  const file = `${CACHE}/${name}.counts.json`;
  rmSync(file, { force: true });
  const { status } = await run(
    [
      ...bin("mocha/bin/mocha.js"),
      ...["--reporter", fromRoot("host/tools/test/reporter.ts")],
      ...(parallel ? ["--parallel", "--jobs", JOBS] : []),
      // .mocharc.json names the whole; what is given here takes its place
      ...["--no-config", "--node-option", `import=${TYPESCRIPT}`, ...AS_MODULES],
      ...["--timeout", "60000", ...files],
    ],
    true,
    {
      ...env,
      ...{ KINCARD_COUNTS: file, KINCARD_FILES: files.join("\n"), KINCARD_SECONDS: SECONDS },
      FORCE_COLOR: process.stdout.isTTY ? "1" : "0",
    },
  );
  const counts = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Counts) : undefined;
  return judge(counts, status);
}

/** `whole`: every case, not a part of those that are many. */
async function runSuite(suite: Suite, whole: boolean): Promise<Counts> {
  const since = performance.now();
  const env = { ...suite.env, ...(whole ? { KINCARD_FULL: "1" } : {}) };
  let counts: Counts;
  if (suite.mocha) {
    const all = [...new Set(suite.mocha.flatMap(filesOf))];
    const files = longestFirst(
      all.filter((file) => whole || !LONG.includes(file)),
      readSeconds(SECONDS),
    );
    counts = await mocha(suite.name, files, true, env);
  } else {
    const { status, output } = await run(suite.command ?? [], true, env);
    counts = judge(parseSummary(output) ?? (status === 0 ? PASSED : FAILED), status);
  }
  report(suite.name, counts, since);
  return counts;
}

async function buildStep(build: () => Promise<unknown>): Promise<Counts> {
  const since = performance.now();
  console.log("== build");
  let counts = PASSED;
  try {
    await build();
  } catch (error) {
    console.log(error instanceof BuildRefused ? error.message : error);
    counts = FAILED;
  }
  report("build", counts, since);
  return counts;
}

/** Six hexadecimal digits of the commit: the same tests see the same cases; else one by chance. */
function seedOfCommit(): string {
  try {
    const git = ["-c", `safe.directory=${fromRoot()}`, "rev-parse", "--short=6", "HEAD"];
    const commit = execFileSync("git", git, { cwd: fromRoot(), encoding: "utf8", stdio: "pipe" });
    return String(parseInt(commit.slice(0, 6), 16));
  } catch {
    return String(randomInt(1_000_000));
  }
}

type Named = readonly { readonly name: string }[];

/** What is run now, at once, and what after it; how long that takes, if all of it ever ran here. */
function announce(now: Named, later: Named): void {
  const known = readSeconds(SECONDS);
  const took = (names: Named) => names.map(({ name }) => known[name] ?? NaN);
  const left = Math.max(...took(now)) + took(later).reduce((sum, one) => sum + one, 0);
  const list = (names: Named) => names.map(({ name }) => name).join(", ");
  const rest = later.length ? `; then ${list(later)}` : "";
  const time = Number.isNaN(left) ? "" : ` (about ${inWords(left)} left)`;
  console.log(`\n== ${list(now)}${rest}${time}`);
}

export async function test(args: string[], build: () => Promise<unknown>): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { all: { type: "boolean" }, only: { type: "string", multiple: true } },
    allowPositionals: true,
  });
  mkdirSync(CACHE, { recursive: true });
  const wanted = (name: string) => !values.only || values.only.includes(name);
  if (values.all) {
    process.env.KINCARD_SEED ??= seedOfCommit();
    console.log(`KINCARD_SEED=${process.env.KINCARD_SEED}`);
  }
  const all: Counts[] = [await buildStep(build)];
  if (positionals.length) all.push(await mocha("files", positionals, false));
  else {
    const steps = checks(FULL || values.all === true || values.only !== undefined).filter(
      ({ name }) => wanted(name),
    );
    const suites = SUITES.filter(
      ({ name, ci }) => wanted(name) && (values.all || !ci || values.only),
    );
    if (steps.length) announce(steps, suites);
    all.push(...(await Promise.all(steps.map(check))));
    for (const [at, suite] of suites.entries()) {
      announce([suite], suites.slice(at + 1));
      all.push(await runSuite(suite, values.all === true || suite.ci === true));
    }
  }
  const total = sum(all);
  console.log(`\n${summary(total)}`);
  return total.failed ? 1 : 0;
}
