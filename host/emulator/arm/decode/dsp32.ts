/** Decodes multiplications, parallel and saturating arithmetic (DDI 0403E, A5.3.11 .. A5.3.17). */

import { PC, UndefinedInstruction } from "./instruction.js";
import type { Body } from "./instruction.js";
import { plain } from "./plain.js";

function undefinedIn(what: string): never {
  throw new UndefinedInstruction(what);
}

const PARALLEL = ["add8", "add16", "asx", undefined, "sub8", "sub16", "sax", undefined];
const FLAVOURS = ["s", "q", "sh", undefined, "u", "uq", "uh", undefined];
const SATURATING = ["qadd", "qdadd", "qsub", "qdsub"];

/** A5.3.13 and A5.3.14. */
export function parallel(hw1: number, hw2: number): Body {
  const what = PARALLEL[(hw1 >>> 4) & 7];
  const flavour = FLAVOURS[(hw2 >>> 4) & 7];
  const [rd, rn, rm] = [(hw2 >>> 8) & 15, hw1 & 15, hw2 & 15];
  plain(rd, rn, rm);
  if (!what || !flavour) undefinedIn("parallel arithmetic");
  return { op: "dsp", fn: flavour + what, rd, rn, rm, ra: -1 };
}

/** A5.3.15: QADD and its kind, SEL. */
export function saturating(hw1: number, hw2: number): Body {
  const [rd, rn, rm] = [(hw2 >>> 8) & 15, hw1 & 15, hw2 & 15];
  const which = (hw2 >>> 4) & 3;
  const kind = (hw1 >>> 4) & 7;
  plain(rd, rn, rm);
  if (kind === 0) return { op: "dsp", fn: SATURATING[which] as string, rd, rn, rm, ra: -1 };
  if (kind === 2 && which === 0) return { op: "dsp", fn: "sel", rd, rn, rm, ra: -1 };
  return undefinedIn("saturating arithmetic");
}

const HALVES = ["bb", "bt", "tb", "tt"];

/** A5.3.16: which function the bits 6:4 of the first and 5:4 of the second unit name. */
function multiplyName(kind: number, second: number): string | undefined {
  const exchanged = second & 1 ? "x" : "";
  const rounded = second & 1 ? "r" : "";
  switch (kind) {
    case 1:
      return `smla${HALVES[second]}`;
    case 2:
      return second < 2 ? `smlad${exchanged}` : undefined;
    case 3:
      return second < 2 ? `smlaw${second ? "t" : "b"}` : undefined;
    case 4:
      return second < 2 ? `smlsd${exchanged}` : undefined;
    case 5:
      return second < 2 ? `smmla${rounded}` : undefined;
    case 6:
      return second < 2 ? `smmls${rounded}` : undefined;
    default:
      return second === 0 ? "usada8" : undefined;
  }
}

/** A5.3.16 and A5.3.17. */
export function multiply(hw1: number, hw2: number): Body {
  const rn = hw1 & 15;
  const rm = hw2 & 15;
  const upper = hw2 >>> 12;
  const lower = (hw2 >>> 8) & 15;
  const kind = (hw1 >>> 4) & 7;
  const second = (hw2 >>> 4) & 15;
  if (hw1 & 0x80) return long(kind, second, { rn, rm, upper, lower });
  plain(rn, rm, lower);
  if (second > 3) undefinedIn("multiplication");
  if (kind === 0) {
    if (second > 1) undefinedIn("multiplication");
    if (upper === PC && !second) return { op: "mul", rd: lower, rn, rm, flags: false };
    plain(upper);
    return { op: "mla", rd: lower, rn, rm, ra: upper, subtract: second === 1 };
  }
  const fn = multiplyName(kind, second) ?? undefinedIn("multiplication");
  if (upper === PC && kind === 6) undefinedIn("multiplication");
  if (upper !== PC) plain(upper);
  return { op: "dsp", fn, rd: lower, rn, rm, ra: upper === PC ? -1 : upper };
}

interface LongFields {
  readonly rn: number;
  readonly rm: number;
  readonly upper: number;
  readonly lower: number;
}

const LONG = { 0: "smull", 2: "umull", 4: "smlal", 6: "umlal" } as const;

function long(kind: number, second: number, { rn, rm, upper, lower }: LongFields): Body {
  plain(rn, rm, lower);
  if (second === 15 && (kind === 1 || kind === 3)) {
    if (upper !== PC) undefinedIn("division");
    return { op: "divide", signed: kind === 1, rd: lower, rn, rm };
  }
  plain(upper);
  if (lower === upper) undefinedIn("long multiplication into one register");
  const fields = { lo: upper, hi: lower, rn, rm };
  const fn = LONG[kind as keyof typeof LONG];
  if (fn && second === 0) return { op: "long", fn, ...fields };
  if (kind === 6 && second === 6) return { op: "long", fn: "umaal", ...fields };
  if (kind === 4 && second >>> 2 === 2) {
    return { op: "dsplong", fn: `smlal${HALVES[second & 3]}`, ...fields };
  }
  if ((kind === 4 || kind === 5) && second >>> 1 === 6) {
    const exchanged = second & 1 ? "x" : "";
    return { op: "dsplong", fn: (kind === 4 ? "smlald" : "smlsld") + exchanged, ...fields };
  }
  return undefinedIn("long multiplication or division");
}
