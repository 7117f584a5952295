/** One run of the fuzzer: a worker thread with the built targets, watched for hangs. */
import { Worker } from "node:worker_threads";
import { readCorpus } from "./corpus.js";
import type { Built } from "./build.js";
import type { Finding } from "./engine.js";
import { TARGETS } from "./targets/index.js";
import type { Job, Said, TargetReport } from "./worker.js";

export interface Wish {
  readonly built: Built;
  readonly seed: string;
  readonly ms: number;
  /** All unless given. */
  readonly targets?: readonly string[];
  readonly reduce?: boolean;
  readonly progress?: (name: string, executions: number) => void;
  readonly signal?: AbortSignal;
}
export interface Outcome {
  readonly findings: readonly Finding[];
  readonly reports: readonly TargetReport[];
  /** Heap after each round of all targets, garbage collected, in MB. */
  readonly heapMb: readonly number[];
}

const INPUT_MOST = 1 << 16;
/** No input takes so long; a slow machine's waits included. */
const HANG_MS = 30_000;

export async function fuzz(wish: Wish): Promise<Outcome> {
  const { built, seed, ms, targets = [], reduce } = wish;
  const corpus = Object.fromEntries(TARGETS.map(({ name }) => [name, readCorpus(name)]));
  const shared = { beat: new SharedArrayBuffer(12), input: new SharedArrayBuffer(INPUT_MOST) };
  const job: Job = { seed, ms, targets, corpus, reduce, ...shared };
  const worker = new Worker(built.program, {
    workerData: job,
    // Not the parent's: the program is plain JavaScript.
    execArgv: [],
    env: { ...process.env, KINCARD_BUNDLE: built.firmware },
  });
  const findings: Finding[] = [];
  const beat = new Int32Array(shared.beat);
  const atHand = (why: string): Finding => ({
    target: TARGETS[beat[1]!]?.name ?? "?",
    input: new Uint8Array(shared.input).slice(0, beat[2]),
    why,
  });
  return new Promise((resolve, reject) => {
    let last = { count: -1, at: performance.now() };
    const end = (outcome: Outcome) => {
      clearInterval(watch);
      wish.signal?.removeEventListener("abort", stop);
      void worker.terminate().then(() => resolve(outcome));
    };
    const lost = (why: string) =>
      end({ findings: [...findings, atHand(why)], reports: [], heapMb: [] });
    const stop = () => end({ findings, reports: [], heapMb: [] });
    const watch = setInterval(() => {
      const count = Atomics.load(beat, 0);
      if (count !== last.count) last = { count, at: performance.now() };
      // Nothing beats before the first input.
      else if (count > 0 && performance.now() - last.at > HANG_MS) lost("a hang");
    }, 250);
    wish.signal?.addEventListener("abort", stop);
    worker.on("error", (error) => {
      if (Atomics.load(beat, 0) > 0) return lost(error.stack ?? error.message);
      clearInterval(watch);
      reject(error);
    });
    worker.on("message", (said: Said) => {
      if (said.type === "finding") findings.push(said.finding);
      else if (said.type === "progress") wish.progress?.(said.name, said.executions);
      else end({ findings, reports: said.reports, heapMb: said.heapMb });
    });
  });
}

/** Memory that the second half of a run takes beyond the first, in MB. */
export function growth(heapMb: readonly number[]): number {
  const half = heapMb.length >> 1;
  const most = (list: readonly number[]) => (list.length ? Math.max(...list) : 0);
  return most(heapMb.slice(half)) - most(heapMb.slice(0, half));
}
