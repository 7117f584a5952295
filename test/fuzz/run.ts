/**
 * `npm run fuzz`: every target in turn, guided by coverage, from the kept corpus on.
 *
 *   npm run fuzz -- --minutes N      how long, all targets together (default: 1)
 *                   --target NAME    only this one; repeat it
 *                   --seed TEXT      of all choices; printed
 *                   --keep           write what reached something new to test/fuzz/corpus
 *                   --json           one line of JSON as the last one
 *
 * Exit status 1 when a target did not stand something, or memory grew.
 */
import { parseArgs } from "node:util";
import { SEED } from "../support/seed.js";
import { build } from "./build.js";
import { readCorpus, writeCorpus } from "./corpus.js";
import { fuzz, growth, type Outcome } from "./fuzz.js";
import { TARGETS } from "./targets/index.js";

const GROWTH_MB = 64;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    target: { type: "string", multiple: true, default: [] },
    seed: { type: "string", default: String(SEED) },
    keep: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const minutes = Number(values.minutes);
const names = TARGETS.map(({ name }) => name);
const unknown = values.target.find((name) => !names.includes(name));
if (!(minutes > 0) || unknown !== undefined) {
  console.error(unknown ? `no target ${unknown}: ${names.join(", ")}` : "--minutes is no time");
  process.exit(2);
}

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
console.error(`seed: ${values.seed}`);
const start = performance.now();
let shown = start;
const outcome = await fuzz({
  ...{ built: await build("run"), seed: values.seed, ms: minutes * 60_000, signal: stop.signal },
  ...{ targets: values.target, reduce: values.keep },
  progress: (name, executions) => {
    if (performance.now() - shown < 10_000) return;
    shown = performance.now();
    const left = Math.max(0, minutes * 60 - (shown - start) / 1000);
    console.error(`${name}: ${executions} inputs; ${Math.ceil(left)} s left`);
  },
});
if (values.keep) {
  for (const { name, corpus } of outcome.reports) if (corpus.length) writeCorpus(name, corpus);
}
tell(outcome);

function tell({ findings, reports, heapMb }: Outcome): void {
  for (const { target, input, why } of findings) {
    console.log(`\n${target} does not stand ${Buffer.from(input).toString("hex") || "nothing"}`);
    console.log(why);
  }
  const width = Math.max(...names.map(({ length }) => length));
  for (const { name, executions, covered } of reports) {
    const line = [name.padEnd(width), `${executions} inputs`, `${covered} places reached`];
    console.log(`${line.join("  ")}  ${readCorpus(name).length} kept`);
  }
  const grown = growth(heapMb);
  const executions = reports.reduce((sum, report) => sum + report.executions, 0);
  const failed = findings.length > 0 || grown > GROWTH_MB || stop.signal.aborted;
  const words = `${executions} inputs, ${findings.length} findings, heap ${grown.toFixed(1)} MB more`;
  console.log(stop.signal.aborted ? "interrupted" : words);
  if (values.json) {
    const told = findings.map(({ target, input, why }) => {
      return { target, input: Buffer.from(input).toString("hex"), why };
    });
    const targets = reports.map(({ name, executions, covered }) => ({ name, executions, covered }));
    console.log(JSON.stringify({ seed: values.seed, executions, findings: told, targets, heapMb }));
  }
  process.exitCode = failed ? 1 : 0;
}
