/**
 * One region as the source of one JavaScript function that returns the next address: context.ts.
 */

import { emitAlu, emitField, emitLong, emitMultiply } from "../../../arm/emit/alu.js";
import { emitShift, emitUnary } from "../../../arm/emit/alu.js";
import { CONDITIONS } from "../../../arm/emit/block.js";
import { ALWAYS, LR, PC } from "../../../arm/decode/instruction.js";
import type { Instruction } from "../../../arm/decode/instruction.js";
import { C, CODE, EVENT, Event, IT, LEFT, NZ, V } from "../state.js";
import { Context } from "./context.js";
import { emitFloat, isFloat } from "./float.js";
import { neededFlags, usesFlags } from "./liveness.js";
import { emitDual, emitExclusive, emitLiteral } from "./memory.js";
import { emitMultiple, emitSingle, emitTable } from "./memory.js";
import type { Region } from "./region.js";
import * as system from "./system.js";

export interface EmitOptions {
  /** Bytes of RAM. */
  readonly ram: number;
  /** No unaligned access at all. */
  readonly strict: boolean;
  /** What a literal's load gives, if it can't change while the code stays. */
  readonly constant?: (i: Extract<Instruction, { op: "literal" }>) => number | undefined;
}

/** Instructions that only move data; undefined for others. */
function emitData(i: Instruction, c: Context, need: number): string | undefined {
  switch (i.op) {
    case "alu": {
      const code = emitAlu(i, c, need);
      return i.rd === PC ? `${code}${c.leave("n&-2")}` : code;
    }
    case "shift":
      return emitShift(i, c, need);
    case "mul":
    case "mla":
      return emitMultiply(i, c, need);
    case "long":
      return emitLong(i, c);
    case "unary":
      return emitUnary(i, c);
    case "field":
      return emitField(i, c);
    case "movt":
      return `${c.set(i.rd)}=${c.get(i.rd)}&65535|${i.imm << 16};`;
    case "adr":
      return `${c.set(i.rd)}=${i.value | 0};`;
    case "divide":
      return system.emitDivide(i, c);
    case "dsp":
    case "dsplong":
      return system.emitDsp(i, c);
    case "saturate":
      return system.emitSaturate(i, c);
    case "pack":
      return system.emitPack(i, c);
    case "extend16":
      return system.emitExtend16(i, c);
    default:
      return undefined;
  }
}

function emitAccess(i: Instruction, c: Context, options: EmitOptions): string | undefined {
  switch (i.op) {
    case "load":
    case "store":
      return emitSingle(i, c);
    case "literal":
      return emitLiteral(i, c, options.constant?.(i));
    case "dual":
      return emitDual(i, c);
    case "multiple":
      return emitMultiple(i, c);
    case "exclusive":
      return emitExclusive(i, c);
    case "clrex":
      return system.CLREX;
    default:
      return undefined;
  }
}

function emitControl(i: Instruction, c: Context): string {
  switch (i.op) {
    case "b":
      return c.branch(i.target);
    case "bl":
      return `${c.set(LR)}=${c.next | 1};${c.leave(i.target)}`;
    case "bx": {
      const link = i.link ? `${c.set(LR)}=${c.next | 1};` : "";
      return `a=${c.get(i.rm)};${link}${c.jump()}`;
    }
    case "cbz":
      return `if(${c.get(i.rn)}${i.nonzero ? "!==" : "==="}0){${c.branch(i.target)}}`;
    case "tb":
      return emitTable(i, c);
    case "msr":
      return system.emitMsr(i, c);
    case "mrs":
      return system.emitMrs(i, c);
    case "cps":
      return system.emitCps(i);
    case "hint":
      return system.emitHint(i, c);
    case "svc":
    case "bkpt":
      return system.emitCall(i, c);
    default:
      return "";
  }
}

function emitOne(c: Context, need: number, options: EmitOptions): string {
  const { i } = c;
  if (isFloat(i)) return emitFloat(i, c);
  return emitData(i, c, need) ?? emitAccess(i, c, options) ?? emitControl(i, c);
}

/** What the function of a region that is no instruction does. */
function badSource({ bad, endIt }: Region): string {
  const place = (endIt ? endIt * 2 ** 32 : 0) + (bad?.address ?? 0);
  const functions = { fetch: "FF", undefined: "UD", coprocessor: "NC" } as const;
  return `${functions[bad?.fault ?? "undefined"]}(${place},0);return 0;`;
}

function emitBody(c: Context, options: EmitOptions): string {
  const { region } = c;
  const needed = neededFlags(region);
  let body = "";
  region.code.forEach((i, at) => {
    c.i = i;
    c.index = at;
    if (region.targets.has(i.address)) body += "}";
    const code = emitOne(c, needed[at] as number, options);
    body += i.condition === ALWAYS ? code : code && `if(${CONDITIONS[i.condition]}){${code}}`;
    body += "\n";
  });
  if (!region.endIt) return `${body}${c.leave(region.end)}`;
  const resume = `R[${PC}]=${region.end};R[${IT}]=${region.endIt};R[${CODE}]=${Event.resume};`;
  return `${body}${resume}${c.leave(EVENT | 0)}`;
}

export function regionSource(region: Region, options: EmitOptions): string {
  if (region.bad) return badSource(region);
  const c = new Context(region, options.ram, options.strict);
  const body = emitBody(c, options);
  const labels = [...region.targets].sort((a, b) => b - a).map((t) => `T${t}:{`);
  const flags = usesFlags(region);
  const names = [...c.used].map((r) => `r${r}=R[${r}]`);
  const saved = [...c.written].map((r) => `R[${r}]=r${r};`).join("");
  const flagsBack = flags ? `R[${NZ}]=q;R[${C}]=c;R[${V}]=v;` : "";
  names.push(flags ? `q=R[${NZ}],c=R[${C}],v=R[${V}]` : "q=0,c=0,v=0");
  const scratch = "x=0,y=0,t=0,a=0,k=0,f=0.0,d=0,e=0,n=0";
  const inner = `${labels.join("")}${body}`;
  const looped = region.loops ? `L:for(;;){${inner}}` : inner;
  const guarded = `X:{${looped}}`;
  const tried = c.throws ? `try{${guarded}}catch(z){${saved}${flagsBack}throw z;}` : guarded;
  return `let ${names.join(",")},${scratch};\n${tried}\n${saved}${flagsBack}R[${LEFT}]-=e;return n;`;
}
