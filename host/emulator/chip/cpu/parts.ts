/** What a processor is made of, put together; and all of it as after a reset. */

import type { Bus } from "../bus.js";
import { dsp } from "./arithmetic/dsp.js";
import { Float } from "./arithmetic/float.js";
import type { CpuOptions } from "./core.js";
import { Exceptions } from "./exceptions/exceptions.js";
import type { Scb } from "./exceptions/exceptions.js";
import { Exception } from "./exceptions/faults.js";
import { Nvic } from "./exceptions/nvic.js";
import { Special } from "./exceptions/special.js";
import { Clock } from "./run/clock.js";
import { Code } from "./run/code.js";
import { port } from "./run/port.js";
import type { Place } from "./run/port.js";
import { Sleep } from "./run/sleep.js";
import type { Stateful } from "./snapshot.js";
import { LR, NZ } from "./state.js";
import { Dwt } from "./system/dwt.js";
import { Scs } from "./system/scs.js";
import { SysTick } from "./system/systick.js";

const SCS_BASE = 0xe000e000;
const DWT_BASE = 0xe0001000;
/** CCR's bit. */
export const UNALIGN_TRP = 8;

const RESET: Scb = {
  ...{ vtor: 0, cfsr: 0, hfsr: 0, bfar: 0, handlers: 0, ccr: 0x200 },
  ...{ cpacr: 0, fpccr: 0xc0000000 | 0, fpcar: 0, fpdscr: 0 },
};

export interface Parts extends Stateful {
  readonly bus: Bus;
  readonly exceptions: Exceptions;
  readonly clock: Clock;
  readonly code: Code;
  /** Where the slow ways of generated code were last taken. */
  readonly last: Place;
}

export interface Told {
  /** Another exception may be next; `pended`: because one became pending. */
  readonly changed: (pended: boolean) => void;
  /** The program asked for a reset. */
  readonly reset: () => void;
}

export function makeParts(R: Int32Array, options: CpuOptions, told: Told): Parts {
  const { bus, scheduler, interrupts = 38, priorityBits = 3 } = options;
  const float = new Float();
  const clock = new Clock(R, scheduler, options.cyclesPerInstruction ?? 1.3);
  const nvic = new Nvic(interrupts, priorityBits, told.changed);
  const special = new Special(R, nvic);
  const scb = { ...RESET };
  const exceptions = new Exceptions({ R, bus, nvic, special, float, scb });
  const tick = (): void => nvic.pend(Exception.sysTick);
  const systick = new SysTick(scheduler, options.systickReference ?? 64, tick);
  const dwt = new Dwt(scheduler);
  const sleep = new Sleep(nvic);
  const last: Place = { place: 0, count: 0 };
  const reach = (count: number): void => scheduler.reach(clock.cycle(count));
  const scope = { R, bus, special, exceptions, float, dsp: dsp(R), scb, reach };
  const code = new Code(bus, port(scope, last));
  const onControl = (): void => code.setStrict((scb.ccr & UNALIGN_TRP) !== 0);
  const ipsr = (): number => special.ipsr;
  const scs = { R, nvic, systick, scb, onReset: told.reset, onControl, scr: 0, ipsr };
  bus.attach(SCS_BASE, 0x1000, new Scs(scs));
  bus.attach(DWT_BASE, 0x1000, dwt);
  const stateful = { r: R, float, nvic, scb, scs, systick, dwt, special, sleep };
  return { ...stateful, bus, exceptions, clock, code, last };
}

/** All but SP and PC, which the vector table gives. */
export function resetParts(parts: Parts, vectorTable: number): void {
  const { r, nvic, special, systick, scb, scs, float, sleep, code } = parts;
  r.fill(0);
  r[NZ] = 1;
  r[LR] = -1;
  nvic.reset();
  special.reset();
  systick.reset();
  Object.assign(scb, RESET, { vtor: vectorTable });
  scs.scr = 0;
  code.setStrict(false);
  float.bits.fill(0);
  float.fpscr = 0;
  sleep.reset();
}
