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
import type { Float } from "./arithmetic/float.js";
import type { Core, CpuOptions, CpuState, Stop } from "./core.js";
import type { Exceptions } from "./exceptions/exceptions.js";
import { GuestFault } from "./exceptions/faults.js";
import type { Nvic } from "./exceptions/nvic.js";
import type { Special } from "./exceptions/special.js";
import { UNALIGN_TRP, makeParts, resetParts } from "./parts.js";
import type { Parts } from "./parts.js";
import type { Clock } from "./run/clock.js";
import type { Code } from "./run/code.js";
import type { Sleep } from "./run/sleep.js";
import { load, save } from "./snapshot.js";
import { CODE, EVENT, Event, IT, LEFT, PC, PLACES, SP } from "./state.js";

const ENTRY_CYCLES = 12;
const EXC_RETURN = 0xffffffe0;
const SLEEPONEXIT = 2;
const SEVONPEND = 16;

export class Cpu implements Core {
  readonly r = new Int32Array(PLACES);
  readonly nvic: Nvic;
  readonly scheduler: Scheduler;
  readonly bus: Bus;
  readonly float: Float;
  readonly special: Special;
  readonly code: Code;
  readonly #options: CpuOptions;
  readonly #parts: Parts;
  readonly #exceptions: Exceptions;
  readonly #clock: Clock;
  readonly #sleep: Sleep;
  #stop: Stop | undefined;

  constructor(options: CpuOptions) {
    const { bus, scheduler } = options;
    this.#options = options;
    this.bus = bus;
    this.scheduler = scheduler;
    const changed = (pended: boolean): void => this.#changed(pended);
    const parts = makeParts(this.r, options, { changed, reset: () => this.#requestReset() });
    this.#parts = parts;
    this.nvic = parts.nvic;
    this.float = parts.float;
    this.special = parts.special;
    this.code = parts.code;
    this.#exceptions = parts.exceptions;
    this.#clock = parts.clock;
    this.#sleep = parts.sleep;
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
    this.#clock.settle();
    resetParts(this.#parts, vectorTable);
    this.r[SP] = this.bus.read(vectorTable, 4) & ~3;
    this.r[PC] = this.bus.read(vectorTable + 4, 4) & ~1;
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
      const stops = this.code.stopsAt((this.r[PC] as number) >>> 0);
      // Before the time: the next run would begin here, and what it begins at does not count.
      if (stops && !first) return "breakpoint";
      if (scheduler.now >= until) return "time";
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
      if (!this.#returns(pc)) return;
      this.r[PC] = this.#leave(pc | 1);
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
      const { place, count } = this.#parts.last;
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
    this.#parts.last.place = pc;
    this.#parts.last.count = 0;
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
