/**
 * Reads a basic block: the instructions from an address up to the first that may go elsewhere, IT
 * conditions spread over the instructions they govern. A limit keeps generated functions small
 * enough for the JavaScript engine to optimise.
 */

import { decode16 } from "./thumb16.js";
import { decode32 } from "./thumb32.js";
import { EXTENDED } from "./extended.js";
import { ALWAYS, PC, UndefinedInstruction } from "./instruction.js";
import type { Body, Instruction } from "./instruction.js";

/** Longest block, unless a run of loads follows (a block never starts inside one, see cycles). */
const LONGEST = 256;

/** True if control may not go on to the next address. */
export function endsBlock(i: Body): boolean {
  if (i.op === "multiple") return i.load && i.list.includes(PC);
  if (i.op === "load") return i.rt === PC;
  return ["b", "bl", "bx", "cbz", "tb"].includes(i.op);
}

export function isLoad(i: Body): boolean {
  return i.op === "load" || i.op === "literal";
}

/** Reads the 16-bit unit at an address; throws where there is no code. */
export type Fetch = (address: number) => number;

export type Decoded = Body & { when?: number; size: 2 | 4 };

/** What a kernel may not hold: more than the integer instructions, or PC as a plain register. */
function forKernel(body: Decoded): Decoded {
  const refuse = (what: string): never => {
    throw new UndefinedInstruction(what);
  };
  if (EXTENDED.has(body.op)) refuse(`${body.op} in a kernel`);
  const registers = body as { rd?: number; rn?: number; b?: { reg?: number } };
  if (body.op === "alu" && [registers.rd, registers.rn, registers.b?.reg].includes(PC)) {
    refuse("arithmetic with the program counter");
  }
  if (body.op === "dual" && body.rn === PC) refuse("dual literal");
  if (body.op === "literal" && body.rt === PC) refuse("PC-relative jump");
  if (body.op === "it" && body.conditions[0] === ALWAYS) refuse("IT without a condition");
  return body;
}

export function decodeAt(fetch: Fetch, address: number, insideIt: boolean): Decoded {
  const hw = fetch(address);
  if (hw >>> 11 < 0b11101) return { ...decode16(hw, address, insideIt), size: 2 };
  return { ...decode32(hw, fetch(address + 2), address), size: 4 };
}

export function readBlock(fetch: Fetch, start: number): Instruction[] {
  const block: Instruction[] = [];
  let pending: number[] = [];
  for (let address = start; ;) {
    const inIt = pending.length > 0;
    const { when, ...body } = forKernel(decodeAt(fetch, address, inIt));
    const ends = endsBlock(body);
    if (!inIt && block.length >= LONGEST && !isLoad(body)) return block;
    if (inIt && (body.op === "it" || body.op === "cbz" || when !== undefined)) {
      throw new UndefinedInstruction("IT, CBZ or conditional branch inside an IT block");
    }
    if (ends && pending.length > 1) {
      throw new UndefinedInstruction("branch inside an IT block, not at its end");
    }
    const condition = pending.shift() ?? when ?? ALWAYS;
    if (body.op === "it") pending = [...body.conditions];
    block.push({ ...body, address, condition } as Instruction);
    address += body.size;
    if (ends) return block;
  }
}
