/** JavaScript for FPv4-SP: arithmetic by float.ts of the processor, moves and memory here. */

import type { Instruction } from "../../../arm/decode/instruction.js";
import type { ExtendedBody } from "../../../arm/decode/extended.js";
import { PC } from "../../../arm/decode/instruction.js";
import type { Context } from "./context.js";
import { words } from "./memory.js";
import { emitFloatGuard } from "./system.js";

/** The bits that FPSCR has. */
const FPSCR = 0xf7c0009f | 0;
const SIGN = -0x80000000;

function compute(i: Instruction): string {
  switch (i.op) {
    case "vfp":
      return `F.operate("${i.fn}",${i.d},${i.n},${i.m});`;
    case "vcmp":
      return `F.compare(${i.d},${i.m},${i.quiet});`;
    case "vtoint":
      return `F.toInteger(${i.d},${i.m},${i.signed},${i.toZero});`;
    case "vfromint":
      return `F.fromInteger(${i.d},${i.m},${i.signed});`;
    case "vfixed":
      return `F.${i.to ? "to" : "from"}Fixed(${i.d},${i.signed},${i.width},${i.fraction});`;
    case "vhalf":
      return `F.${i.to ? "to" : "from"}Half(${i.d},${i.m},${i.top});`;
    case "vimm":
      return `S[${i.d}]=${i.bits};`;
    case "vbits": {
      const change = { mov: "", abs: `&${~SIGN}`, neg: `^${SIGN}` }[i.fn];
      return `S[${i.d}]=S[${i.m}]${change};`;
    }
    default:
      throw new Error(`not floating point: ${i.op}`);
  }
}

function emitSystem(i: Extract<Instruction, { op: "vsystem" }>, c: Context): string {
  if (!i.read) return `F.fpscr=${c.get(i.rt)}&${FPSCR};`;
  if (i.rt !== PC) return `${c.set(i.rt)}=F.fpscr;`;
  return "x=F.fpscr;q=x&1073741824?0:x<0?-1:1;c=x>>>29&1;v=x>>>28&1;";
}

function emitMemory(i: Extract<Instruction, { op: "vmem" }>, c: Context): string {
  const base = i.rn === PC ? String((i.address + 4) & ~3) : c.get(i.rn);
  const address = `a=${base}${i.offset ? `+(${i.offset})|0` : ""};`;
  const places = Array.from({ length: i.count }, (_, n) => `S[${i.first + n}]`);
  const code = `${address}${words(c, places, i.load)}`;
  return i.writeback === undefined ? code : `${code}${c.set(i.rn)}=${base}+(${i.writeback})|0;`;
}

const FLOAT: ReadonlySet<string> = new Set<ExtendedBody["op"]>([
  ...(["vfp", "vbits", "vimm", "vcmp", "vtoint", "vfromint", "vfixed", "vhalf"] as const),
  ...(["vcore", "vcore2", "vsystem", "vmem"] as const),
]);

export const isFloat = (i: Instruction): boolean => FLOAT.has(i.op);

export function emitFloat(i: Instruction, c: Context): string {
  const guard = emitFloatGuard(c);
  switch (i.op) {
    case "vcore":
      return guard + (i.load ? `${c.set(i.rt)}=S[${i.s}];` : `S[${i.s}]=${c.get(i.rt)};`);
    case "vcore2": {
      const [one, two] = [`S[${i.s}]`, `S[${i.s + 1}]`];
      if (i.load) return `${guard}${c.set(i.rt)}=${one};${c.set(i.rt2)}=${two};`;
      return `${guard}${one}=${c.get(i.rt)};${two}=${c.get(i.rt2)};`;
    }
    case "vsystem":
      return guard + emitSystem(i, c);
    case "vmem":
      return guard + emitMemory(i, c);
    default:
      return guard + compute(i);
  }
}
