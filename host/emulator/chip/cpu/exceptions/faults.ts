/** Faults as the guest gets them, and the end of what it can do about them. */

import { hex32 } from "../../../arm/memory.js";

/** Exception numbers (DDI 0403E, B1.5.2). */
export const Exception = {
  nmi: 2,
  hardFault: 3,
  memManage: 4,
  busFault: 5,
  usageFault: 6,
  svCall: 11,
  debugMonitor: 12,
  pendSv: 14,
  sysTick: 15,
  first: 16,
} as const;

/** CFSR's bits (B3.2.15). */
export const Status = {
  fetch: 1 << 8,
  precise: 1 << 9,
  unstacking: 1 << 11,
  stacking: 1 << 12,
  lazy: 1 << 13,
  addressValid: 1 << 15,
  undefinedInstruction: 1 << 16,
  invalidState: 1 << 17,
  invalidReturn: 1 << 18,
  noCoprocessor: 1 << 19,
  unaligned: 1 << 24,
  divideByZero: 1 << 25,
} as const;

/** A synchronous fault of the instruction at `pc`. */
export class GuestFault extends Error {
  override readonly name = "GuestFault";
  readonly status: number;
  readonly pc: number;
  readonly it: number;
  /** BFAR, if the status says so. */
  readonly address: number;

  constructor(status: number, pc: number, it = 0, address = 0) {
    super(`fault ${hex32(status)} at ${hex32(pc)}`);
    this.status = status;
    this.pc = pc >>> 0;
    this.it = it;
    this.address = address >>> 0;
  }

  get exception(): number {
    return this.status >>> 16 ? Exception.usageFault : Exception.busFault;
  }
}

/** A fault where none can be taken any more: a real chip stands still until it is reset. */
export class Lockup extends Error {
  override readonly name = "Lockup";

  constructor(R: Int32Array, what: string) {
    const registers = [...R.subarray(0, 16)].map((x, i) => `r${i} ${hex32(x)}`).join(", ");
    super(`the processor locked up: ${what}; ${registers}`);
  }
}
