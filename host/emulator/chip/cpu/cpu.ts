/**
 * A Cortex-M4F (ARMv7E-M with FPv4-SP): runs the bus's memory by translating it to JavaScript,
 * region by region, takes interrupts between regions, and moves the scheduler's time.
 *
 * The time model: every instruction takes the same number of cycles, an exception's entry 12.
 * Limits: no protection unit; an interrupt that comes by time waits for the end of the region
 * (64 instructions at most); flags that the code sets again before it reads them are not exact in
 * the frame of a fault; see also state.ts on N and Z.
 */

import type { Bus } from "../bus.js";
import type { Scheduler } from "../scheduler.js";
import { Clock } from "./run/clock.js";
import { Code } from "./run/code.js";
import type { Core, CpuOptions, CpuState, Stop } from "./core.js";
import { dsp } from "./arithmetic/dsp.js";
import { Dwt } from "./system/dwt.js";
import { Exceptions } from "./exceptions/exceptions.js";
import type { Scb } from "./exceptions/exceptions.js";
import { Exception, GuestFault } from "./exceptions/faults.js";
import { Float } from "./arithmetic/float.js";
import { Nvic } from "./exceptions/nvic.js";
import { port } from "./run/port.js";
import type { Place } from "./run/port.js";
import { Scs } from "./system/scs.js";
import { Sleep } from "./run/sleep.js";
import { load, save } from "./snapshot.js";
import type { Stateful } from "./snapshot.js";
import { Special } from "./exceptions/special.js";
import { CODE, EVENT, Event, IT, LEFT, LR, NZ, PC, PLACES, SP } from "./state.js";
import { SysTick } from "./system/systick.js";

const SCS_BASE = 0xe000e000;
const DWT_BASE = 0xe0001000;
const ENTRY_CYCLES = 12;
const EXC_RETURN = 0xffffffe0;
const SLEEPONEXIT = 2;
const UNALIGN_TRP = 8;
const SEVONPEND = 16;

const RESET: Scb = {
  ...{ vtor: 0, cfsr: 0, hfsr: 0, bfar: 0, handlers: 0, ccr: 0x200 },
  ...{ cpacr: 0, fpccr: 0xc0000000 | 0, fpcar: 0, fpdscr: 0 },
};

export class Cpu implements Core {
  readonly r = new Int32Array(PLACES);
  readonly nvic: Nvic;
  readonly scheduler: Scheduler;
  readonly bus: Bus;
  readonly float = new Float();
  readonly special: Special;
  readonly code: Code;
  readonly #options: CpuOptions;
  readonly #exceptions: Exceptions;
  readonly #clock: Clock;
  readonly #sleep: Sleep;
  readonly #parts: Stateful;
  readonly #last: Place = { place: 0, count: 0 };
  #stop: Stop | undefined;

  constructor(options: CpuOptions) {
    const { bus, scheduler, interrupts = 38, priorityBits = 3 } = options;
    const { r: R, float } = this;
    this.#options = options;
    this.bus = bus;
    this.scheduler = scheduler;
    this.#clock = new Clock(R, scheduler, options.cyclesPerInstruction ?? 1.3);
    const nvic = new Nvic(interrupts, priorityBits, (pended) => this.#changed(pended));
    const special = new Special(R, nvic);
    const scb = { ...RESET };
    const exceptions = new Exceptions({ R, bus, nvic, special, float, scb });
    const tick = (): void => nvic.pend(Exception.sysTick);
    const systick = new SysTick(scheduler, options.systickReference ?? 64, tick);
    const dwt = new Dwt(scheduler);
    const sleep = new Sleep(nvic);
    const onReset = (): void => this.#requestReset();
    const onControl = (): void => this.code.setStrict((scb.ccr & UNALIGN_TRP) !== 0);
    const ipsr = (): number => special.ipsr;
    const scs = { R, nvic, systick, scb, onReset, onControl, scr: 0, ipsr };
    const reach = (count: number): void => scheduler.reach(this.#clock.cycle(count));
    const scope = { R, bus, special, exceptions, float, dsp: dsp(R), scb, reach };
    [this.nvic, this.special, this.#exceptions, this.#sleep] = [nvic, special, exceptions, sleep];
    this.#parts = { r: R, float, nvic, scb, scs, systick, dwt, special, sleep };
    bus.attach(SCS_BASE, 0x1000, new Scs(scs));
    bus.attach(DWT_BASE, 0x1000, dwt);
    this.code = new Code(bus, port(scope, this.#last));
    scheduler.onSooner = () => this.#clock.attend();
    this.reset();
  }

  get instructions(): number {
    return this.#clock.instructions;
  }

  get cyclesPerInstruction(): number {
    return this.#clock.cyclesPerInstruction;
  }

  set cyclesPerInstruction(value: number) {
    this.#clock.settle();
    this.#clock.cyclesPerInstruction = value;
  }

  get asleep(): boolean {
    return this.#sleep.state !== "no";
  }

  #changed(pended: boolean): void {
    if (pended && this.#parts.scs.scr & SEVONPEND) this.#sleep.event = true;
    if (this.asleep || this.nvic.next()) this.#clock.attend();
  }

  reset(vectorTable = 0): void {
    const { r, nvic, special, systick, scb, scs, float } = this.#parts;
    this.#clock.settle();
    r.fill(0);
    r[NZ] = 1;
    nvic.reset();
    special.reset();
    systick.reset();
    Object.assign(scb, RESET, { vtor: vectorTable });
    scs.scr = 0;
    this.code.setStrict(false);
    float.bits.fill(0);
    float.fpscr = 0;
    this.#sleep.reset();
    r[LR] = -1;
    r[SP] = this.bus.read(vectorTable, 4) & ~3;
    r[PC] = this.bus.read(vectorTable + 4, 4) & ~1;
  }

  #requestReset(): void {
    this.#options.onReset?.(this);
    this.stop();
  }

  stop(): void {
    this.#stop = "stopped";
    this.#clock.attend();
  }

  stall(cycles: number): void {
    this.#clock.spend(cycles);
    this.scheduler.advance(this.scheduler.now + cycles);
    this.#clock.attend();
  }

  waitForEvent(): void {
    this.#sleep.begin("event");
    this.#clock.attend();
  }

  sendEvent(): void {
    this.#sleep.event = true;
    if (this.asleep) this.#clock.attend();
  }

  run(until: number): Stop {
    const { scheduler } = this;
    this.#stop = undefined;
    for (let first = true; ;) {
      this.#settle();
      if (this.#stop) return this.#stop;
      if (!this.#sleep.awake()) {
        const next = Math.min(scheduler.next, until);
        if (next === Infinity || scheduler.now >= until) return "asleep";
        scheduler.advance(next);
        continue;
      }
      const exception = this.nvic.next();
      if (exception) {
        this.#enter(exception);
        continue;
      }
      if (scheduler.now >= until) return "time";
      const stops = this.code.stopsAt((this.r[PC] as number) >>> 0);
      if (stops && !first) return "breakpoint";
      this.#clock.grant(Math.min(until, scheduler.next));
      this.#execute(stops);
      first = false;
    }
  }

  setBreakpoint(address: number, on: boolean): void {
    this.code.setStop(address >>> 0, on);
  }

  step(): void {
    this.#settle();
    const exception = this.nvic.next();
    if (exception) return this.#enter(exception);
    this.#clock.grant(this.scheduler.now + 1);
    this.#execute(true);
    this.#settle();
  }

  /** Accounts for what ran; after it PC is an instruction's address. */
  #settle(): void {
    this.#clock.settle();
    for (;;) {
      const pc = (this.r[PC] as number) >>> 0;
      if (pc < EVENT || (pc !== EVENT && !this.#returns(pc))) return;
      this.r[PC] = this.#other(pc);
    }
  }

  #returns(pc: number): boolean {
    return pc >= EXC_RETURN && this.special.ipsr !== 0;
  }

  #enter(exception: number): void {
    this.#exceptions.enter(exception, this.r[PC] as number, this.r[IT] as number);
    this.#entered();
  }

  #entered(): void {
    this.#sleep.event = true;
    this.#clock.spend(ENTRY_CYCLES);
  }

  #execute(step: boolean): void {
    try {
      const pc = step ? this.#inIt(1) : this.#spin();
      // An event that ended the grant has its next instruction in R[PC]: it must not be lost.
      this.r[PC] = pc >>> 0 === EVENT ? this.#happen() : pc;
    } catch (error) {
      const { place, count } = this.#last;
      this.r[LEFT] = (this.r[LEFT] as number) - count;
      if (!(error instanceof GuestFault)) {
        this.r[PC] = place % 2 ** 32;
        throw error;
      }
      this.#exceptions.fault(error);
      this.#entered();
    }
  }

  #spin(): number {
    const R = this.r;
    const flash = this.code.flash;
    const size = flash.length;
    let pc = R[IT] ? this.#inIt() : (R[PC] as number);
    while ((R[LEFT] as number) > 0) {
      const index = pc >>> 1;
      const known = index < size ? flash[index] : undefined;
      pc = known === undefined ? this.#other(pc >>> 0) : known();
    }
    return pc;
  }

  /** Goes on inside an IT block, or by so many instructions. */
  #inIt(length?: number): number {
    const it = this.r[IT] as number;
    const pc = (this.r[PC] as number) >>> 0;
    this.#at(pc);
    this.r[IT] = 0;
    return this.code.single(pc, it, length)();
  }

  /** What isn't in flash's array: new code, code in RAM, events, exceptions' returns. */
  #other(pc: number): number {
    this.#at(pc);
    if (pc === EVENT) return this.#happen();
    if (this.#returns(pc)) return this.#leave(pc | 1);
    if (this.code.stopsAt(pc)) {
      this.#clock.attend();
      return pc;
    }
    return this.code.find(pc)();
  }

  /** For errors that end the run here. */
  #at(pc: number): void {
    this.#last.place = pc;
    this.#last.count = 0;
  }

  #leave(value: number): number {
    this.#exceptions.leave(value);
    this.#sleep.event = true;
    if (this.#parts.scs.scr & SLEEPONEXIT && !this.special.ipsr) this.#sleep.begin("interrupt");
    this.#clock.attend();
    return this.r[PC] as number;
  }

  /** An instruction that asks for more than the generated code can do: state.ts's Event. */
  #happen(): number {
    const R = this.r;
    const code = R[CODE] as number;
    this.#at(R[PC] as number);
    this.scheduler.reach(this.#clock.cycle(0));
    switch (code & 255) {
      case Event.svc:
        if (this.#options.onSvc?.(code >>> 8, this)) break;
        this.#exceptions.call(R[PC] as number, R[IT] as number);
        this.#entered();
        break;
      case Event.bkpt:
        this.#breakpoint(code >>> 8);
        break;
      case Event.wfe:
        this.waitForEvent();
        break;
      case Event.wfi:
        this.#sleep.begin("interrupt");
        this.#clock.attend();
        break;
      case Event.sev:
        this.sendEvent();
        break;
    }
    if (R[IT]) this.#clock.attend();
    return R[PC] as number;
  }

  #breakpoint(number: number): void {
    const R = this.r;
    R[PC] = (R[PC] as number) - 2;
    if (this.#options.onBkpt?.(number, this)) {
      R[PC] = (R[PC] as number) + 2;
      return;
    }
    this.#exceptions.breakpoint(R[PC] as number, R[IT] as number);
    this.#entered();
  }

  snapshot(): CpuState {
    this.#settle();
    return save(this.#parts, this.instructions);
  }

  restore(state: CpuState): void {
    this.#clock.start(load(this.#parts, state), this.scheduler.now);
    this.code.setStrict((this.#parts.scb.ccr & UNALIGN_TRP) !== 0);
    this.code.forget();
  }
}
