/**
 * `npm run test:sweep`: the suite of power cuts, whole. With `-- --depth 2` the deep sweep instead:
 * the whole life of a set of three, on both chips, every flash operation cut in every kind of way,
 * the boot that follows too, and the planted bugs that it must see.
 *
 *   --depth 1|2    cuts of the command alone, or of the boot after it too
 *   --json         ends with one line: {"cuts","boots","violations","plantedCaught",...}
 *   --only TEXT    steps whose name has it
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { fromRoot } from "../../firmware/build/paths.js";
import type { Chip } from "../../host/emulator/flash/nor.js";
import { now } from "../../host/sdk/links/clock.js";
import { summary } from "../../host/apps/terminal/counts.js";
import { MUTANTS } from "../mutants/list.js";
import { withBug } from "../mutants/plant.js";
import { TestCard } from "../support/world.js";
import { DeepSweep, Violation } from "./deep.js";
import { LIFE, type LifeStep, type Set3 } from "./life.js";

/** Bugs that only a cut brings out, and the step at which the sweep begins to look for them. */
export const BUGS: readonly (readonly [string, string])[] = [
  ["the old record goes before the new one is committed", "D1 is certified"],
  ["a weak commit word is not said again", "D1 is certified"],
  ["a torn word of the log is left as it is", "S gets a wrong code"],
  ["the tries are cleared before the code is checked", "S gets a wrong code"],
  ["a slot keeps its TRANSFER after the receipt", "S takes the RECEIPT of D2"],
];

export function newSet(seed: string, chip: Chip, bundle?: string): Set3 {
  // wordWrites: one word is written a third time, docs/decisions/card.md, "Commit words".
  const nor = { chip, wordWrites: 3 };
  const options = { quick: true, nor, ...(bundle ? { bundle } : {}) };
  const card = (name: string) => new TestCard(`${seed} ${name}`, options);
  return { cards: { S: card("S"), D1: card("D1"), D2: card("D2") }, carried: {} };
}
/** Takes the steps before without a cut, and says whether a bug shows from there on. */
export function hunt(bundle: string | undefined, first: string, depth: 1 | 2): string | undefined {
  const sweep = new DeepSweep(newSet("planted", "nRF52832", bundle), depth);
  let looks = false;
  for (const step of LIFE) {
    looks ||= step.name === first;
    try {
      if (looks) sweep.step(step);
      else advance(sweep, step);
    } catch (error) {
      if (error instanceof Violation) return error.message;
      throw error;
    }
    if (looks && sweep.cuts > 400) return undefined;
  }
  return undefined;
}
export function advance({ set }: DeepSweep, step: LifeStep): void {
  step.before?.(set);
  step.run(set);
}

async function deep(depth: 1 | 2, json: boolean, only: string | undefined): Promise<number> {
  const start = now();
  const violations: string[] = [];
  let [cuts, boots, steps] = [0, 0, 0];
  for (const chip of ["nRF52832", "nRF52840"] as const) {
    const sweep = new DeepSweep(newSet(`deep ${chip}`, chip), depth);
    for (const [index, step] of LIFE.entries()) {
      if (only && !step.name.includes(only)) {
        advance(sweep, step);
        continue;
      }
      steps++;
      const from = { cuts: sweep.cuts, boots: sweep.boots };
      try {
        sweep.step(step);
      } catch (error) {
        if (!(error instanceof Violation)) throw error;
        violations.push(`${chip}: ${error.message}`);
        console.log(`FAILED ${violations.at(-1)}`);
        break;
      }
      const seconds = Math.round((now() - start) / 1000);
      const here = `${sweep.cuts - from.cuts} cuts, ${sweep.boots - from.boots} boots`;
      if (!json)
        console.log(`${chip} ${index + 1}/${LIFE.length} ${step.name}: ${here} (${seconds} s)`);
    }
    cuts += sweep.cuts;
    boots += sweep.boots;
  }
  const missed: string[] = [];
  for (const [bug, first] of only ? [] : BUGS) {
    const mutant = MUTANTS.find((one) => one.bug === bug);
    const found = mutant && (await withBug(mutant, (bundle) => hunt(bundle, first, depth)));
    if (!found) missed.push(bug);
    if (!json) console.log(`${found ? "caught  " : "SURVIVED"} ${bug}${found ? `: ${found}` : ""}`);
  }
  const planted = only ? 0 : BUGS.length;
  const plantedCaught = `${planted - missed.length}/${planted}`;
  const seconds = Math.round((now() - start) / 1000);
  const failed = violations.length + missed.length;
  const figures = {
    cuts,
    boots,
    violations: violations.length,
    plantedCaught,
    depth,
    steps,
    seconds,
  };
  if (json) console.log(JSON.stringify(figures));
  else {
    console.log(
      `${cuts} cuts, ${boots} boots, ${violations.length} violations, ${plantedCaught} planted`,
    );
    console.log(summary({ passed: steps + planted - missed.length, failed, skipped: 0 }));
  }
  return failed ? 1 : 0;
}

if (process.argv[1] === fromRoot("test/sweep/run.ts")) {
  const { values } = parseArgs({
    options: {
      depth: { type: "string" },
      json: { type: "boolean", default: false },
      only: { type: "string" },
    },
  });
  if (values.depth === undefined) {
    const args = [fromRoot("host/tools/build/bootstrap.mjs"), "test", "--only", "sweep"];
    process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
  } else {
    if (!/^[12]$/.test(values.depth)) throw new Error("--depth is 1 or 2");
    process.exitCode = await deep(values.depth === "2" ? 2 : 1, values.json, values.only);
  }
}
