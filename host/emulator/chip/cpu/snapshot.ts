/** The processor's state as plain data, and back. */

import type { CpuState } from "./core.js";
import type { Dwt } from "./system/dwt.js";
import type { Scb } from "./exceptions/exceptions.js";
import type { Float } from "./arithmetic/float.js";
import type { Nvic } from "./exceptions/nvic.js";
import type { Sleep, Sleeping } from "./run/sleep.js";
import type { Special } from "./exceptions/special.js";
import type { SysTick } from "./system/systick.js";

export interface Stateful {
  readonly r: Int32Array;
  readonly float: Float;
  readonly nvic: Nvic;
  readonly scb: Scb;
  readonly scs: { scr: number };
  readonly systick: SysTick;
  readonly dwt: Dwt;
  readonly special: Special;
  readonly sleep: Sleep;
}

interface Saved {
  readonly r: number[];
  readonly bits: number[];
  readonly fpscr: number;
  readonly nvic: ReturnType<Nvic["snapshot"]>;
  readonly scb: Scb;
  readonly scr: number;
  readonly systick: ReturnType<SysTick["snapshot"]>;
  readonly dwt: ReturnType<Dwt["snapshot"]>;
  readonly special: { ipsr: number; control: number; other: number };
  readonly sleep: { state: Sleeping; event: boolean };
  readonly instructions: number;
}

export function save(p: Stateful, instructions: number): CpuState {
  const { ipsr, control, other } = p.special;
  const { state, event } = p.sleep;
  const saved: Saved = {
    ...{ r: [...p.r], bits: [...p.float.bits], fpscr: p.float.fpscr, nvic: p.nvic.snapshot() },
    ...{ scb: { ...p.scb }, scr: p.scs.scr, systick: p.systick.snapshot() },
    ...{ dwt: p.dwt.snapshot(), special: { ipsr, control, other }, sleep: { state, event } },
    instructions,
  };
  return saved as unknown as CpuState;
}

/** Gives the instructions counted then. */
export function load(p: Stateful, state: CpuState): number {
  const saved = state as unknown as Saved;
  p.r.set(saved.r);
  p.float.bits.set(saved.bits);
  p.float.fpscr = saved.fpscr;
  p.nvic.restore(saved.nvic);
  Object.assign(p.scb, saved.scb);
  p.scs.scr = saved.scr;
  p.systick.restore(saved.systick);
  p.dwt.set(saved.dwt.count, saved.dwt.enabled);
  Object.assign(p.special, saved.special);
  Object.assign(p.sleep, saved.sleep);
  return saved.instructions;
}
