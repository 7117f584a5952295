/**
 * The processor's registers as generated code sees them: one Int32Array, by these places.
 * N and Z are kept as one result whose sign and zeroness they are, as emit/alu.ts has them: both
 * set at once (MSR or a forged stack frame can ask for that) comes out as Z alone.
 */

export const SP = 13;
export const LR = 14;
export const PC = 15;
/** N and Z: the sign of it, and whether it is 0. */
export const NZ = 16;
export const C = 17;
export const V = 18;
/** Sticky saturation (APSR.Q), 0 or 1. */
export const Q = 19;
/** APSR.GE, four bits. */
export const GE = 20;
/** Instructions left until the run loop must look around; generated code stops at 0 and below. */
export const LEFT = 21;
/** Not 0: floating-point instructions need no check (enabled, state saved, FPCA set). */
export const FLOAT_READY = 22;
/** ITSTATE to go on with, for EVENT exits. */
export const IT = 23;
/** What an EVENT exit is for: an Event, plus its immediate << 8. */
export const CODE = 24;
/** The local exclusive monitor: 1 = exclusive. */
export const MONITOR = 25;
export const PLACES = 32;

/** Generated code returns this for "look at CODE, then go on at PC with IT". Not EXC_RETURN. */
export const EVENT = 0xffffff00;

export const Event = { resume: 0, svc: 1, bkpt: 2, wfe: 3, wfi: 4, sev: 5, stop: 6 } as const;

const N_BIT = 0x80000000 | 0;
const Z_BIT = 0x40000000;

/** APSR with NZCV, Q and GE. */
export function apsr(R: Int32Array): number {
  const q = R[NZ] as number;
  const flags = (q < 0 ? N_BIT : 0) | (q === 0 ? Z_BIT : 0);
  const rest = ((R[C] as number) << 29) | ((R[V] as number) << 28) | ((R[Q] as number) << 27);
  return flags | rest | ((R[GE] as number) << 16);
}

export function setFlags(R: Int32Array, value: number): void {
  R[NZ] = value & Z_BIT ? 0 : value & N_BIT ? -1 : 1;
  R[C] = (value >>> 29) & 1;
  R[V] = (value >>> 28) & 1;
}

export function setApsr(R: Int32Array, value: number): void {
  setFlags(R, value);
  R[Q] = (value >>> 27) & 1;
  R[GE] = (value >>> 16) & 15;
}

/** EPSR's and IPSR's part of the xPSR: IT bits where the manual scatters them (B1.4.2). */
export function packIt(it: number): number {
  return ((it & 0xfc) << 8) | ((it & 3) << 25);
}

export function unpackIt(xpsr: number): number {
  return ((xpsr >>> 8) & 0xfc) | ((xpsr >>> 25) & 3);
}
