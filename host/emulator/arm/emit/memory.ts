/**
 * JavaScript for loads and stores. The stack's region is looked at first and in line (most of a
 * kernel's accesses are to its scratch), everything else goes through functions that know all
 * regions and trap. Locals: a = address, k = index into the stack's arrays.
 */

import { operand } from "./alu.js";
import type { Registers } from "./alu.js";
import { PC, SP } from "../decode/instruction.js";
import type { Of, Width } from "../decode/instruction.js";

export interface MemoryStyle {
  readonly regs: Registers;
  /** Calls the tracer at every access and at every change of the stack pointer. */
  readonly measured: boolean;
}

/** Sets k to the stack index of `width` bytes at a; unsigned too big when outside or unaligned. */
const INDEX: Readonly<Record<Width, string>> = {
  1: "k=a-B|0;",
  2: "k=a-B|0;k=k>>>1|k<<31;",
  4: "k=a-B|0;k=k>>>2|k<<30;",
};

function extended(value: string, width: Width, signed: boolean): string {
  if (!signed) return value;
  const by = 32 - width * 8;
  return `(${value})<<${by}>>${by}`;
}

function loadOne(style: MemoryStyle, width: Width, signed: boolean, to: string, at: number) {
  const slow = `L${width}(a,${at})`;
  if (style.measured)
    return `A(a,${style.regs.get(SP)},${at});${to}=${extended(slow, width, signed)};`;
  const either = `k>>>0<N${width}?M${width}[k]:${slow}`;
  return `${INDEX[width]}${to}=${extended(either, width, signed)};`;
}

function storeOne(style: MemoryStyle, width: Width, value: string, at: number): string {
  const slow = `S${width}(a,${value},${at});`;
  if (style.measured) return `A(a,${style.regs.get(SP)},${at});${slow}`;
  return `${INDEX[width]}if(k>>>0<N${width})M${width}[k]=${value};else ${slow}`;
}

/** After a change of rn: the tracer follows the stack pointer. */
function moved(style: MemoryStyle, rn: number): string {
  return style.measured && rn === SP ? `P(${style.regs.get(SP)});` : "";
}

export function emitSingle(i: Of<"load"> | Of<"store">, style: MemoryStyle): string {
  const { regs } = style;
  const offset = operand(regs, i.offset).value;
  const base = regs.get(i.rn);
  const sum = offset === "(0)" ? base : `${base}${i.add ? "+" : "-"}${offset}|0`;
  let code = `a=${i.index ? sum : base};`;
  if (i.index && i.writeback) code += `${regs.set(i.rn)}=a;${moved(style, i.rn)}`;
  if (i.op === "store") {
    code += storeOne(style, i.width, regs.get(i.rt), i.address);
  } else if (i.rt === PC) {
    code += `${loadOne(style, i.width, false, "n", i.address)}n=J(n,${i.address});`;
  } else {
    code += loadOne(style, i.width, i.signed, regs.set(i.rt), i.address);
  }
  if (!i.index && i.writeback) code += `${regs.set(i.rn)}=${sum};${moved(style, i.rn)}`;
  return code;
}

export function emitLiteral(i: Of<"literal">, style: MemoryStyle): string {
  const value = extended(`L${i.width}(${i.from},${i.address})`, i.width, i.signed);
  return `${style.regs.set(i.rt)}=${value};`;
}

/** Consecutive words from a; `each` handles one register. */
function words(
  style: MemoryStyle,
  count: number,
  address: number,
  fast: (index: number, element: string) => string,
  slow: (index: number, at: string) => string,
): string {
  const range = Array.from({ length: count }, (_, n) => n);
  const plus = (n: number): string => (n ? `a+${4 * n}|0` : "a");
  if (style.measured) {
    const sp = style.regs.get(SP);
    const traced = range.map((n) => `A(${plus(n)},${sp},${address});`).join("");
    return traced + range.map((n) => slow(n, plus(n))).join("");
  }
  const quick = range.map((n) => fast(n, n ? `M4[k+${n}]` : "M4[k]")).join("");
  const careful = range.map((n) => slow(n, plus(n))).join("");
  return `${INDEX[4]}if(k>>>0<N4-${count - 1}){${quick}}else{${careful}}`;
}

function transfer(style: MemoryStyle, list: readonly number[], load: boolean, at: number): string {
  const { regs } = style;
  if (!load) {
    const value = (n: number): string => regs.get(list[n] as number);
    return words(
      style,
      list.length,
      at,
      (n, element) => `${element}=${value(n)};`,
      (n, address) => `S4(${address},${value(n)},${at});`,
    );
  }
  const target = (n: number): string => (list[n] === PC ? "n" : regs.set(list[n] as number));
  const code = words(
    style,
    list.length,
    at,
    (n, element) => `${target(n)}=${element};`,
    (n, address) => `${target(n)}=L4(${address},${at});`,
  );
  return list.includes(PC) ? `${code}n=J(n,${at});` : code;
}

export function emitDual(i: Of<"dual">, style: MemoryStyle): string {
  const { regs } = style;
  const base = regs.get(i.rn);
  const sum = `${base}+(${i.offset})|0`;
  let code = `a=${i.index ? sum : base};`;
  if (i.index && i.writeback) code += `${regs.set(i.rn)}=a;${moved(style, i.rn)}`;
  code += transfer(style, [i.rt, i.rt2], i.load, i.address);
  if (!i.index && i.writeback) code += `${regs.set(i.rn)}=${sum};${moved(style, i.rn)}`;
  return code;
}

export function emitMultiple(i: Of<"multiple">, style: MemoryStyle): string {
  const { regs } = style;
  const bytes = 4 * i.list.length;
  let code = `a=${regs.get(i.rn)}${i.before ? `-${bytes}|0` : ""};`;
  const update = (value: string): string =>
    i.writeback ? `${regs.set(i.rn)}=${value};${moved(style, i.rn)}` : "";
  if (i.before) code += update("a");
  code += transfer(style, i.list, i.load, i.address);
  if (!i.before) code += update(`a+${bytes}|0`);
  return code;
}
