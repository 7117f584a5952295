/**
 * Decodes 32-bit Thumb instructions (DDI 0403E, A5.3): data processing, branches, multiplication.
 * Loads and stores are in memory32.ts. What the manual calls unpredictable is refused.
 */

import { ALWAYS, PC, SP, UndefinedInstruction } from "./instruction.js";
import type { AluOp, Body, Operand, Shift, UnaryOp } from "./instruction.js";
import { decodeMemory } from "./memory32.js";
import { multiply, parallel, saturating } from "./dsp32.js";
import { decodeFloat } from "./float32.js";
import { plain } from "./plain.js";
import { system } from "./system32.js";
import { signExtend } from "./thumb16.js";

const SHIFTS: readonly Shift[] = ["lsl", "lsr", "asr", "ror"];

function undefinedIn(what: string): never {
  throw new UndefinedInstruction(what);
}

/** A5.3.2: the 12 bits of a modified immediate. */
export function modifiedImmediate(twelve: number): Operand {
  const byte = twelve & 255;
  if (twelve >>> 10 === 0) {
    const kind = (twelve >>> 8) & 3;
    if (kind && byte === 0) undefinedIn("a repeated zero immediate");
    const repeats = [1, 0x00010001, 0x01000100, 0x01010101][kind] as number;
    return { kind: "imm", value: Math.imul(byte, repeats) };
  }
  const unrotated = 0x80 | (twelve & 127);
  const by = twelve >>> 7;
  const value = (unrotated >>> by) | (unrotated << (32 - by));
  return { kind: "imm", value, carry: value < 0 ? 1 : 0 };
}

/** A7.4.2: shift type and amount of a register operand. */
function shiftedRegister(hw2: number): Operand {
  const by = ((hw2 >>> 10) & 28) | ((hw2 >>> 6) & 3);
  const shift = SHIFTS[(hw2 >>> 4) & 3] as Shift;
  const index = hw2 & 15;
  if (by || shift === "lsl") return { kind: "reg", reg: index, shift, by };
  if (shift === "ror") return { kind: "reg", reg: index, shift: "rrx", by: 1 };
  return { kind: "reg", reg: index, shift, by: 32 };
}

const ALU: Readonly<Record<number, AluOp>> = {
  0: "and",
  1: "bic",
  2: "orr",
  3: "orn",
  4: "eor",
  8: "add",
  10: "adc",
  11: "sbc",
  13: "sub",
  14: "rsb",
};
/** These compare when they have no destination: TST, TEQ, CMN, CMP. */
const COMPARES: readonly AluOp[] = ["and", "eor", "add", "sub"];

/** PKHBT, PKHTB. */
function pack(hw1: number, hw2: number, b: Operand): Body {
  const [rd, rn] = [(hw2 >>> 8) & 15, hw1 & 15];
  plain(rd, rn, hw2 & 15);
  if (b.kind !== "reg" || hw2 & 16) undefinedIn("PKH");
  return { op: "pack", top: b.shift === "asr", rd, rn, b };
}

/** A5.3.3: SSAT, USAT, SSAT16, USAT16. */
function saturate(hw1: number, hw2: number, by: number): Body {
  const signed = !(hw1 & 0x80);
  const [rd, rn, right] = [(hw2 >>> 8) & 15, hw1 & 15, (hw1 & 32) !== 0];
  plain(rd, rn);
  if (hw1 & 0x400 || hw2 & 0x20) undefinedIn("saturation");
  const halves = right && by === 0;
  if (halves && hw2 & 16) undefinedIn("saturation");
  const b = { kind: "reg", reg: rn, shift: right && !halves ? "asr" : "lsl", by } as const;
  return { op: "saturate", signed, halves, rd, b, to: (hw2 & 31) + (signed ? 1 : 0) };
}

/** A5.3.1 and A5.3.11: both have operation, S, Rn and Rd in the same places. */
function dataProcessing(hw1: number, hw2: number, b: Operand): Body {
  if ((hw1 & 0x1f0) === 0x0c0 && hw1 >>> 9 === 0x75) return pack(hw1, hw2, b);
  let fn = ALU[(hw1 >>> 5) & 15] ?? undefinedIn("data-processing operation");
  const flags = (hw1 & 16) !== 0;
  let rn = hw1 & 15;
  let rd = (hw2 >>> 8) & 15;
  if (b.kind === "reg") plain(b.reg);
  if (rn === PC && (fn === "orr" || fn === "orn")) {
    fn = fn === "orr" ? "mov" : "mvn";
    rn = -1;
  }
  if (rd === PC && flags && COMPARES.includes(fn)) rd = -1;
  const stack = rn === SP && (fn === "add" || fn === "sub");
  const little = b.kind === "imm" || (b.shift === "lsl" && b.by <= 3);
  if (stack && rd === SP && !little) undefinedIn("SP arithmetic");
  if (!stack) plain(rn, rd);
  if (rn === PC || rd === PC) undefinedIn("PC in arithmetic");
  return { op: "alu", fn, rd, rn, b, flags };
}

/** A5.3.3: plain binary immediates and bit fields. */
function plainImmediate(hw1: number, hw2: number, address: number): Body {
  const rn = hw1 & 15;
  const rd = (hw2 >>> 8) & 15;
  const twelve = ((hw1 << 1) & 0x800) | ((hw2 >>> 4) & 0x700) | (hw2 & 255);
  const sixteen = (rn << 12) | twelve;
  const lsb = ((hw2 >>> 10) & 28) | ((hw2 >>> 6) & 3);
  const low = hw2 & 31;
  const kind = (hw1 >>> 4) & 31;
  if (kind >= 16 && (hw1 & 0x400 || hw2 & 0x20)) undefinedIn("bit field with reserved bits set");
  if (!((kind === 0 || kind === 10) && rd === SP)) plain(rd);
  switch (kind) {
    case 0:
    case 10: {
      const fn = kind === 0 ? "add" : "sub";
      if (rn !== PC) {
        if (rd === SP && rn !== SP) undefinedIn("SP from another register");
        return { op: "alu", fn, rd, rn, b: { kind: "imm", value: twelve }, flags: false };
      }
      return { op: "adr", rd, value: ((address + 4) & ~3) + (kind === 0 ? twelve : -twelve) };
    }
    case 4:
      return { op: "alu", fn: "mov", rd, rn: -1, b: { kind: "imm", value: sixteen }, flags: false };
    case 12:
      return { op: "movt", rd, imm: sixteen };
    case 16:
    case 18:
    case 24:
    case 26:
      return saturate(hw1, hw2, lsb);
    case 20:
    case 28:
      plain(rn);
      if (lsb + low + 1 > 32) undefinedIn("bit field past bit 31");
      return { op: "field", fn: kind === 20 ? "sbfx" : "ubfx", rd, rn, lsb, width: low + 1 };
    case 22:
      if (low < lsb || rn === SP) undefinedIn("bit field insert");
      return { op: "field", fn: rn === PC ? "bfc" : "bfi", rd, rn, lsb, width: low - lsb + 1 };
    default:
      return undefinedIn("plain immediate operation");
  }
}

/** A5.3.4: branches; system instructions are in system32.ts. */
function branch(hw1: number, hw2: number, address: number): Body & { when?: number } {
  const s = (hw1 >>> 10) & 1;
  const j1 = (hw2 >>> 13) & 1;
  const j2 = (hw2 >>> 11) & 1;
  const low = hw2 & 0x7ff;
  if ((hw2 & 0x5000) === 0) {
    const when = (hw1 >>> 6) & 15;
    if (when >= ALWAYS) {
      return system(hw1, hw2);
    }
    const offset = (s << 19) | (j2 << 18) | (j1 << 17) | ((hw1 & 63) << 11) | low;
    return { op: "b", target: address + 4 + signExtend(offset, 20) * 2, when };
  }
  if ((hw2 & 0x1000) === 0) undefinedIn("change to ARM state");
  const i1 = ~(j1 ^ s) & 1;
  const i2 = ~(j2 ^ s) & 1;
  const offset = (s << 23) | (i1 << 22) | (i2 << 21) | ((hw1 & 0x3ff) << 11) | low;
  const target = address + 4 + signExtend(offset, 24) * 2;
  return { op: hw2 & 0x4000 ? "bl" : "b", target };
}

const EXTENDS: readonly (UnaryOp | undefined)[] = [
  "sxth",
  "uxth",
  undefined,
  undefined,
  "sxtb",
  "uxtb",
];
const REVERSALS: readonly UnaryOp[] = ["rev", "rev16", "rbit", "revsh"];

/** A5.3.12 .. A5.3.15: register shifts, extensions, reversals, CLZ. */
function registerOnly(hw1: number, hw2: number): Body {
  const rn = hw1 & 15;
  const rd = (hw2 >>> 8) & 15;
  const rm = hw2 & 15;
  plain(rd, rm);
  if (hw2 >>> 12 !== 15) undefinedIn("register operation");
  if ((hw1 & 0x80) === 0) {
    if ((hw2 & 0xf0) === 0) {
      plain(rn);
      const fn = SHIFTS[(hw1 >>> 5) & 3] as Shift;
      return { op: "shift", fn, rd, rn, rm, flags: (hw1 & 16) !== 0 };
    }
    const which = (hw1 >>> 4) & 7;
    if ((hw2 & 0xc0) !== 0x80 || which > 5 || rn === SP) undefinedIn("extension");
    const rotate = ((hw2 >>> 4) & 3) * 8;
    const rest = { rd, rm, rotate, rn: rn === PC ? -1 : rn };
    const fn = EXTENDS[which];
    return fn ? { op: "unary", fn, ...rest } : { op: "extend16", signed: which === 2, ...rest };
  }
  if (!(hw2 & 0x80)) return parallel(hw1, hw2);
  if (hw2 & 0x40 || hw1 & 0x40) undefinedIn("register operation");
  if (!(hw1 & 0x10)) return saturating(hw1, hw2);
  if (rn !== rm) undefinedIn("register operation");
  const kind = (hw1 >>> 4) & 15;
  const which = (hw2 >>> 4) & 3;
  if (kind === 9) {
    return { op: "unary", fn: REVERSALS[which] as UnaryOp, rd, rm, rotate: 0, rn: -1 };
  }
  if (kind === 11 && which === 0) return { op: "unary", fn: "clz", rd, rm, rotate: 0, rn: -1 };
  return undefinedIn("register operation");
}

export function decode32(hw1: number, hw2: number, address: number): Body & { when?: number } {
  const major = (hw1 >>> 11) & 3;
  const group = (hw1 >>> 4) & 127;
  if (major === 2) {
    if (hw2 & 0x8000) return branch(hw1, hw2, address);
    if (group & 0x20) return plainImmediate(hw1, hw2, address);
    const twelve = ((hw1 << 1) & 0x800) | ((hw2 >>> 4) & 0x700) | (hw2 & 255);
    return dataProcessing(hw1, hw2, modifiedImmediate(twelve));
  }
  if (group & 0x40) return decodeFloat(hw1, hw2);
  if (major === 1) {
    if (!(group & 0x20)) return decodeMemory(hw1, hw2, address);
    if (hw2 & 0x8000) undefinedIn("data processing");
    return dataProcessing(hw1, hw2, shiftedRegister(hw2));
  }
  if ((group & 0x20) === 0) return decodeMemory(hw1, hw2, address);
  if ((group & 0x10) === 0) return registerOnly(hw1, hw2);
  return multiply(hw1, hw2);
}
