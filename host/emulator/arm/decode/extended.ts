/**
 * The part of ARMv7E-M that a kernel has no use for and a whole processor has: division, the DSP
 * extension, exclusive accesses, system instructions, FPv4-SP. Source: DDI 0403E, A7.
 */

import type { Operand, Width } from "./operand.js";

export type Hint = "yield" | "wfe" | "wfi" | "sev";
export type Barrier = "dsb" | "dmb" | "isb";

/** d = n op m; mla to nmls round the product first, fma to fnms do not (A7.7). */
export type FloatOp =
  "add" | "sub" | "mul" | "nmul" | "div" | "mla" | "mls" | "nmla" | "nmls" | FusedOp | "sqrt";
export type FusedOp = "fma" | "fms" | "fnma" | "fnms";

/** Single registers are s0..s31; a double is two of them. */
export type ExtendedBody =
  | { op: "divide"; signed: boolean; rd: number; rn: number; rm: number }
  /** A function of dsp.ts by its mnemonic; ra < 0: none. */
  | { op: "dsp"; fn: string; rd: number; rn: number; rm: number; ra: number }
  /** hi:lo += products. */
  | { op: "dsplong"; fn: string; lo: number; hi: number; rn: number; rm: number }
  | { op: "saturate"; signed: boolean; halves: boolean; rd: number; b: Operand; to: number }
  /** top: the upper half is rn's (PKHTB). */
  | { op: "pack"; top: boolean; rd: number; rn: number; b: Operand }
  | { op: "extend16"; signed: boolean; rd: number; rm: number; rotate: number; rn: number }
  | {
      op: "exclusive";
      load: boolean;
      width: Width;
      /** Where a store says whether it failed. */
      rd: number;
      rt: number;
      rn: number;
      offset: number;
    }
  | { op: "clrex" }
  | { op: "preload" }
  | { op: "msr"; rn: number; special: number; mask: number }
  | { op: "mrs"; rd: number; special: number }
  | { op: "cps"; disable: boolean; primask: boolean; faultmask: boolean }
  | { op: "hint"; kind: Hint }
  | { op: "barrier"; kind: Barrier }
  | { op: "svc"; number: number }
  | { op: "bkpt"; number: number }
  | { op: "vfp"; fn: FloatOp; d: number; n: number; m: number }
  | { op: "vbits"; fn: "mov" | "abs" | "neg"; d: number; m: number }
  | { op: "vimm"; d: number; bits: number }
  /** m < 0: with zero. */
  | { op: "vcmp"; d: number; m: number; quiet: boolean }
  | { op: "vtoint"; d: number; m: number; signed: boolean; toZero: boolean }
  | { op: "vfromint"; d: number; m: number; signed: boolean }
  | { op: "vfixed"; d: number; to: boolean; signed: boolean; width: 16 | 32; fraction: number }
  | { op: "vhalf"; d: number; m: number; to: boolean; top: boolean }
  | { op: "vcore"; load: boolean; rt: number; s: number }
  | { op: "vcore2"; load: boolean; rt: number; rt2: number; s: number }
  /** VMRS with rt = 15 sets the flags. */
  | { op: "vsystem"; read: boolean; rt: number }
  | {
      op: "vmem";
      load: boolean;
      rn: number;
      offset: number;
      first: number;
      count: number;
      /** undefined: none; else what rn becomes relative to itself. */
      writeback: number | undefined;
    };

export const EXTENDED: ReadonlySet<string> = new Set<ExtendedBody["op"]>([
  ...(["divide", "dsp", "dsplong", "saturate", "pack", "extend16", "exclusive"] as const),
  ...(["clrex", "preload", "msr", "mrs", "cps", "hint", "barrier", "svc", "bkpt"] as const),
  ...(["vfp", "vbits", "vimm", "vcmp", "vtoint", "vfromint", "vfixed", "vhalf"] as const),
  ...(["vcore", "vcore2", "vsystem", "vmem"] as const),
]);
