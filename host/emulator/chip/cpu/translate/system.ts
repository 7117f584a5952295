/** JavaScript for what only a whole processor has, floating point apart: see context.ts. */

import { operand } from "../../../arm/emit/alu.js";
import { C, Event, FLOAT_READY, GE, MONITOR, NZ, Q, SP, V } from "../state.js";
import type { Instruction } from "../../../arm/decode/instruction.js";
import type { ExtendedBody } from "../../../arm/decode/extended.js";
import type { Context } from "./context.js";

type Ext<T extends ExtendedBody["op"]> = Extract<Instruction, { op: T }>;

export function emitDivide(i: Ext<"divide">, c: Context): string {
  const [n, m] = [c.get(i.rn), c.get(i.rm)];
  const quotient = i.signed ? `${n}/${m}|0` : `(${n}>>>0)/(${m}>>>0)|0`;
  return `if(${m}===0)DZ(${c.here});${c.set(i.rd)}=${m}===0?0:${quotient};`;
}

export function emitDsp(i: Ext<"dsp"> | Ext<"dsplong">, c: Context): string {
  if (i.op === "dsp") {
    const a = i.ra < 0 ? "0" : c.get(i.ra);
    return `t=D.${i.fn}(${c.get(i.rn)},${c.get(i.rm)},${a});${c.set(i.rd)}=t;`;
  }
  const before = `W[0]=${c.get(i.lo)};W[1]=${c.get(i.hi)};`;
  const after = `${c.set(i.lo)}=W[0];${c.set(i.hi)}=W[1];`;
  return `${before}DL.${i.fn}(${c.get(i.rn)},${c.get(i.rm)},W);${after}`;
}

export function emitSaturate(i: Ext<"saturate">, c: Context): string {
  const value = operand(c, i.b).value;
  return `t=${i.halves ? "SH" : "SA"}(${value},${i.to},${i.signed});${c.set(i.rd)}=t;`;
}

export function emitPack(i: Ext<"pack">, c: Context): string {
  const [n, m] = [c.get(i.rn), operand(c, i.b).value];
  const [top, bottom] = i.top ? [n, m] : [m, n];
  return `t=${top}&-65536|${bottom}&65535;${c.set(i.rd)}=t;`;
}

export function emitExtend16(i: Ext<"extend16">, c: Context): string {
  const m = c.get(i.rm);
  const rotated = i.rotate ? `(${m}>>>${i.rotate}|${m}<<${32 - i.rotate})` : m;
  const [low, high] = i.signed ? ["x<<24>>24", "x<<8>>24"] : ["x&255", "x>>>16&255"];
  const n = i.rn < 0 ? "0" : c.get(i.rn);
  return `x=${rotated};y=${n};t=(y+(${low})&65535)|((y>>16)+(${high})<<16);${c.set(i.rd)}=t;`;
}

/** A region ends behind MSR and CPS: interrupts may be due. The flags are set here, all else
 * by the processor. */
export function emitMsr(i: Ext<"msr">, c: Context): string {
  const value = c.get(i.rn);
  if (i.special < 4) {
    let code = `x=${value};`;
    if (i.mask & 2) code += `q=x&1073741824?0:x<0?-1:1;c=x>>>29&1;v=x>>>28&1;R[${Q}]=x>>>27&1;`;
    if (i.mask & 1) code += `R[${GE}]=x>>>16&15;`;
    return code;
  }
  const sp = c.set(SP);
  return `R[${SP}]=${sp};MS(${i.special},${value});${sp}=R[${SP}];`;
}

export function emitMrs(i: Ext<"mrs">, c: Context): string {
  if (i.special < 8) {
    if (i.special >= 4) return `t=MG(${i.special});${c.set(i.rd)}=t;`;
    const flags = `R[${NZ}]=q;R[${C}]=c;R[${V}]=v;`;
    return `${flags}t=MG(${i.special});${c.set(i.rd)}=t;`;
  }
  return `R[${SP}]=${c.get(SP)};t=MG(${i.special});${c.set(i.rd)}=t;`;
}

export function emitCps(i: Ext<"cps">): string {
  return `CP(${i.disable},${i.primask},${i.faultmask});`;
}

export function emitHint(i: Ext<"hint">, c: Context): string {
  if (i.kind === "yield") return "";
  return c.event(Event[i.kind]);
}

export function emitCall(i: Ext<"svc"> | Ext<"bkpt">, c: Context): string {
  return c.event(Event[i.op] | (i.number << 8));
}

export function emitFloatGuard(c: Context): string {
  return `if(!R[${FLOAT_READY}])G(${c.here});`;
}

export const CLREX = `R[${MONITOR}]=0;`;
