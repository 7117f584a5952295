/**
 * `npm run bench:kernel`: size, cycles, stack and traces of every kernel entry by the cycle model
 * of host/emulator/arm/cycles.ts at 64 MHz, beside the targets and what other libraries measured
 * under the same model, and how fast the Thumb-2 machine itself is. `--json`: our figures alone.
 *
 * The other columns were measured elsewhere, once, by the same model: libsecp256k1 commit 687155d
 * with its own ARM assembler for the field made into Thumb-2, -O2 with comb 11x6 and window 6 (the
 * fastest of its builds) and -Os with comb 2x5 and window 4 (the smallest of the fast ones); Emil
 * Lenngren's P-256 without the FPU (another curve; signing is given its nonce); micro-ecc -O3 with
 * its ARM assembler and squaring (no RFC 6979).
 */

import { entryNumber } from "../../../firmware/kernel/abi.js";
import { buildKernel } from "../../../firmware/kernel/build.js";
import { Arena } from "../measure/arena.js";
import { measureAll } from "../measure/measure.js";
import { place, workloads } from "../measure/workloads.js";
import type { Workload } from "../measure/workloads.js";

const MHZ = 64;
const ms = (cycles: number): number => cycles / (MHZ * 1000);

/** Milliseconds unless said otherwise. */
interface Row {
  readonly what: string;
  readonly ours: number;
  readonly target: number;
  /** As OTHERS; undefined = not measured. */
  readonly others: readonly (number | string | undefined)[];
}

const OTHERS = ["libsecp fast", "libsecp small", "Lenngren P-256", "micro-ecc"];

function printTable(rows: readonly Row[]): void {
  const cell = (value: number | string | undefined): string =>
    (value === undefined ? "-" : typeof value === "string" ? value : format(value)).padStart(15);
  console.log("".padEnd(24) + ["ours", "target", ...OTHERS].map(cell).join(""));
  for (const { what, ours, target, others } of rows) {
    const verdict = ours <= target ? "" : "  over";
    console.log(what.padEnd(24) + cell(ours) + cell(target) + others.map(cell).join("") + verdict);
  }
}

function format(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString("en") : value.toFixed(2);
}

/** Millions of instructions a second of processor time on signatures, once all is translated. */
function machineSpeed(blob: Uint8Array): number {
  const arena = new Arena();
  const kernel = arena.load(blob);
  const { cases } = workloads().find((workload) => workload.entry === "sign") as Workload;
  const run = (): void => {
    for (const args of cases) kernel.call(entryNumber("sign"), place(arena, args));
  };
  run();
  const [before, start] = [kernel.instructions, process.cpuUsage().user];
  for (let i = 0; i < 5; i++) run();
  return (kernel.instructions - before) / (process.cpuUsage().user - start);
}

const { bytes } = buildKernel();
const costs = measureAll(bytes, workloads());
const entries = Object.fromEntries(costs);

if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ size: bytes.length, entries }, null, 2));
} else {
  const time = (entry: string): number => ms(entries[entry]?.cycles ?? NaN);
  const stack = Math.max(...[...costs.values()].map((cost) => cost.stack));
  const secretEntries = ["pubkey", "sign", "ecdh"];
  const traces = Math.max(...secretEntries.map((e) => entries[e]?.traces ?? NaN));
  const addresses = Math.max(...secretEntries.map((e) => entries[e]?.addressTraces ?? NaN));
  printTable([
    { what: "keygen (pubkey), ms", ours: time("pubkey"), target: 5, others: [9.4, 10.8, 4.94, 48] },
    { what: "sign, ms", ours: time("sign"), target: 7.2, others: [11.0, 12.6, 5.66, 60] },
    { what: "verify, ms", ours: time("verify"), target: 9, others: [17.2, 19.8, 15.1, 60] },
    { what: "ECDH, ms", ours: time("ecdh"), target: 8.4, others: [18.2, 18.9, 14.0, 49] },
    { what: "seal 256 bytes, ms", ours: time("seal"), target: 0.3, others: [] },
    { what: "size, bytes", ours: bytes.length, target: 13000, others: [67980, 33680, 8844, 16152] },
    { what: "stack, bytes", ours: stack, target: 2000, others: [4908, 4676, 1968, 1024] },
    { what: "instruction traces", ours: traces, target: 1, others: ["vary", "vary", 1, "vary"] },
    {
      what: "address traces",
      ours: addresses,
      target: 1,
      others: ["vary", "vary", "vary", "vary"],
    },
  ]);
  console.log("\nentry          cycles        ms  instructions   stack  traces  address traces");
  for (const [entry, cost] of costs) {
    const cells = [
      cost.cycles.toLocaleString("en").padStart(10),
      ms(cost.cycles).toFixed(3).padStart(10),
      cost.instructions.toLocaleString("en").padStart(14),
      String(cost.stack).padStart(8),
      String(cost.traces).padStart(8),
      String(cost.addressTraces).padStart(16),
    ];
    console.log(entry.padEnd(11) + cells.join(""));
  }
  const speed = Math.round(machineSpeed(bytes));
  console.log(`\nThumb-2 machine: ${speed} million instructions a second (target 60)`);
}
