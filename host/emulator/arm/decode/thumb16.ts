/**
 * Decodes 16-bit Thumb instructions (DDI 0403E, A5.2), written from the manual's tables and not
 * from the kernel's assembler, so that each checks the other.
 */

import { ALWAYS, LR, PC, SP, UndefinedInstruction } from "./instruction.js";
import { HINTS } from "./system32.js";
import type { AluOp, Body, Operand, Shift, UnaryOp, Width } from "./instruction.js";

const imm = (value: number): Operand => ({ kind: "imm", value });
const reg = (index: number, shift: Shift = "lsl", by = 0): Operand => ({
  kind: "reg",
  reg: index,
  shift,
  by,
});

const SHIFTS = ["lsl", "lsr", "asr"] as const;
const EXTENDS: readonly UnaryOp[] = ["sxth", "sxtb", "uxth", "uxtb"];
const REVERSALS: readonly (UnaryOp | undefined)[] = ["rev", "rev16", undefined, "revsh"];

function undefinedIn(what: string): never {
  throw new UndefinedInstruction(what);
}

export function signExtend(value: number, bits: number): number {
  return (value << (32 - bits)) >> (32 - bits);
}

export function registerList(mask: number): number[] {
  return Array.from({ length: 16 }, (_, i) => i).filter((i) => (mask >>> i) & 1);
}

function alu(fn: AluOp, rd: number, rn: number, b: Operand, flags: boolean): Body {
  return { op: "alu", fn, rd, rn, b, flags };
}

function access(store: boolean, width: Width, rt: number, rn: number, offset: Operand): Body {
  const rest = { add: true, index: true, writeback: false, signed: false };
  return { op: store ? "store" : "load", width, rt, rn, offset, ...rest };
}

/** 0b00xxxx: shift by immediate, add, subtract, move, compare. */
function arithmetic(hw: number, s: boolean): Body {
  const low = hw & 7;
  const mid = (hw >>> 3) & 7;
  const five = (hw >>> 6) & 31;
  if (hw >>> 13 === 1) {
    const rd = (hw >>> 8) & 7;
    const value = imm(hw & 255);
    const kind = (hw >>> 11) & 3;
    if (kind === 0) return alu("mov", rd, -1, value, s);
    if (kind === 1) return alu("sub", -1, rd, value, true);
    return alu(kind === 2 ? "add" : "sub", rd, rd, value, s);
  }
  const type = (hw >>> 11) & 3;
  if (type === 3) {
    const b = hw & 0x400 ? imm(five & 7) : reg(five & 7);
    return alu(hw & 0x200 ? "sub" : "add", low, mid, b, s);
  }
  const shift = SHIFTS[type] as Shift;
  return alu("mov", low, -1, reg(mid, shift, shift !== "lsl" && five === 0 ? 32 : five), s);
}

/** 0b010000: data processing on low registers. */
function dataProcessing(hw: number, s: boolean): Body {
  const rd = hw & 7;
  const rm = (hw >>> 3) & 7;
  const shift = (fn: Shift): Body => ({ op: "shift", fn, rd, rn: rd, rm, flags: s });
  switch ((hw >>> 6) & 15) {
    case 0:
      return alu("and", rd, rd, reg(rm), s);
    case 1:
      return alu("eor", rd, rd, reg(rm), s);
    case 2:
      return shift("lsl");
    case 3:
      return shift("lsr");
    case 4:
      return shift("asr");
    case 5:
      return alu("adc", rd, rd, reg(rm), s);
    case 6:
      return alu("sbc", rd, rd, reg(rm), s);
    case 7:
      return shift("ror");
    case 8:
      return alu("and", -1, rd, reg(rm), true);
    case 9:
      return alu("rsb", rd, rm, imm(0), s);
    case 10:
      return alu("sub", -1, rd, reg(rm), true);
    case 11:
      return alu("add", -1, rd, reg(rm), true);
    case 12:
      return alu("orr", rd, rd, reg(rm), s);
    case 13:
      return { op: "mul", rd, rn: rm, rm: rd, flags: s };
    case 14:
      return alu("bic", rd, rd, reg(rm), s);
    default:
      return alu("mvn", rd, -1, reg(rm), s);
  }
}

/** 0b010001: add, compare, move on any register; branch and exchange. */
function special(hw: number): Body {
  const rd = (hw & 7) | ((hw >>> 4) & 8);
  const rm = (hw >>> 3) & 15;
  switch ((hw >>> 8) & 3) {
    case 0:
      return alu("add", rd, rd, reg(rm), false);
    case 1:
      if (rd === PC || rm === PC) undefinedIn("compare with the program counter");
      return alu("sub", -1, rd, reg(rm), true);
    case 2:
      return alu("mov", rd, -1, reg(rm), false);
    default:
      if (hw & 7 || rm === PC) undefinedIn("branch and exchange");
      return { op: "bx", rm, link: (hw & 0x80) !== 0 };
  }
}

/** 0b0101 .. 0b1001: loads and stores of one register. */
function single(hw: number): Body {
  const rt = hw & 7;
  const rn = (hw >>> 3) & 7;
  const five = (hw >>> 6) & 31;
  const load = (hw & 0x800) !== 0;
  if (hw >>> 12 === 5) {
    const kind = (hw >>> 9) & 7;
    const width = [4, 2, 1, 1, 4, 2, 1, 2][kind] as Width;
    const body = access(kind < 3, width, rt, rn, reg((hw >>> 6) & 7));
    return kind === 3 || kind === 7 ? ({ ...body, signed: true } as Body) : body;
  }
  if (hw >>> 12 === 9) return access(!load, 4, (hw >>> 8) & 7, SP, imm((hw & 255) * 4));
  const width = ([4, 1, 2] as const)[(hw >>> 12) - 6] as Width;
  return access(!load, width, rt, rn, imm(five * width));
}

/** 0b1011: the miscellaneous group. */
function miscellaneous(hw: number, address: number): Body {
  const kind = (hw >>> 8) & 15;
  const low = hw & 7;
  const mid = (hw >>> 3) & 7;
  if ((kind & 5) === 1) {
    const offset = ((hw >>> 3) & 31) * 2 + ((hw >>> 9) & 1) * 64;
    return { op: "cbz", rn: low, nonzero: (hw & 0x800) !== 0, target: address + 4 + offset };
  }
  const unary = (fn: UnaryOp): Body => ({ op: "unary", fn, rd: low, rm: mid, rotate: 0, rn: -1 });
  switch (kind) {
    case 0:
      return alu(hw & 0x80 ? "sub" : "add", SP, SP, imm((hw & 127) * 4), false);
    case 2:
      return unary(EXTENDS[(hw >>> 6) & 3] as UnaryOp);
    case 4:
    case 5: {
      const list = registerList(hw & 255);
      if (kind === 5) list.push(LR);
      if (list.length === 0) undefinedIn("push of nothing");
      return { op: "multiple", load: false, rn: SP, list, before: true, writeback: true };
    }
    case 10:
      return unary(REVERSALS[(hw >>> 6) & 3] ?? undefinedIn("reversal"));
    case 12:
    case 13: {
      const list = registerList(hw & 255);
      if (kind === 13) list.push(PC);
      if (list.length === 0) undefinedIn("pop of nothing");
      return { op: "multiple", load: true, rn: SP, list, before: false, writeback: true };
    }
    case 6: {
      if ((hw & 0xe8) !== 0x60 || !(hw & 3)) undefinedIn("CPS");
      const [disable, primask, faultmask] = [hw & 16, hw & 2, hw & 1].map((bit) => bit !== 0);
      return { op: "cps", disable, primask, faultmask } as Body;
    }
    case 14:
      return { op: "bkpt", number: hw & 255 };
    case 15: {
      if (hw & 15) return ifThen(hw);
      const kind = HINTS[(hw >>> 4) & 15];
      return kind ? { op: "hint", kind } : { op: "nop" };
    }
    default:
      return undefinedIn("miscellaneous 16-bit instruction");
  }
}

/** ITTT AL: no "else" in it. */
function isAlways(mask: number, length: number): boolean {
  return mask === 1 << (4 - length);
}

/** IT: the mask's lowest set bit ends the block, the bits above it are the conditions' low bits. */
function ifThen(hw: number): Body {
  const first = (hw >>> 4) & 15;
  const mask = hw & 15;
  const length = 4 - Math.log2(mask & -mask);
  if (first > ALWAYS || (first === ALWAYS && length > 1 && !isAlways(mask, length))) {
    undefinedIn("IT without a condition");
  }
  const conditions = [first];
  for (let i = 1; i < length; i++) conditions.push((first & 14) | ((mask >>> (4 - i)) & 1));
  return { op: "it", conditions };
}

/** `insideIt`: most 16-bit instructions leave the flags alone inside an IT block. */
export function decode16(hw: number, address: number, insideIt: boolean): Body & { when?: number } {
  const top = hw >>> 12;
  const three = (hw >>> 8) & 7;
  if (top < 4) return arithmetic(hw, !insideIt);
  if (top === 4) {
    if (hw & 0x800) {
      const at = ((address + 4) & ~3) + (hw & 255) * 4;
      return { op: "literal", width: 4, signed: false, rt: three, from: at };
    }
    return hw & 0x400 ? special(hw) : dataProcessing(hw, !insideIt);
  }
  if (top < 10) return single(hw);
  if (top === 10) {
    const value = (hw & 255) * 4;
    if (hw & 0x800) return alu("add", three, SP, imm(value), false);
    return { op: "adr", rd: three, value: ((address + 4) & ~3) + value };
  }
  if (top === 11) return miscellaneous(hw, address);
  if (top === 12) {
    const list = registerList(hw & 255);
    const load = (hw & 0x800) !== 0;
    const inList = list.includes(three);
    if (list.length === 0) undefinedIn("multiple of nothing");
    if (!load && inList && list[0] !== three) undefinedIn("STM of its own changing base");
    return { op: "multiple", load, rn: three, list, before: false, writeback: !load || !inList };
  }
  if (top === 13) {
    const when = (hw >>> 8) & 15;
    if (when === 15) return { op: "svc", number: hw & 255 };
    if (when === ALWAYS) undefinedIn("UDF");
    return { op: "b", target: address + 4 + signExtend(hw & 255, 8) * 2, when };
  }
  return { op: "b", target: address + 4 + signExtend(hw & 2047, 11) * 2 };
}
