/** Runs states.pml step by step in Spin's simulator: at random, or along steps that are given. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromRoot } from "../../../firmware/build/paths.js";
import { BOUNDS, parseLine, type Step } from "./steps.js";

export interface Line {
  readonly step: Step;
  readonly state: string;
}
function simulate(spin: string, flags: string[], replay?: readonly Step[]): Line[] {
  const folder = mkdtempSync(join(tmpdir(), "kincard-spin-"));
  try {
    copyFileSync(fromRoot("test/model/spin/states.pml"), join(folder, "states.pml"));
    const list = (name: string, values: number[]) => `byte ${name}[LEN] = {${values.join(", ")}};`;
    if (replay)
      writeFileSync(
        join(folder, "replay.h"),
        [
          `#define LEN ${replay.length}`,
          list(
            "act",
            replay.map(({ kind }) => kind),
          ),
          list(
            "arg",
            replay.map(({ a }) => a),
          ),
          list(
            "arg2",
            replay.map(({ b }) => b),
          ),
          "",
        ].join("\n"),
      );
    const args = [...flags, "-DTRACE", `-DNT=${BOUNDS.transfers}`, "states.pml"];
    const { stdout, status } = spawnSync(spin, args, { cwd: folder, encoding: "latin1" });
    if (/error/i.test(stdout)) throw new Error(`spin (${status}): ${stdout.slice(0, 2000)}`);
    return stdout.split("\n").flatMap((line) => parseLine(line) ?? []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
/** A random run of the model. */
export const wander = (spin: string, seed: number, steps: number): Line[] =>
  simulate(spin, [`-n${seed}`, `-u${steps}`]);
/** The model along these steps; shorter than they are where it can't go on. */
export const follow = (spin: string, steps: readonly Step[]): Line[] =>
  simulate(spin, ["-n1", `-u${200 * steps.length + 1000}`, "-DREPLAY"], steps);
