/**
 * Decodes 32-bit Thumb loads and stores (DDI 0403E, A5.3.5 .. A5.3.10).
 * Unprivileged forms are the plain ones: nothing here has a protection unit. No store relative to
 * the program counter.
 */

import { PC, SP, UndefinedInstruction } from "./instruction.js";
import type { Body, Width } from "./instruction.js";
import { exclusive } from "./system32.js";
import { registerList } from "./thumb16.js";

function undefinedIn(what: string): never {
  throw new UndefinedInstruction(what);
}

/** A5.3.5: LDM, STM, PUSH, POP. */
function multiple(hw1: number, hw2: number): Body {
  const rn = hw1 & 15;
  const load = (hw1 & 16) !== 0;
  const writeback = (hw1 & 32) !== 0;
  const kind = (hw1 >>> 7) & 3;
  const list = registerList(hw2);
  if (kind === 0 || kind === 3) undefinedIn("system instruction");
  if (rn === PC || list.length < 2 || list.includes(SP)) undefinedIn("register list");
  if (!load && list.includes(PC)) undefinedIn("store of the program counter");
  if (load && list.includes(PC) && list.includes(14)) undefinedIn("load of LR and PC");
  if (writeback && list.includes(rn)) undefinedIn("a list with its own changing base");
  return { op: "multiple", load, rn, list, before: kind === 2, writeback };
}

/** A5.3.6: LDRD, STRD, TBB, TBH. */
function dual(hw1: number, hw2: number): Body {
  const rn = hw1 & 15;
  const load = (hw1 & 16) !== 0;
  const writeback = (hw1 & 32) !== 0;
  const index = (hw1 & 256) !== 0;
  const rt = hw2 >>> 12;
  const rt2 = (hw2 >>> 8) & 15;
  if (!index && !writeback) {
    const rm = hw2 & 15;
    if ((hw1 & 0xfff0) !== 0xe8d0 || (hw2 & 0xffe0) !== 0xf000) return exclusive(hw1, hw2);
    if (rn === SP || rm === SP || rm === PC) undefinedIn("table branch");
    return { op: "tb", rn, rm, half: (hw2 & 16) !== 0 };
  }
  const bad = [rt, rt2].some((r) => r === SP || r === PC) || (load && rt === rt2);
  if (bad || (writeback && (rn === rt || rn === rt2 || rn === PC))) undefinedIn("dual access");
  const offset = (hw2 & 255) * 4 * (hw1 & 128 ? 1 : -1);
  if (rn === PC && !load) undefinedIn("store relative to the program counter");
  return { op: "dual", load, rt, rt2, rn, offset, index, writeback };
}

/** PLD, PLI and the hints beside them: they do nothing. */
function preload(hw1: number, hw2: number): Body {
  const literal = (hw1 & 15) === PC;
  const form = hw2 & 0xfc0;
  if (!literal && !(hw1 & 128) && form !== 0 && (hw2 & 0xf00) !== 0xc00) undefinedIn("preload");
  return { op: "preload" };
}

/** A5.3.7 .. A5.3.10: one register. */
function single(hw1: number, hw2: number, address: number): Body {
  const rn = hw1 & 15;
  const rt = hw2 >>> 12;
  const load = (hw1 & 16) !== 0;
  const signed = (hw1 & 256) !== 0;
  const width = ([1, 2, 4, 0] as const)[(hw1 >>> 5) & 3] as Width | 0;
  if (width === 0 || (signed && (!load || width === 4))) undefinedIn("load or store");
  if (rt === PC && load && width !== 4) return preload(hw1, hw2);
  if (rt === PC && !load) undefinedIn("PC in a store");
  if (rt === SP && width !== 4) undefinedIn("SP in a narrow access");
  if (rn === PC) {
    if (!load) undefinedIn("PC-relative access");
    const at = ((address + 4) & ~3) + (hw1 & 128 ? hw2 & 0xfff : -(hw2 & 0xfff));
    return { op: "literal", width, signed, rt, from: at };
  }
  const op = load ? "load" : "store";
  const common = { width, signed, rt, rn } as const;
  if (hw1 & 128) {
    const offset = { kind: "imm", value: hw2 & 0xfff } as const;
    return { op, ...common, offset, add: true, index: true, writeback: false };
  }
  if (hw2 & 0x800) {
    const index = (hw2 & 0x400) !== 0;
    const add = (hw2 & 0x200) !== 0;
    const writeback = (hw2 & 0x100) !== 0;
    if (!index && !writeback) undefinedIn("load or store");
    if (writeback && rt === rn) undefinedIn("writeback over the loaded register");
    const offset = { kind: "imm", value: hw2 & 255 } as const;
    return { op, ...common, offset, add, index, writeback };
  }
  const rm = hw2 & 15;
  if ((hw2 & 0xfc0) !== 0 || rm === SP || rm === PC) undefinedIn("register offset");
  const offset = { kind: "reg", reg: rm, shift: "lsl", by: (hw2 >>> 4) & 3 } as const;
  return { op, ...common, offset, add: true, index: true, writeback: false };
}

export function decodeMemory(hw1: number, hw2: number, address: number): Body {
  if (((hw1 >>> 11) & 3) === 3) return single(hw1, hw2, address);
  return hw1 & 64 ? dual(hw1, hw2) : multiple(hw1, hw2);
}
