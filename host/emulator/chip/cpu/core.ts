/**
 * The processor as the rest of the chip sees it: interrupts in, supervisor calls out, time.
 * `new Cpu({ bus, scheduler, ... })` (cpu.ts) makes one.
 */

import type { Bus } from "../bus.js";
import type { Scheduler } from "../scheduler.js";

/** Interrupts of the chip, numbered from 0 (exception 16). */
export interface Interrupts {
  /** An event: pending until taken. */
  setPending(irq: number): void;
  clearPending(irq: number): void;
  isPending(irq: number): boolean;
  /** A line that stays up: pending again at the return for as long as it is asserted. */
  level(irq: number, asserted: boolean): void;
  /** Set enable, or clear it, as ISER and ICER do; and the priority, 0 to 2^priorityBits - 1. */
  enable(irq: number, enabled: boolean): void;
  isEnabled(irq: number): boolean;
  setPriority(irq: number, priority: number): void;
  priority(irq: number): number;
  isActive(irq: number): boolean;
}

/**
 * Why run() came back: the time given is over; asleep with nothing due before its end (the time
 * is at the end, or where it was if that was Infinity); at a breakpoint; stop() was called.
 */
export type Stop = "time" | "asleep" | "breakpoint" | "stopped";

export interface CpuOptions {
  readonly bus: Bus;
  readonly scheduler: Scheduler;
  /** How many interrupts there are; 38 on an nRF52832. */
  readonly interrupts?: number;
  /** Bits of priority; 3 on an nRF52832. */
  readonly priorityBits?: number;
  /** Mean cycles an instruction, 1.0 to 4.0: the time model. */
  readonly cyclesPerInstruction?: number;
  /**
   * A supervisor call, before any exception: true says it was answered and execution goes on
   * behind it; false lets the processor take its SVCall exception. r[15] is the next instruction.
   */
  readonly onSvc?: (number: number, cpu: Core) => boolean;
  /**
   * BKPT: true says it was answered (semihosting); else it is a HardFault. r[15] is its address.
   */
  readonly onBkpt?: (number: number, cpu: Core) => boolean;
  /** CPU cycles per tick of SysTick's other clock. */
  readonly systickReference?: number;
  /** AIRCR.SYSRESETREQ was written. The run stops right behind it. */
  readonly onReset?: (cpu: Core) => void;
}

export interface Core {
  /** r0 to r12, SP, LR, PC as they are now; exact between runs, in onSvc and in events. */
  readonly r: Int32Array;
  readonly nvic: Interrupts;
  readonly scheduler: Scheduler;
  readonly bus: Bus;
  /** Instructions executed since it was made. */
  readonly instructions: number;
  /** May be changed between runs. */
  cyclesPerInstruction: number;
  /** Runs up to the scheduler's cycle `until`. An emulator's limit met on the way is thrown. */
  run(until: number): Stop;
  /** As at power-up or reset: registers cleared, SP and PC from the vector table. */
  reset(vectorTable?: number): void;
  /** Comes back from run() at the next block's end. */
  stop(): void;
  /** Time passes without instructions (an erase of flash): events run, interrupts wait. */
  stall(cycles: number): void;
  /** WFE: at once if an event or interrupt came since the last one, else sleeps until then. */
  waitForEvent(): void;
  /** Wakes a sleeping WFE (SEV). */
  sendEvent(): void;
  readonly asleep: boolean;
  /** run() comes back in front of these; what it begins at does not count. */
  setBreakpoint(address: number, on: boolean): void;
  /** One instruction, or one exception's entry. */
  step(): void;
  /** Everything in the processor (not memory, nor the scheduler's events of others). */
  snapshot(): CpuState;
  restore(state: CpuState): void;
}

/** A copy of the processor's state; its inside is cpu.ts's business. It survives JSON. */
export type CpuState = { readonly [name: string]: unknown };
