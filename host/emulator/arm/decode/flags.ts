/**
 * Which condition flags an instruction reads and sets, so that generated code computes only those
 * that something reads. N and Z always come from one result and count as one.
 */

import { ALWAYS, PC } from "./instruction.js";
import type { AluOp, Instruction } from "./instruction.js";

export const NZ = 1;
export const C = 2;
export const V = 4;
export const ALL_FLAGS = NZ | C | V;

const ADDITIVE: readonly AluOp[] = ["add", "adc", "sub", "sbc", "rsb"];

export function isAdditive(fn: AluOp): boolean {
  return ADDITIVE.includes(fn);
}

/** Flags that a condition (0..14) looks at. */
export function conditionReads(condition: number): number {
  if (condition === ALWAYS) return 0;
  return [NZ, C, NZ, V, C | NZ, NZ | V, NZ | V][condition >>> 1] as number;
}

export function writes(i: Instruction): number {
  if (i.op === "mul") return i.flags ? NZ : 0;
  if (i.op === "shift") return i.flags ? NZ | C : 0;
  if (i.op === "vsystem") return i.read && i.rt === PC ? ALL_FLAGS : 0;
  if (i.op === "msr") return i.special < 4 && i.mask & 2 ? ALL_FLAGS : 0;
  if (i.op !== "alu" || !i.flags) return 0;
  if (isAdditive(i.fn)) return ALL_FLAGS;
  const carries = i.b.kind === "imm" ? i.b.carry !== undefined : i.b.by > 0;
  return carries ? NZ | C : NZ;
}

export function reads(i: Instruction): number {
  const condition = conditionReads(i.condition);
  if (i.op === "shift") return condition | (i.flags ? C : 0);
  if (i.op === "mrs") return condition | (i.special < 4 ? ALL_FLAGS : 0);
  if (i.op !== "alu") return condition;
  const rotated = i.b.kind === "reg" && i.b.shift === "rrx";
  return condition | (i.fn === "adc" || i.fn === "sbc" || rotated ? C : 0);
}

/** For each instruction of a block, the flags it sets that are read before they are set again. */
export function neededFlags(block: readonly Instruction[]): number[] {
  const needed = new Array<number>(block.length).fill(0);
  let live = ALL_FLAGS;
  for (let at = block.length - 1; at >= 0; at--) {
    const instruction = block[at] as Instruction;
    const set = writes(instruction);
    needed[at] = set & live;
    if (instruction.condition === ALWAYS) live &= ~set;
    live |= reads(instruction);
  }
  return needed;
}
