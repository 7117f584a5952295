/**
 * `npm run test:sweep`: the suite of power cuts, whole. With `-- --depth 2` the deep sweep instead:
 * the whole life of a set of three, on both chips, every flash operation cut in every kind of way,
 * the boot that follows too, and the planted bugs that it must see.
 *
 *   --depth 1|2    cuts of the command alone, or of the boot after it too
 *   --json         ends with one line: {"cuts","boots","violations","plantedCaught",...}
 *   --only TEXT    steps whose name has it; no bugs are planted then
 *   --chip NAME    nRF52832 or nRF52840 alone
 *   --workers N    processes that share the steps (default 2)
 *   --part I/N     only every Nth step, from the Ith on; "any/N": from whichever the seed says
 *   --seed N       of the cards' keys; printed
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { fromRoot } from "../../firmware/build/paths.js";
import { now } from "../../host/sdk/links/clock.js";
import { summary } from "../../host/apps/terminal/counts.js";
import { inWorkers, isIn, parsePart, parseWorkers, partsFor, type Part } from "../support/parts.js";
import { SEED } from "../support/seed.js";
import { DeepSweep, Violation } from "./deep.js";
import { LIFE } from "./life.js";
import { advance, hunt, newSet, PLANTED } from "./planted.js";

const CHIPS = ["nRF52832", "nRF52840"] as const;
const { values } = parseArgs({
  options: {
    depth: { type: "string" },
    json: { type: "boolean", default: false },
    only: { type: "string" },
    workers: { type: "string", default: "2" },
    chip: { type: "string" },
    part: { type: "string" },
    seed: { type: "string", default: String(SEED) },
    /** For a worker: its figures are the last line, and no bugs are planted. */
    worker: { type: "boolean", default: false },
  },
});

interface Swept {
  readonly cuts: number;
  readonly boots: number;
  readonly steps: number;
  readonly violations: readonly string[];
}

function sweep(depth: 1 | 2, seed: number, part: Part): Swept {
  const start = now();
  const violations: string[] = [];
  let [cuts, boots, steps] = [0, 0, 0];
  for (const [at, chip] of CHIPS.entries()) {
    if (values.chip !== undefined && values.chip !== chip) continue;
    const deep = new DeepSweep(newSet(`deep ${seed} ${chip}`, chip), depth);
    for (const [index, step] of LIFE.entries()) {
      const number = at * LIFE.length + index;
      if (!isIn(part, number) || (values.only && !step.name.includes(values.only))) {
        advance(deep, step);
        continue;
      }
      steps++;
      const from = { cuts: deep.cuts, boots: deep.boots };
      try {
        deep.step(step);
      } catch (error) {
        if (!(error instanceof Violation)) throw error;
        violations.push(`${chip}: ${error.message}`);
        break;
      }
      const here = `${deep.cuts - from.cuts} cuts, ${deep.boots - from.boots} boots`;
      const seconds = Math.round((now() - start) / 1000);
      const place = `${number + 1}/${CHIPS.length * LIFE.length} ${chip}`;
      console.error(`${place} ${step.name}: ${here} (${seconds} s)`);
    }
    cuts += deep.cuts;
    boots += deep.boots;
  }
  return { cuts, boots, steps, violations };
}

async function deep(depth: 1 | 2, seed: number): Promise<number> {
  const start = now();
  console.log(`seed: ${seed}`);
  const parts = values.part ? [values.part] : partsFor(parseWorkers(values.workers));
  const only = values.only === undefined ? [] : ["--only", values.only];
  const chip = values.chip === undefined ? [] : ["--chip", values.chip];
  const more = ["--depth", String(depth), "--seed", String(seed), ...only, ...chip];
  const swept = await inWorkers<Swept>(fromRoot("test/sweep/run.ts"), parts, more);
  const total = (of: (one: Swept) => number) => swept.reduce((sum, one) => sum + of(one), 0);
  const [cuts, boots, steps] = [
    total((one) => one.cuts),
    total((one) => one.boots),
    total((one) => one.steps),
  ];
  const violations = swept.flatMap((one) => one.violations);
  for (const violation of violations) console.log(`FAILED ${violation}`);
  const planted = values.only === undefined ? PLANTED : [];
  const missed: string[] = [];
  for (const one of planted) {
    const found = await hunt(one);
    if (!found) missed.push(one.mutant.bug);
    const line = `${found ? "caught  " : "SURVIVED"} ${one.mutant.bug}`;
    if (!values.json) console.log(found ? `${line}: ${found}` : line);
  }
  const plantedCaught = `${planted.length - missed.length}/${planted.length}`;
  const failed = violations.length + missed.length;
  if (values.json) {
    const seconds = Math.round((now() - start) / 1000);
    const figures = { cuts, boots, violations: violations.length, plantedCaught };
    console.log(JSON.stringify({ ...figures, depth, steps, seed, seconds }));
    return failed ? 1 : 0;
  }
  console.log(
    `${cuts} cuts, ${boots} boots, ${violations.length} violations, ${plantedCaught} planted`,
  );
  const passed = steps - violations.length + planted.length - missed.length;
  console.log(summary({ passed, failed, skipped: 0 }));
  return failed ? 1 : 0;
}

if (values.depth === undefined) {
  const args = [fromRoot("host/tools/build/bootstrap.mjs"), "test", "--only", "sweep"];
  process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
} else {
  if (!/^[12]$/.test(values.depth)) throw new Error("--depth is 1 or 2");
  const depth = values.depth === "2" ? 2 : 1;
  if (values.chip !== undefined && !CHIPS.some((chip) => chip === values.chip))
    throw new Error(`--chip is ${CHIPS.join(" or ")}`);
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error("--seed is a number");
  if (values.worker)
    console.log(JSON.stringify(sweep(depth, seed, parsePart(values.part ?? "1/1", seed))));
  else process.exitCode = await deep(depth, seed);
}
