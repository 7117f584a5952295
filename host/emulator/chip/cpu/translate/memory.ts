/**
 * JavaScript for loads and stores of core registers. RAM is reached in line, anything else through
 * the port. Registers change only once nothing can fault any more.
 */

import { operand } from "../../../arm/emit/alu.js";
import { PC } from "../../../arm/decode/instruction.js";
import type { Instruction, Of, Width } from "../../../arm/decode/instruction.js";
import { RAM_BASE } from "../../bus.js";
import type { Context } from "./context.js";

const K = `k=a-${RAM_BASE}|0;`;
const READ = { 1: "M[k]", 2: "V.getUint16(k,true)", 4: "V.getInt32(k,true)" } as const;
const WRITE = { 1: "M[k]=", 2: "V.setUint16(k,", 4: "V.setInt32(k," } as const;

function extended(value: string, width: Width, signed: boolean): string {
  if (!signed || width === 4) return value;
  const by = 32 - width * 8;
  return `(${value})<<${by}>>${by}`;
}

/** True inside RAM for `bytes` from k on. */
const inside = (c: Context, bytes: number): string => `k>>>0<=${c.ram - bytes}`;

/** The same for one access, which may have to be aligned. */
function quick(c: Context, width: Width): string {
  return c.strict && width > 1 ? `!(k&${width - 1})&&${inside(c, width)}` : inside(c, width);
}

/** The value at a. */
function loaded(c: Context, width: Width, signed: boolean): string {
  return extended(`${quick(c, width)}?${READ[width]}:L${width}(a,${c.here})`, width, signed);
}

/** What stands behind a store through the port that says the run loop is wanted. */
function attended(c: Context, store: string, after = ""): string {
  if (c.i.it) return `${store};`;
  return `if(${store}){${after}${c.leave(c.next)}}`;
}

function stored(c: Context, width: Width, value: string, after: string): string {
  const fast = `${WRITE[width]}${value}${width === 1 ? "" : ",true)"};`;
  const slow = attended(c, `S${width}(a,${value},${c.here})`, after);
  return `if(${quick(c, width)}){${fast}}else{${slow}}`;
}

export function emitSingle(i: Of<"load"> | Of<"store">, c: Context): string {
  const offset = operand(c, i.offset).value;
  const base = c.get(i.rn);
  const sum = offset === "(0)" ? base : `${base}${i.add ? "+" : "-"}${offset}|0`;
  const back = i.writeback ? `${c.set(i.rn)}=${i.index ? "a" : sum};` : "";
  const address = `a=${i.index ? sum : base};${K}`;
  if (i.op === "store") return `${address}${stored(c, i.width, c.get(i.rt), back)}${back}`;
  const value = loaded(c, i.width, i.signed);
  if (i.rt === PC) return `${address}t=${value};${back}a=t;${c.jump()}`;
  if (!back) return `${address}${c.set(i.rt)}=${value};`;
  return `${address}t=${value};${back}${c.set(i.rt)}=t;`;
}

/** `constant`: what lies there, if that can't change without this code going too. */
export function emitLiteral(i: Of<"literal">, c: Context, constant: number | undefined): string {
  if (i.rt !== PC && constant !== undefined) return `${c.set(i.rt)}=${constant};`;
  const value = `a=${i.from | 0};${K}t=${loaded(c, i.width, i.signed)};`;
  return i.rt === PC ? `${value}a=t;${c.jump()}` : `${value}${c.set(i.rt)}=t;`;
}

/** Words at a into places (left sides), or values into words. `finish`: behind both ways. */
export function words(c: Context, list: readonly string[], load: boolean): string {
  const fast = list.map((place, n) => {
    const at = n ? `k+${4 * n}` : "k";
    return load ? `${place}=V.getInt32(${at},true);` : `V.setInt32(${at},${place},true);`;
  });
  const passed = list.map((place, n) => (load ? `${place}=W[${n}];` : `W[${n}]=${place};`));
  const slow = `${load ? "LM" : "SM"}(a,${list.length},${c.here});`;
  const careful = load ? `${slow}${passed.join("")}` : `${passed.join("")}${slow}`;
  return `${K}if(!(k&3)&&${inside(c, 4 * list.length)}){${fast.join("")}}else{${careful}}`;
}

export function emitDual(i: Of<"dual">, c: Context): string {
  const base = i.rn === PC ? String((i.address + 4) & ~3) : c.get(i.rn);
  const sum = `${base}+(${i.offset})|0`;
  const back = i.writeback ? `${c.set(i.rn)}=${i.index ? "a" : sum};` : "";
  const list = [i.rt, i.rt2];
  const places = list.map((r) => (i.load ? c.set(r) : c.get(r)));
  return `a=${i.index ? sum : base};${words(c, places, i.load)}${back}`;
}

export function emitMultiple(i: Of<"multiple">, c: Context): string {
  const bytes = 4 * i.list.length;
  const base = c.get(i.rn);
  let code = `a=${base}${i.before ? `-${bytes}|0` : ""};`;
  const list = i.list.map((r) => (i.load ? (r === PC ? "t" : c.set(r)) : c.get(r)));
  code += words(c, list, i.load);
  if (i.writeback) code += `${c.set(i.rn)}=a${i.before ? "" : `+${bytes}|0`};`;
  if (i.load && i.list.includes(PC)) code += `a=t;${c.jump()}`;
  return code;
}

export function emitExclusive(i: Extract<Instruction, { op: "exclusive" }>, c: Context): string {
  const address = `a=${c.get(i.rn)}+${i.offset}|0;`;
  if (i.load) return `${address}t=LX(a,${i.width},${c.here});${c.set(i.rt)}=t;`;
  return `${address}t=SX(a,${c.get(i.rt)},${i.width},${c.here});${c.set(i.rd)}=t;`;
}

export function emitTable(i: Of<"tb">, c: Context): string {
  const offset = i.half ? `(${c.get(i.rm)}<<1)` : c.get(i.rm);
  const value = loaded(c, i.half ? 2 : 1, false);
  return `a=${c.get(i.rn)}+${offset}|0;${K}t=${value};${c.leave(`${i.address + 4}+2*t`)}`;
}
