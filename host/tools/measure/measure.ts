/** Runs workloads in the Thumb-2 machine and sums up: the worst of each figure, the traces. */

import { entryNumber } from "../../../firmware/kernel/abi.js";
import type { KernelEntryName } from "../../../firmware/kernel/abi.js";
import type { Measurement } from "../../emulator/arm/tracer.js";
import { Arena } from "./arena.js";
import { place } from "./workloads.js";
import type { Workload } from "./workloads.js";

export interface Cost {
  readonly cycles: number;
  readonly instructions: number;
  /** Bytes of stack. */
  readonly stack: number;
  /** Different instruction-address traces and data-address traces among the cases. */
  readonly traces: number;
  readonly addressTraces: number;
}

/** Every case of a workload, each with the arguments at the same addresses. */
export function measureCases(blob: Uint8Array, workload: Workload): Measurement[] {
  const arena = new Arena();
  const kernel = arena.load(blob);
  return workload.cases.map((args) => {
    return kernel.measure(entryNumber(workload.entry), place(arena, args));
  });
}

export function summary(runs: readonly Measurement[]): Cost {
  const worst = (figure: "cycles" | "instructions" | "stack"): number =>
    Math.max(...runs.map((run) => run[figure]));
  return {
    cycles: worst("cycles"),
    instructions: worst("instructions"),
    stack: worst("stack"),
    traces: new Set(runs.map((run) => run.trace)).size,
    addressTraces: new Set(runs.map((run) => run.addressTrace)).size,
  };
}

/** The worst over several workloads of one entry. */
export function worstOf(costs: readonly Cost[]): Cost {
  const worst = (figure: keyof Cost): number => Math.max(...costs.map((cost) => cost[figure]));
  return {
    cycles: worst("cycles"),
    instructions: worst("instructions"),
    stack: worst("stack"),
    traces: worst("traces"),
    addressTraces: worst("addressTraces"),
  };
}

export function measureAll(
  blob: Uint8Array,
  list: readonly Workload[],
): Map<KernelEntryName, Cost> {
  const perEntry = new Map<KernelEntryName, Cost[]>();
  for (const workload of list) {
    const costs = perEntry.get(workload.entry) ?? [];
    costs.push(summary(measureCases(blob, workload)));
    perEntry.set(workload.entry, costs);
  }
  return new Map([...perEntry].map(([entry, costs]) => [entry, worstOf(costs)]));
}
