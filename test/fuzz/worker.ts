/**
 * The engine's thread: runs every target in turn, a slice of time each, and tells its parent what
 * it found. The input at hand and a beat lie in shared memory, so that a hang can be told too.
 *
 * With `reduce` it makes the corpus small before it ends: the few inputs that reach what all reach.
 */
import { parentPort, workerData } from "node:worker_threads";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { distil, Fuzzer, type Finding } from "./engine.js";
import { Rng } from "./rng.js";
import { TARGETS } from "./targets/index.js";

export interface Job {
  readonly seed: string;
  readonly ms: number;
  readonly targets: readonly string[];
  /** Inputs known before, by target. */
  readonly corpus: Readonly<Record<string, readonly Uint8Array[]>>;
  /** Stop at the first finding of each target. */
  readonly reduce?: boolean;
  /** [beat, target, length of the input], and the input. */
  readonly beat: SharedArrayBuffer;
  readonly input: SharedArrayBuffer;
}
export interface TargetReport {
  readonly name: string;
  readonly executions: number;
  readonly covered: number;
  readonly corpus: readonly Uint8Array[];
}
export type Said =
  | { readonly type: "finding"; readonly finding: Finding }
  | { readonly type: "progress"; readonly name: string; readonly executions: number }
  | { readonly type: "done"; readonly reports: readonly TargetReport[]; readonly heapMb: number[] };

const SLICE_MS = 2000;
const CORPUS_MOST = 48;

const job = workerData as Job;
const say = (said: Said) => parentPort?.postMessage(said);
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const heapMb = () => {
  collect();
  return Math.round(process.memoryUsage().heapUsed / 1e5) / 10;
};

const beat = new Int32Array(job.beat);
const shown = new Uint8Array(job.input);
const about = (index: number) => (input: Uint8Array) => {
  shown.set(input.subarray(0, shown.length));
  Atomics.store(beat, 1, index);
  Atomics.store(beat, 2, Math.min(input.length, shown.length));
  Atomics.add(beat, 0, 1);
};

const chosen = TARGETS.map((target, index) => ({ target, index })).filter(
  ({ target }) => !job.targets.length || job.targets.includes(target.name),
);
const rng = new Rng(job.seed);
const fuzzers = chosen.map(({ target, index }) => new Fuzzer(target, rng, about(index)));
const over = new Set<Fuzzer>();
const found = (fuzzer: Fuzzer, finding: Finding | undefined) => {
  if (!finding) return false;
  say({ type: "finding", finding });
  over.add(fuzzer);
  return true;
};

for (const fuzzer of fuzzers) {
  const { name } = fuzzer.target;
  const seeds = [...(job.corpus[name] ?? []), ...(await fuzzer.target.seeds())];
  found(fuzzer, await fuzzer.seed(seeds));
}
const heap = [heapMb()];
const end = performance.now() + job.ms;
for (let round = 1; performance.now() < end && over.size < fuzzers.length; round++) {
  for (const fuzzer of fuzzers) {
    if (over.has(fuzzer)) continue;
    const slice = Math.min(performance.now() + SLICE_MS, end);
    while (performance.now() < slice) if (found(fuzzer, await fuzzer.step())) break;
    say({ type: "progress", name: fuzzer.target.name, executions: fuzzer.executions });
  }
  heap.push(heapMb());
}
const reports: TargetReport[] = [];
for (const fuzzer of fuzzers) {
  const { target, executions, covered, corpus } = fuzzer;
  const told = about(TARGETS.indexOf(target));
  const few = job.reduce ? await distil(new Fuzzer(target, rng, told), corpus, CORPUS_MOST) : [];
  reports.push({ name: target.name, executions, covered, corpus: few });
  await target.close?.();
}
say({ type: "done", reports, heapMb: heap });
