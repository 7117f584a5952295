/** Decodes 32-bit system instructions (DDI 0403E, A5.3.4) and exclusive accesses (A5.3.6). */

import { PC, SP, UndefinedInstruction } from "./instruction.js";
import type { Body } from "./instruction.js";
import type { Barrier, Hint } from "./extended.js";
import { plain } from "./plain.js";

function undefinedIn(what: string): never {
  throw new UndefinedInstruction(what);
}

export const HINTS: readonly (Hint | undefined)[] = [undefined, "yield", "wfe", "wfi", "sev"];
const BARRIERS: Readonly<Record<number, Barrier>> = { 4: "dsb", 5: "dmb", 6: "isb" };

/** MSR, MRS, hints, barriers, CLREX: where a conditional branch's condition would be 14 or 15. */
export function system(hw1: number, hw2: number): Body {
  const rn = hw1 & 15;
  const special = hw2 & 255;
  switch ((hw1 >>> 4) & 127) {
    case 0x38:
      if (hw2 & 0x3300 || !(hw2 & 0xc00)) undefinedIn("MSR");
      plain(rn);
      return { op: "msr", rn, special, mask: (hw2 >>> 10) & 3 };
    case 0x3a: {
      if (rn !== PC || hw2 & 0x2f00) undefinedIn("hint");
      const kind = HINTS[special];
      return kind ? { op: "hint", kind } : { op: "nop" };
    }
    case 0x3b: {
      if (rn !== PC || (hw2 & 0x2f00) !== 0xf00) undefinedIn("barrier");
      const which = (hw2 >>> 4) & 15;
      if (which === 2) return { op: "clrex" };
      return { op: "barrier", kind: BARRIERS[which] ?? undefinedIn("barrier") };
    }
    case 0x3e: {
      const rd = (hw2 >>> 8) & 15;
      if (rn !== PC || hw2 & 0x2000) undefinedIn("MRS");
      plain(rd);
      return { op: "mrs", rd, special };
    }
    default:
      return undefinedIn("system instruction");
  }
}

/** LDREX, STREX and their narrow forms; `hw1` has bits 8 and 5 clear. */
export function exclusive(hw1: number, hw2: number): Body {
  const rn = hw1 & 15;
  const rt = hw2 >>> 12;
  const load = (hw1 & 16) !== 0;
  const upper = (hw2 >>> 8) & 15;
  const lower = hw2 & 15;
  const narrow = (hw1 & 0x80) !== 0;
  if (rn === PC) undefinedIn("exclusive access");
  plain(rt);
  if (!narrow) {
    if (load && upper !== PC) undefinedIn("exclusive access");
    const rd = load ? -1 : upper;
    if (rd === SP || rd === PC || (!load && (rd === rn || rd === rt))) undefinedIn("STREX");
    return { op: "exclusive", load, width: 4, rd, rt, rn, offset: (hw2 & 255) * 4 };
  }
  const kind = (hw2 >>> 4) & 15;
  if (upper !== PC || (kind !== 4 && kind !== 5)) undefinedIn("exclusive access");
  if (load && lower !== PC) undefinedIn("exclusive access");
  const rd = load ? -1 : lower;
  if (rd === SP || rd === PC || (!load && (rd === rn || rd === rt))) undefinedIn("STREX");
  return { op: "exclusive", load, width: kind === 4 ? 1 : 2, rd, rt, rn, offset: 0 };
}
