/**
 * Turns a basic block into the source of one JavaScript function: registers and flags come from
 * the machine's arrays at its start, go back at its end, and it returns the next address.
 *
 * Names in scope of the generated code: R = registers r0..r14 then q, c, v; B, N1, N2, N4, M1, M2,
 * M4 = the stack's address, lengths and views; L1..S4 = memory with traps; J = an interworking
 * address checked; A, P, Y = the tracer's access, stack-pointer and cycle counters.
 */

import { endsBlock } from "../decode/block.js";
import { TAKEN, cyclesOf } from "../cycles.js";
import { emitAlu, emitField, emitLong, emitMultiply, emitShift, emitUnary } from "./alu.js";
import type { Registers } from "./alu.js";
import { emitDual, emitLiteral, emitMultiple, emitSingle } from "./memory.js";
import type { MemoryStyle } from "./memory.js";
import { neededFlags } from "../decode/flags.js";
import { ALWAYS, LR, PC, SP } from "../decode/instruction.js";
import type { Instruction } from "../decode/instruction.js";

export const CONDITIONS: readonly string[] = [
  "q===0",
  "q!==0",
  "c",
  "!c",
  "q<0",
  "q>=0",
  "v",
  "!v",
  "c&&q!==0",
  "!c||q===0",
  "q>>>31===v",
  "q>>>31!==v",
  "q!==0&&q>>>31===v",
  "q===0||q>>>31!==v",
];

/** Registers' locals; the program counter reads as the instruction's address + 4. */
class Locals implements Registers {
  readonly used = new Set<number>();
  readonly written = new Set<number>();
  address = 0;

  get(register: number): string {
    if (register === PC) return String((this.address + 4) | 0);
    this.used.add(register);
    return `r${register}`;
  }

  set(register: number): string {
    this.used.add(register);
    this.written.add(register);
    return `r${register}`;
  }
}

/** Branches leave the next address in n. */
function emitBranch(i: Instruction, style: MemoryStyle): string {
  const { regs } = style;
  const after = i.address + i.size;
  switch (i.op) {
    case "b":
      return `n=${i.target};`;
    case "bl":
      return `${regs.set(LR)}=${after | 1};n=${i.target};`;
    case "bx": {
      const target = `n=J(${regs.get(i.rm)},${i.address});`;
      return i.link ? `${target}${regs.set(LR)}=${after | 1};` : target;
    }
    case "cbz": {
      const taken = style.measured ? `e+=${TAKEN};` : "";
      return `if(${regs.get(i.rn)}${i.nonzero ? "!==" : "==="}0){${taken}n=${i.target};}`;
    }
    case "tb": {
      const width = i.half ? 2 : 1;
      const offset = i.half ? `(${regs.get(i.rm)}<<1)` : regs.get(i.rm);
      const trace = style.measured ? `A(a,${regs.get(SP)},${i.address});` : "";
      const entry = `L${width}(a,${i.address})`;
      return `a=${regs.get(i.rn)}+${offset}|0;${trace}n=${i.address + 4}+2*${entry};`;
    }
    default:
      throw new Error(`not a branch: ${i.op}`);
  }
}

function emitOne(i: Instruction, style: MemoryStyle, need: number): string {
  switch (i.op) {
    case "alu": {
      const code = emitAlu(i, style.regs, need);
      return style.measured && i.rd === SP ? `${code}P(${style.regs.get(SP)});` : code;
    }
    case "shift":
      return emitShift(i, style.regs, need);
    case "mul":
    case "mla":
      return emitMultiply(i, style.regs, need);
    case "long":
      return emitLong(i, style.regs);
    case "unary":
      return emitUnary(i, style.regs);
    case "field":
      return emitField(i, style.regs);
    case "movt":
      return `${style.regs.set(i.rd)}=${style.regs.get(i.rd)}&65535|${i.imm << 16};`;
    case "adr":
      return `${style.regs.set(i.rd)}=${i.value | 0};`;
    case "load":
    case "store":
      return emitSingle(i, style);
    case "literal":
      return emitLiteral(i, style);
    case "dual":
      return emitDual(i, style);
    case "multiple":
      return emitMultiple(i, style);
    case "it":
    case "nop":
      return "";
    default:
      return emitBranch(i, style);
  }
}

/** The extra cycles of an executed conditional instruction; a skipped one costs 1. */
function extraCycles(i: Instruction, cycles: number): string {
  const extra = cycles - 1 + (endsBlock(i) ? TAKEN : 0);
  return extra ? `e+=${extra};` : "";
}

export function blockSource(block: readonly Instruction[], measured: boolean): string {
  const regs = new Locals();
  const style: MemoryStyle = { regs, measured };
  const needed = neededFlags(block);
  let cycles = 0;
  let body = "";
  block.forEach((i, at) => {
    regs.address = i.address;
    const code = emitOne(i, style, needed[at] as number);
    const cost = cyclesOf(i, block[at - 1]);
    if (i.condition === ALWAYS) {
      body += code;
      cycles += cost;
    } else {
      const extra = measured ? extraCycles(i, cost) : "";
      body += `if(${CONDITIONS[i.condition]}){${extra}${code}}`;
      cycles += 1;
    }
    body += "\n";
  });
  const last = block[block.length - 1] as Instruction;
  const start = (block[0] as Instruction).address;
  const reads = [...regs.used].map((r) => `r${r}=R[${r}]`);
  const names = ["q=R[15]", "c=R[16]", "v=R[17]", "x=0", "y=0", "t=0", "a=0", "k=0", "f=0.0"];
  const finish = [...regs.written].map((r) => `R[${r}]=r${r};`).join("");
  const flags = needed.some((n) => n) ? "R[15]=q;R[16]=c;R[17]=v;" : "";
  const count = measured ? `Y(${start},${block.length},${cycles}+e);` : "";
  return (
    `let ${[...reads, ...names].join(",")},e=0,n=${last.address + last.size};\n` +
    `${body}${finish}${flags}${count}return n;`
  );
}
