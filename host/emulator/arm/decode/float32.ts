/** Decodes FPv4-SP: floating point of single precision (DDI 0403E, A6.4 .. A6.7). */

import { NoCoprocessor, PC, SP, UndefinedInstruction } from "./instruction.js";
import type { Body } from "./instruction.js";
import type { FloatOp } from "./extended.js";

function undefinedIn(what: string): never {
  throw new UndefinedInstruction(what);
}

/** A 4-bit field and the bit that extends it: below it for a single, above it for a double. */
const single = (field: number, bit: number): number => ((field & 15) << 1) | (bit & 1);

function double(field: number, bit: number): number {
  if (bit & 1) undefinedIn("a double past d15");
  return (field & 15) * 2;
}

/** A6.4.1: bits 7, 5 and 4 of the first unit, bit 6 of the second. */
const BINARY: Readonly<Record<number, readonly [FloatOp | undefined, FloatOp | undefined]>> = {
  0: ["mla", "mls"],
  1: ["nmls", "nmla"],
  2: ["mul", "nmul"],
  3: ["add", "sub"],
  8: ["div", undefined],
  9: ["fnms", "fnma"],
  10: ["fma", "fms"],
};

/** VFPExpandImm (A6.4.2). */
function expanded(imm8: number): number {
  const sign = (imm8 & 0x80) << 24;
  const exponent = imm8 & 0x40 ? 0x3e000000 : 0x40000000;
  return sign | exponent | ((imm8 & 0x3f) << 19);
}

function other(hw1: number, hw2: number, d: number, m: number): Body {
  const upper = (hw2 & 0x80) !== 0;
  const kind = hw1 & 15;
  if (!(hw2 & 0x40)) {
    if (hw2 & 0xa0) undefinedIn("VMOV immediate");
    return { op: "vimm", d, bits: expanded((kind << 4) | (hw2 & 15)) };
  }
  switch (kind) {
    case 0:
      return { op: "vbits", fn: upper ? "abs" : "mov", d, m };
    case 1:
      if (upper) return { op: "vfp", fn: "sqrt", d, n: m, m };
      return { op: "vbits", fn: "neg", d, m };
    case 2:
    case 3:
      return { op: "vhalf", d, m, to: kind === 3, top: upper };
    case 4:
      return { op: "vcmp", d, m, quiet: !upper };
    case 5:
      if (hw2 & 0x2f) undefinedIn("VCMP with zero");
      return { op: "vcmp", d, m: -1, quiet: !upper };
    case 8:
      return { op: "vfromint", d, m, signed: upper };
    case 10:
    case 11:
    case 14:
    case 15: {
      const width = upper ? 32 : 16;
      const fraction = width - (((hw2 & 15) << 1) | ((hw2 >>> 5) & 1));
      if (fraction < 0) undefinedIn("fixed point");
      return { op: "vfixed", d, to: (kind & 4) !== 0, signed: !(kind & 1), width, fraction };
    }
    case 12:
    case 13:
      return { op: "vtoint", d, m, signed: (kind & 1) !== 0, toZero: upper };
    default:
      return undefinedIn("floating-point operation");
  }
}

function arithmetic(hw1: number, hw2: number): Body {
  if (hw2 & 0x100) undefinedIn("double precision");
  const d = single(hw2 >>> 12, hw1 >>> 6);
  const n = single(hw1, hw2 >>> 7);
  const m = single(hw2, hw2 >>> 5);
  const kind = (hw1 >>> 4) & 11;
  if (kind === 11) return other(hw1, hw2, d, m);
  const fn = BINARY[kind]?.[(hw2 >>> 6) & 1] ?? undefinedIn("floating-point operation");
  return { op: "vfp", fn, d, n, m };
}

/** A6.6: one word between a core register and the unit. */
function transfer(hw1: number, hw2: number): Body {
  const rt = hw2 >>> 12;
  const load = (hw1 & 16) !== 0;
  const kind = (hw1 >>> 5) & 7;
  if (hw2 & 0x6f) undefinedIn("floating-point transfer");
  if (hw2 & 0x100) {
    if (kind > 1 || rt === SP || rt === PC) undefinedIn("transfer of a scalar");
    return { op: "vcore", load, rt, s: double(hw1, hw2 >>> 7) + kind };
  }
  if (kind === 7) {
    if ((hw1 & 15) !== 1 || hw2 & 0x80 || rt === SP) undefinedIn("floating-point system register");
    if (rt === PC && !load) undefinedIn("VMSR from PC");
    return { op: "vsystem", read: load, rt };
  }
  if (kind !== 0 || rt === SP || rt === PC) undefinedIn("floating-point transfer");
  return { op: "vcore", load, rt, s: single(hw1, hw2 >>> 7) };
}

/** A6.7: two words. */
function pair(hw1: number, hw2: number): Body {
  const [rt, rt2, load] = [hw2 >>> 12, hw1 & 15, (hw1 & 16) !== 0];
  const s = hw2 & 0x100 ? double(hw2, hw2 >>> 5) : single(hw2, hw2 >>> 5);
  const bad = [rt, rt2].some((r) => r === SP || r === PC) || (load && rt === rt2) || s === 31;
  if (bad || (hw2 & 0xd0) !== 0x10) undefinedIn("floating-point transfer");
  return { op: "vcore2", load, rt, rt2, s };
}

/** A6.5: VLDR, VSTR, VLDM, VSTM, VPUSH, VPOP. */
function memory(hw1: number, hw2: number): Body {
  const isDouble = (hw2 & 0x100) !== 0;
  const [rn, words] = [hw1 & 15, hw2 & 255];
  const [before, up, wback] = [hw1 & 0x100, hw1 & 0x80, hw1 & 0x20].map((bit) => bit !== 0);
  const load = (hw1 & 16) !== 0;
  const field = hw2 >>> 12;
  const first = isDouble ? double(field, hw1 >>> 6) : single(field, hw1 >>> 6);
  const sign = up ? 1 : -1;
  if (before && !wback) {
    if (!load && rn === PC) undefinedIn("VSTR relative to PC");
    const offset = words * 4 * sign;
    return {
      ...{ op: "vmem", load, rn, offset, first },
      ...{ count: isDouble ? 2 : 1, writeback: undefined },
    };
  }
  if (before === up || (before && !wback) || (rn === PC && wback)) undefinedIn("VLDM or VSTM");
  if (!words || first + words > 32 || (isDouble && words & 1)) undefinedIn("VLDM or VSTM");
  const total = words * 4 * sign;
  return {
    ...{ op: "vmem", load, rn, offset: before ? total : 0, first, count: words },
    writeback: wback ? total : undefined,
  };
}

export function decodeFloat(hw1: number, hw2: number): Body {
  if ((hw1 & 0xf00) === 0xf00) undefinedIn("coprocessor");
  if ((hw2 & 0xe00) !== 0xa00) throw new NoCoprocessor("no such coprocessor");
  if (hw1 & 0x1000) undefinedIn("coprocessor");
  if ((hw1 & 0xf00) === 0xe00) return hw2 & 16 ? transfer(hw1, hw2) : arithmetic(hw1, hw2);
  if ((hw1 & 0xe00) !== 0xc00) undefinedIn("coprocessor");
  if ((hw1 & 0x1e0) === 0x040) return pair(hw1, hw2);
  return memory(hw1, hw2);
}
