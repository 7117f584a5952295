/**
 * JavaScript for instructions that don't touch memory. A register is an int32 local r0..r14, a
 * flag an int32 local: q (N and Z: the sign of q, q = 0), c and v (0 or 1).
 *
 * 64-bit products: the low word is Math.imul; the high word is the double-precision product minus
 * that low word, over 2^32. Rounding leaves an error below 2^-18 of a unit, and the exact value is
 * a whole number, so adding 1/2 and truncating gives it exactly.
 */

import { C, NZ, V, isAdditive } from "../decode/flags.js";
import type { Of, Operand, Shift } from "../decode/instruction.js";

/** Names the locals and notes which are used. */
export interface Registers {
  get(register: number): string;
  /** An assignment's left side. */
  set(register: number): string;
}

interface Shifted {
  readonly value: string;
  /** The carry out, if the operand has one. */
  readonly carry?: string;
}

/** A register shifted by a constant (A7.4.2). */
function shifted(r: string, shift: Shift, by: number): Shifted {
  if (shift === "rrx") return { value: `(c<<31|${r}>>>1)`, carry: `${r}&1` };
  if (by === 0) return { value: r };
  switch (shift) {
    case "lsl":
      return { value: `(${r}<<${by})`, carry: `${r}>>>${32 - by}&1` };
    case "lsr":
      if (by === 32) return { value: "0", carry: `${r}>>>31` };
      return { value: `(${r}>>>${by}|0)`, carry: `${r}>>>${by - 1}&1` };
    case "asr":
      if (by === 32) return { value: `(${r}>>31)`, carry: `${r}>>>31` };
      return { value: `(${r}>>${by})`, carry: `${r}>>>${by - 1}&1` };
    case "ror":
      return { value: `(${r}>>>${by}|${r}<<${32 - by})`, carry: `${r}>>>${by - 1}&1` };
  }
}

export function operand(regs: Registers, b: Operand): Shifted {
  if (b.kind === "reg") return shifted(regs.get(b.reg), b.shift, b.by);
  const value = `(${b.value | 0})`;
  return b.carry === undefined ? { value } : { value, carry: String(b.carry) };
}

const LOGIC: Readonly<Record<string, string>> = {
  and: "x&y",
  bic: "x&~y",
  orr: "x|y",
  orn: "x|~y",
  eor: "x^y",
  mov: "y",
  mvn: "~y",
};

/** Sum and carry of x + y + carry-in, with y inverted for the subtractions. */
function additive(fn: string, need: number): string {
  const y = fn === "add" || fn === "adc" ? "y" : "~y";
  const sum = { add: "x+y", adc: "x+y+c", sub: "x-y", rsb: "x-y", sbc: "x-y-1+c" }[fn];
  let code = `t=${sum}|0;`;
  if (need & NZ) code += "q=t;";
  if (need & V) code += `v=(x^t)&(${y}^t);v=v>>>31;`;
  if (need & C) code += `c=(x&${y}|(x|${y})&~t)>>>31;`;
  return code;
}

export function emitAlu(i: Of<"alu">, regs: Registers, need: number): string {
  const b = operand(regs, i.b);
  const a = i.rn >= 0 ? regs.get(i.rn) : "0";
  const store = i.rd >= 0 ? `${regs.set(i.rd)}=t;` : "";
  if (isAdditive(i.fn)) {
    const [x, y] = i.fn === "rsb" ? [b.value, a] : [a, b.value];
    return `x=${x};y=${y};${additive(i.fn, need)}${store}`;
  }
  let code = `x=${a};y=${b.value};t=${LOGIC[i.fn]};`;
  if (need & C && b.carry !== undefined) code += `c=${b.carry};`;
  if (need & NZ) code += "q=t;";
  return code + store;
}

const BY_REGISTER: Readonly<Record<Shift, readonly [value: string, carry: string]>> = {
  lsl: ["y<32?x<<y:0", "y<33?x>>>32-y&1:0"],
  lsr: ["y<32?x>>>y|0:0", "y<33?x>>>y-1&1:0"],
  asr: ["x>>(y<32?y:31)", "y<32?x>>>y-1&1:x>>>31"],
  ror: ["x>>>(y&31)|x<<(-y&31)", "t>>>31"],
  rrx: ["", ""],
};

export function emitShift(i: Of<"shift">, regs: Registers, need: number): string {
  const [value, carry] = BY_REGISTER[i.fn];
  let code = `x=${regs.get(i.rn)};y=${regs.get(i.rm)}&255;t=${value};`;
  if (need & C) code += `if(y)c=${carry};`;
  if (need & NZ) code += "q=t;";
  return `${code}${regs.set(i.rd)}=t;`;
}

export function emitMultiply(i: Of<"mul"> | Of<"mla">, regs: Registers, need: number): string {
  const product = `Math.imul(${regs.get(i.rn)},${regs.get(i.rm)})`;
  if (i.op === "mul") {
    return `${regs.set(i.rd)}=${product};` + (need & NZ ? `q=${regs.get(i.rd)};` : "");
  }
  return `${regs.set(i.rd)}=${regs.get(i.ra)}${i.subtract ? "-" : "+"}${product}|0;`;
}

const HIGH = "*2.3283064365386963e-10+0.5";

export function emitLong(i: Of<"long">, regs: Registers): string {
  const [n, m] = [regs.get(i.rn), regs.get(i.rm)];
  const signed = i.fn === "smull" || i.fn === "smlal";
  const setLow = regs.set(i.lo);
  const setHigh = regs.set(i.hi);
  let code = `t=Math.imul(${n},${m});`;
  code += signed ? `f=${n}*${m};` : `f=(${n}>>>0)*(${m}>>>0);`;
  let high = "";
  if (i.fn === "umaal") {
    code += `f+=(${regs.get(i.lo)}>>>0)+(${regs.get(i.hi)}>>>0);`;
    code += `t=t+${regs.get(i.lo)}+${regs.get(i.hi)}|0;`;
  } else if (i.fn === "umlal" || i.fn === "smlal") {
    code += `f+=${regs.get(i.lo)}>>>0;t=t+${regs.get(i.lo)}|0;`;
    high = `${regs.get(i.hi)}+`;
  }
  const quotient = `(f-(t>>>0))${HIGH}`;
  const whole = signed ? `(Math.floor(${quotient})|0)` : `(${quotient}>>>0)`;
  return `${code}${setHigh}=${high}${whole}|0;${setLow}=t;`;
}

const UNARY: Readonly<Record<string, string>> = {
  rev: "x<<24|(x&65280)<<8|x>>>8&65280|x>>>24",
  rev16: "(x&16711935)<<8|x>>>8&16711935",
  revsh: "x<<24>>16|x>>>8&255",
  clz: "Math.clz32(x)",
  sxtb: "x<<24>>24",
  sxth: "x<<16>>16",
  uxtb: "x&255",
  uxth: "x&65535",
};

const REVERSE_BITS =
  "t=x>>>1&0x55555555|(x&0x55555555)<<1;t=t>>>2&0x33333333|(t&0x33333333)<<2;" +
  "t=t>>>4&0xf0f0f0f|(t&0xf0f0f0f)<<4;t=t>>>8&0xff00ff|(t&0xff00ff)<<8;t=t>>>16|t<<16;";

export function emitUnary(i: Of<"unary">, regs: Registers): string {
  const x = shifted(regs.get(i.rm), "ror", i.rotate).value;
  const compute = i.fn === "rbit" ? REVERSE_BITS : `t=${UNARY[i.fn]};`;
  const add = i.rn >= 0 ? `t=t+${regs.get(i.rn)}|0;` : "";
  return `x=${x};${compute}${add}${regs.set(i.rd)}=t;`;
}

export function emitField(i: Of<"field">, regs: Registers): string {
  const mask = i.width === 32 ? -1 : (2 ** i.width - 1) | 0;
  const rd = regs.set(i.rd);
  switch (i.fn) {
    case "ubfx":
      return `${rd}=${regs.get(i.rn)}>>>${i.lsb}&${mask};`;
    case "sbfx":
      return `${rd}=${regs.get(i.rn)}<<${32 - i.lsb - i.width}>>${32 - i.width};`;
    case "bfc":
      return `${rd}=${regs.get(i.rd)}&${~(mask << i.lsb)};`;
    case "bfi": {
      const inserted = `(${regs.get(i.rn)}&${mask})<<${i.lsb}`;
      return `${rd}=${regs.get(i.rd)}&${~(mask << i.lsb)}|${inserted};`;
    }
  }
}
