/** Why the Thumb-2 machine stopped, and where. */

import { hex32 } from "./memory.js";

const REASONS = {
  unaligned: "unaligned access to",
  "out of range": "no memory at",
  "read-only": "write to read-only memory at",
  "below stack": "access below the stack pointer at",
  undefined: "undefined or unsupported instruction",
  "not code": "execution outside code at",
  "arm state": "branch to an even address",
  runaway: "instruction limit reached",
  registers: "callee-saved register changed: r",
} as const;

export type TrapReason = keyof typeof REASONS;

export class ThumbTrap extends Error {
  override readonly name = "ThumbTrap";
  readonly reason: TrapReason;
  /** Address of the instruction. */
  readonly pc: number;

  constructor(reason: TrapReason, pc: number, detail?: number | string) {
    const what = typeof detail === "number" ? hex32(detail) : (detail ?? "");
    super(`${REASONS[reason]} ${what} (instruction at ${hex32(pc)})`.replace("  ", " "));
    this.reason = reason;
    this.pc = pc >>> 0;
  }
}
