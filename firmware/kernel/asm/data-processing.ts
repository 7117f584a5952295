/**
 * Data processing: arithmetic, logic, moves, comparisons, shifts.
 *
 * Source: ARM DDI 0403, A7.7 and A5.2 (narrow), A5.3 (wide). The narrow encoding is taken whenever
 * it means the same; a method whose name ends in `s` sets the flags, one without never does.
 */

import { Encoder, operandText, SHIFT_TYPE, type Late } from "./encoder.js";
import { modifiedImmediate, placeImmediate } from "./immediate.js";
import { halfwords } from "./items.js";
import {
  isLow,
  isRegister,
  pc,
  sp,
  type Operand,
  type Register,
  type ShiftKind,
} from "./registers.js";

/** Operation codes of A5.3.11 (register) and A5.3.1 (immediate): the same numbers. */
// prettier-ignore
const OPERATION = {
  and: 0, bic: 1, orr: 2, orn: 3, eor: 4, add: 8, adc: 10, sbc: 11, sub: 13, rsb: 14,
} as const;

/** Narrow two-register forms (A5.2.2), flag-setting outside IT blocks. */
// prettier-ignore
const NARROW: Partial<Record<keyof typeof OPERATION, number>> = {
  and: 0x4000, eor: 0x4040, adc: 0x4140, sbc: 0x4180, orr: 0x4300, bic: 0x4380,
};

const COMMUTES = new Set(["and", "eor", "adc", "orr", "add"]);

export class DataProcessing extends Encoder {
  and = (d: Register, n: Register, m: Operand) => this.arithmetic("and", false, d, n, m);
  ands = (d: Register, n: Register, m: Operand) => this.arithmetic("and", true, d, n, m);
  bic = (d: Register, n: Register, m: Operand) => this.arithmetic("bic", false, d, n, m);
  orr = (d: Register, n: Register, m: Operand) => this.arithmetic("orr", false, d, n, m);
  orrs = (d: Register, n: Register, m: Operand) => this.arithmetic("orr", true, d, n, m);
  orn = (d: Register, n: Register, m: Operand) => this.arithmetic("orn", false, d, n, m);
  eor = (d: Register, n: Register, m: Operand) => this.arithmetic("eor", false, d, n, m);
  eors = (d: Register, n: Register, m: Operand) => this.arithmetic("eor", true, d, n, m);
  add = (d: Register, n: Register, m: Operand) => this.arithmetic("add", false, d, n, m);
  adds = (d: Register, n: Register, m: Operand) => this.arithmetic("add", true, d, n, m);
  adc = (d: Register, n: Register, m: Operand) => this.arithmetic("adc", false, d, n, m);
  adcs = (d: Register, n: Register, m: Operand) => this.arithmetic("adc", true, d, n, m);
  sub = (d: Register, n: Register, m: Operand) => this.arithmetic("sub", false, d, n, m);
  subs = (d: Register, n: Register, m: Operand) => this.arithmetic("sub", true, d, n, m);
  sbc = (d: Register, n: Register, m: Operand) => this.arithmetic("sbc", false, d, n, m);
  sbcs = (d: Register, n: Register, m: Operand) => this.arithmetic("sbc", true, d, n, m);
  rsb = (d: Register, n: Register, m: Operand) => this.arithmetic("rsb", false, d, n, m);
  rsbs = (d: Register, n: Register, m: Operand) => this.arithmetic("rsb", true, d, n, m);

  private arithmetic(
    name: keyof typeof OPERATION,
    flags: boolean,
    d: Register,
    n: Register,
    m: Operand,
  ): void {
    const text = `${name}${flags ? "s" : ""} ${d.name}, ${n.name}, ${operandText(m)}`;
    if (d === sp && n === sp) {
      if (typeof m !== "number" && !isRegister(m)) this.fail(text, "stack pointer by a constant");
      if (typeof m === "number") this.moveStack(name === "sub" ? m : name === "add" ? -m : 0);
    } else if (d === sp || d === pc || n === pc) this.fail(text, `${d.name} can't be the result`);
    const narrow = this.narrowArithmetic(name, flags, d, n, m);
    if (narrow !== undefined) return this.code(text, narrow);
    if (typeof m !== "number") {
      const shift = isRegister(m) ? { register: m, shift: "lsl" as const, amount: 0 } : m;
      if (shift.register === sp || shift.register === pc) this.fail(text, "no such operand");
      const base = 0xea00 | (OPERATION[name] << 5) | (+flags << 4) | n.index;
      return this.code(text, base, (d.index << 8) | this.shiftField(text, shift));
    }
    const field = modifiedImmediate(m);
    if (field !== undefined) {
      const [high, low] = placeImmediate(field);
      const base = 0xf000 | (OPERATION[name] << 5) | (+flags << 4) | n.index;
      return this.code(text, base | high, low | (d.index << 8));
    }
    if ((name === "add" || name === "sub") && !flags && m >= 0 && m < 4096) {
      const [high, low] = placeImmediate(m); // T4, plain 12 bits
      const base = (name === "add" ? 0xf200 : 0xf2a0) | n.index;
      const wide = `${name}w ${d.name}, ${n.name}, #${m}`;
      return this.code(wide, base | high, low | (d.index << 8));
    }
    this.fail(text, `constant ${m} has no encoding`);
  }

  private narrowArithmetic(
    name: keyof typeof OPERATION,
    flags: boolean,
    d: Register,
    n: Register,
    m: Operand,
  ): number | undefined {
    const low = isLow(d) && isLow(n);
    if (typeof m === "number") {
      if (name === "add" || name === "sub") {
        const word = m >= 0 && (m & 3) === 0;
        if (d === sp && n === sp && word && m < 512 && !flags) {
          return (name === "add" ? 0xb000 : 0xb080) | (m >> 2);
        }
        if (name === "add" && n === sp && isLow(d) && word && m < 1024 && !flags) {
          return 0xa800 | (d.index << 8) | (m >> 2);
        }
        if (!low || !flags || m < 0) return undefined;
        if (d === n && m < 256) return (name === "add" ? 0x3000 : 0x3800) | (d.index << 8) | m;
        if (m < 8) return (name === "add" ? 0x1c00 : 0x1e00) | (m << 6) | (n.index << 3) | d.index;
      }
      if (name === "rsb" && m === 0 && low && flags) return 0x4240 | (n.index << 3) | d.index;
      return undefined;
    }
    if (!isRegister(m)) return undefined;
    if (name === "add" && !flags) {
      if (d === n && m !== pc) return addHigh(d, m);
      if (d === m) return addHigh(d, n);
      return undefined;
    }
    if (!flags || !low || !isLow(m)) return undefined;
    if (name === "add" || name === "sub") {
      return (name === "add" ? 0x1800 : 0x1a00) | (m.index << 6) | (n.index << 3) | d.index;
    }
    const code = NARROW[name];
    if (code === undefined) return undefined;
    if (d === n) return code | (m.index << 3) | d.index;
    if (d === m && COMMUTES.has(name)) return code | (n.index << 3) | d.index;
    return undefined;
  }

  mov = (d: Register, m: Operand) => this.move("mov", false, d, m);
  movs = (d: Register, m: Operand) => this.move("mov", true, d, m);
  mvn = (d: Register, m: Operand) => this.move("mvn", false, d, m);
  mvns = (d: Register, m: Operand) => this.move("mvn", true, d, m);

  private move(name: "mov" | "mvn", flags: boolean, d: Register, m: Operand): void {
    const text = `${name}${flags ? "s" : ""} ${d.name}, ${operandText(m)}`;
    if (d === sp || d === pc) this.fail(text, `${d.name} can't be the result`);
    const operation = name === "mov" ? OPERATION.orr : OPERATION.orn;
    if (typeof m === "number") {
      if (name === "mov" && flags && isLow(d) && m >= 0 && m < 256) {
        return this.code(text, 0x2000 | (d.index << 8) | m);
      }
      const field = modifiedImmediate(m);
      if (field === undefined) {
        if (name === "mov" && !flags && m >= 0 && m < 65536) return this.movw(d, m);
        this.fail(text, `constant ${m} has no encoding`);
      }
      const [high, low] = placeImmediate(field);
      const base = 0xf000 | (operation << 5) | (+flags << 4) | 15;
      return this.code(text, base | high, low | (d.index << 8));
    }
    if (isRegister(m)) {
      if (name === "mov" && !flags) {
        return this.code(text, 0x4600 | ((d.index >> 3) << 7) | (m.index << 3) | (d.index & 7));
      }
      if (flags && isLow(d) && isLow(m)) {
        return this.code(text, (name === "mov" ? 0 : 0x43c0) | (m.index << 3) | d.index);
      }
    } else if (name === "mov") {
      return this.shiftBy(m.shift, flags, d, m.register, m.amount);
    }
    const shift = isRegister(m) ? { register: m, shift: "lsl" as const, amount: 0 } : m;
    const base = 0xea00 | (operation << 5) | (+flags << 4) | 15;
    this.code(text, base, (d.index << 8) | this.shiftField(text, shift));
  }

  /** A 16-bit constant; the value may be one known later. */
  movw(d: Register, value: number | Late): void {
    const get = typeof value === "number" ? () => value : value;
    const text = () => `movw ${d.name}, #${get()}`;
    const encode = () => {
      const v = get();
      if (!Number.isInteger(v) || v < 0 || v > 0xffff) this.fail(text(), "not 16 bits");
      const [high, low] = placeImmediate(v & 0xfff);
      return halfwords(0xf240 | high | (v >> 12), low | (d.index << 8));
    };
    this.push(4, text, encode);
  }

  movt(d: Register, value: number): void {
    const text = `movt ${d.name}, #${value}`;
    if (!Number.isInteger(value) || value < 0 || value > 0xffff) this.fail(text, "not 16 bits");
    const [high, low] = placeImmediate(value & 0xfff);
    this.code(text, 0xf2c0 | high | (value >> 12), low | (d.index << 8));
  }

  /** Any 32-bit constant, in one or two instructions. */
  constant(d: Register, value: number): void {
    const word = value >>> 0;
    if (modifiedImmediate(word) !== undefined) return this.mov(d, word);
    if (modifiedImmediate(~word) !== undefined) return this.mvn(d, ~word >>> 0);
    this.movw(d, word & 0xffff);
    if (word >>> 16) this.movt(d, word >>> 16);
  }

  cmp(n: Register, m: Operand): void {
    const text = `cmp ${n.name}, ${operandText(m)}`;
    if (typeof m === "number" && isLow(n) && m >= 0 && m < 256) {
      return this.code(text, 0x2800 | (n.index << 8) | m);
    }
    if (isRegister(m)) {
      if (isLow(n) && isLow(m)) return this.code(text, 0x4280 | (m.index << 3) | n.index);
      const high = 0x4500 | ((n.index >> 3) << 7) | (m.index << 3) | (n.index & 7);
      return this.code(text, high);
    }
    this.compare(text, OPERATION.sub, n, m);
  }

  tst(n: Register, m: Operand): void {
    const text = `tst ${n.name}, ${operandText(m)}`;
    if (isRegister(m) && isLow(n) && isLow(m)) {
      return this.code(text, 0x4200 | (m.index << 3) | n.index);
    }
    this.compare(text, OPERATION.and, n, m);
  }

  private compare(text: string, operation: number, n: Register, m: Operand): void {
    const base = (operation << 5) | 0x10 | n.index;
    if (typeof m === "number") {
      const field = modifiedImmediate(m);
      if (field === undefined) this.fail(text, `constant ${m} has no encoding`);
      const [high, low] = placeImmediate(field);
      return this.code(text, 0xf000 | base | high, low | 0xf00);
    }
    const shift = isRegister(m) ? { register: m, shift: "lsl" as const, amount: 0 } : m;
    this.code(text, 0xea00 | base, 0xf00 | this.shiftField(text, shift));
  }

  lsl = (d: Register, n: Register, by: number | Register) => this.shiftBy("lsl", false, d, n, by);
  lsls = (d: Register, n: Register, by: number | Register) => this.shiftBy("lsl", true, d, n, by);
  lsr = (d: Register, n: Register, by: number | Register) => this.shiftBy("lsr", false, d, n, by);
  lsrs = (d: Register, n: Register, by: number | Register) => this.shiftBy("lsr", true, d, n, by);
  asr = (d: Register, n: Register, by: number | Register) => this.shiftBy("asr", false, d, n, by);
  asrs = (d: Register, n: Register, by: number | Register) => this.shiftBy("asr", true, d, n, by);
  ror = (d: Register, n: Register, by: number | Register) => this.shiftBy("ror", false, d, n, by);

  /** d = carry flag : n without its lowest bit, which becomes the carry flag. */
  rrxs(d: Register, n: Register): void {
    this.code(`rrxs ${d.name}, ${n.name}`, 0xea5f, (d.index << 8) | 0x30 | n.index);
  }

  private shiftBy(
    shift: ShiftKind,
    flags: boolean,
    d: Register,
    n: Register,
    by: number | Register,
  ): void {
    const text = `${shift}${flags ? "s" : ""} ${d.name}, ${n.name}, ${operandText(by)}`;
    const type = SHIFT_TYPE[shift];
    if (typeof by === "number") {
      const field = this.shiftField(text, { register: n, shift, amount: by });
      if (flags && isLow(d) && isLow(n) && shift !== "ror") {
        return this.code(text, (type << 11) | ((by & 31) << 6) | (n.index << 3) | d.index);
      }
      return this.code(text, 0xea4f | (+flags << 4), (d.index << 8) | field);
    }
    if (flags && d === n && isLow(d) && isLow(by)) {
      const code = [0x4080, 0x40c0, 0x4100, 0x41c0][type] as number;
      return this.code(text, code | (by.index << 3) | d.index);
    }
    const base = 0xfa00 | (type << 5) | (+flags << 4) | n.index;
    this.code(text, base, 0xf000 | (d.index << 8) | by.index);
  }
}

function addHigh(d: Register, m: Register): number {
  return 0x4400 | ((d.index >> 3) << 7) | (m.index << 3) | (d.index & 7);
}
