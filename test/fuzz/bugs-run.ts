/**
 * Builds every planted bug of bugs.ts and sees whether the fuzzer finds it: a suite of `.ci/run`
 * (`npm test -- --only fuzz`). The last line holds the counts.
 */
import { summary } from "../../host/apps/terminal/counts.js";
import { build } from "./build.js";
import { BUGS } from "./bugs.js";
import { fuzz } from "./fuzz.js";

/** Seconds do; a busy machine, or one that finds it by another way, may take its time. */
const MOST_MS = 300_000;

let caught = 0;
for (const [index, plant] of BUGS.entries()) {
  const start = performance.now();
  const built = await build(`bug-${index}`, plant);
  const wish = { built, seed: `bug ${index}`, ms: MOST_MS, targets: [plant.target] };
  const { findings } = await fuzz(wish);
  const [found] = findings;
  if (found) caught++;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const why = found?.why.split("\n").find((line) => /\w/.test(line) && !line.includes("__kc"));
  console.log(`${found ? "caught  " : "SURVIVED"} ${plant.bug} (${seconds} s)`);
  if (found) console.log(`           ${plant.target}: ${(why ?? "").slice(0, 120)}`);
}
console.log(summary({ passed: caught, failed: BUGS.length - caught, skipped: 0 }));
process.exitCode = caught === BUGS.length ? 0 : 1;
