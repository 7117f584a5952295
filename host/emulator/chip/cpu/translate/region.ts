/**
 * Reads what is translated at once: the instructions from an address on, through branches that
 * stay inside or leave it, up to one behind which control can't come. Branches forward to an
 * instruction inside, and back to the first one, become structure; all others leave.
 */

import { decodeAt } from "../../../arm/decode/block.js";
import type { Decoded, Fetch } from "../../../arm/decode/block.js";
import {
  ALWAYS,
  NoCoprocessor,
  PC,
  UndefinedInstruction,
} from "../../../arm/decode/instruction.js";
import type { Body, Instruction } from "../../../arm/decode/instruction.js";

/** An instruction in its place. `it`: ITSTATE while it executes, 0 outside an IT block. */
export type Placed = Instruction & { readonly it: number };

/** What stands where no instruction can be: the fault that executing it takes. */
export interface Bad {
  readonly address: number;
  readonly fault: "undefined" | "fetch" | "coprocessor";
}

export interface Region {
  readonly start: number;
  readonly code: readonly Placed[];
  /** Addresses of instructions that a branch further up goes to. */
  readonly targets: ReadonlySet<number>;
  readonly loops: boolean;
  /** The address behind the last instruction. */
  readonly end: number;
  /** ITSTATE there. */
  readonly endIt: number;
  /** The region is nothing but this. */
  readonly bad?: Bad;
}

export class FetchFault extends Error {
  override readonly name = "FetchFault";
}

const DEFAULT_LENGTH = 32;
/** Behind these an interrupt may be due, or the code itself another. */
const SYSTEM = ["svc", "bkpt", "hint", "msr", "cps"];

/** True if control never goes on to the next instruction of the region. */
export function leaves(i: Body): boolean {
  switch (i.op) {
    case "multiple":
      return i.load && i.list.includes(PC);
    case "load":
    case "literal":
      return i.rt === PC;
    case "alu":
      return i.rd === PC;
    case "barrier":
    case "hint":
      return false;
    default:
      return ["b", "bl", "bx", "tb", "svc", "bkpt"].includes(i.op);
  }
}

/** ITSTATE behind an instruction executed under it. */
export function advanceIt(it: number): number {
  return it & 7 ? (it & 0xe0) | ((it << 1) & 0x1f) : 0;
}

function stateOf(conditions: readonly number[]): number {
  const first = conditions[0] as number;
  let mask = 1 << (4 - conditions.length);
  conditions.slice(1).forEach((c, i) => (mask |= (c & 1) << (3 - i)));
  return (first << 4) | mask;
}

/** The instruction at an address with its condition, under an ITSTATE. */
function place(fetch: Fetch, address: number, it: number): Placed {
  const { when, ...body } = decodeAt(fetch, address, it !== 0) as Decoded;
  if (it) {
    const misplaced = body.op === "it" || body.op === "cbz" || when !== undefined;
    const early = advanceIt(it) !== 0 && ["b", "bl", "bx", "tb"].includes(body.op);
    if (misplaced || early || body.op === "cps") {
      throw new UndefinedInstruction("not allowed there in an IT block");
    }
  }
  const condition = it ? it >>> 4 : (when ?? ALWAYS);
  return { ...body, address, condition, it } as Placed;
}

export interface ReadOptions {
  /** Most instructions; an IT block is finished. */
  readonly length?: number;
  /** Addresses that only the first instruction may have. */
  readonly stops?: ReadonlySet<number>;
}

export function readRegion(fetch: Fetch, start: number, it: number, options: ReadOptions): Region {
  const { length = DEFAULT_LENGTH, stops } = options;
  const code: Placed[] = [];
  const wanted = new Set<number>();
  let loops = false;
  let address = start;
  let bad: Bad | undefined;
  let state = it;
  while (!(code.length >= length && (state === 0 || length === 1))) {
    if (code.length && stops?.has(address)) break;
    let i: Placed;
    try {
      i = place(fetch, address, state);
    } catch (error) {
      const undefinedHere = error instanceof UndefinedInstruction;
      if (!undefinedHere && !(error instanceof FetchFault)) throw error;
      const fault = error instanceof NoCoprocessor ? "coprocessor" : "undefined";
      if (!code.length) bad = { address, fault: undefinedHere ? fault : "fetch" };
      break;
    }
    code.push(i);
    address += i.size;
    state = i.op === "it" ? stateOf(i.conditions) : advanceIt(state);
    if (i.op === "b" || i.op === "cbz") {
      if (i.target === start && it === 0) loops = true;
      else if (i.target >= address) wanted.add(i.target);
    }
    if (SYSTEM.includes(i.op) || i.op === "barrier") break;
    const conditional = i.condition !== ALWAYS && (i.op === "b" || i.it !== 0);
    if (leaves(i) && !conditional && !wanted.has(address)) break;
  }
  const inside = new Set(code.filter((i) => i.it === 0).map((i) => i.address));
  const targets = new Set([...wanted].filter((t) => inside.has(t)));
  const rest = bad ? { bad } : {};
  return { start, code, targets, loops, end: address, endIt: state, ...rest };
}
