/**
 * `npm run bench:kernel`: size, cycles, stack and traces of every kernel entry by the cycle model
 * of host/emulator/arm/cycles.ts at 64 MHz, beside the targets and what other libraries measured
 * under the same model (peers.ts), and how fast the Thumb-2 machine itself is. `--json`: our figures alone.
 */

import { entryNumber } from "../../../firmware/kernel/abi.js";
import { buildKernel } from "../../../firmware/kernel/build.js";
import { Arena } from "../measure/arena.js";
import { measureAll } from "../measure/measure.js";
import { place, workloads } from "../measure/workloads.js";
import type { Workload } from "../measure/workloads.js";
import { MOST } from "./figures.js";
import { OTHERS, PEERS } from "./peers.js";

const MHZ = 64;
const ms = (cycles: number): number => cycles / (MHZ * 1000);

/** Milliseconds unless said otherwise. */
interface Row {
  readonly what: string;
  readonly ours: number;
  readonly target: number;
  /** As PEERS; undefined = not measured. */
  readonly others: readonly (number | string | undefined)[];
}

function printTable(rows: readonly Row[]): void {
  const cell = (value: number | string | undefined): string =>
    (value === undefined ? "-" : typeof value === "string" ? value : format(value)).padStart(15);
  console.log("".padEnd(24) + ["ours", "target", ...PEERS].map(cell).join(""));
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
  const target = (name: string): number => MOST[`kernel.${name}`] ?? NaN;
  const timed = (what: string, entry: keyof typeof OTHERS): Row => ({
    ...{ what: `${what}, ms`, ours: time(entry), target: ms(target(`${entry}.cycles`)) },
    others: OTHERS[entry],
  });
  printTable([
    timed("keygen (pubkey)", "pubkey"),
    timed("sign", "sign"),
    timed("verify", "verify"),
    timed("ECDH", "ecdh"),
    {
      ...{ what: "seal 256 bytes, ms", ours: time("seal"), target: ms(target("seal.cycles")) },
      others: [],
    },
    { what: "size, bytes", ours: bytes.length, target: target("size"), others: OTHERS.size },
    { what: "stack, bytes", ours: stack, target: target("stack"), others: OTHERS.stack },
    {
      ...{ what: "instruction traces", ours: traces, target: target("traces") },
      others: OTHERS.traces,
    },
    {
      ...{ what: "address traces", ours: addresses, target: target("addressTraces") },
      others: OTHERS.addressTraces,
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
