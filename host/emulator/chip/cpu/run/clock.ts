/**
 * Instructions against time: how many were executed, which cycle that makes, and how many may run
 * until the scheduler has something due. Generated code counts R[LEFT] down.
 */

import type { Scheduler } from "../../scheduler.js";
import { LEFT } from "../state.js";

/** Most instructions between two looks around. */
const LONGEST = 0x20000000;

export class Clock {
  cyclesPerInstruction: number;
  readonly #R: Int32Array;
  readonly #scheduler: Scheduler;
  /** Instructions before the present grant, the cycle it began at, its size. */
  #done = 0;
  #base = 0;
  #granted = 0;

  constructor(R: Int32Array, scheduler: Scheduler, cyclesPerInstruction: number) {
    this.#R = R;
    this.#scheduler = scheduler;
    this.cyclesPerInstruction = cyclesPerInstruction;
  }

  get instructions(): number {
    return this.#done + this.#granted - (this.#R[LEFT] as number);
  }

  /** The cycle after `count` more instructions than are accounted for. */
  cycle(count: number): number {
    const ran = this.#granted - (this.#R[LEFT] as number) + count;
    return this.#base + ran * this.cyclesPerInstruction;
  }

  /** Makes the run loop look around at the next region's end. */
  attend(): void {
    const left = this.#R[LEFT] as number;
    if (left <= 0) return;
    this.#granted -= left;
    this.#R[LEFT] = 0;
  }

  /** Brings the scheduler to where the processor is, and counts anew from there. */
  settle(): void {
    const now = Math.max(this.cycle(0), this.#scheduler.now);
    this.start(this.instructions, now);
    this.#scheduler.advance(now);
    this.#base = this.#scheduler.now;
  }

  start(instructions: number, cycle: number): void {
    this.#done = instructions;
    this.#base = cycle;
    this.#granted = 0;
    this.#R[LEFT] = 0;
  }

  /** Lets instructions run until a cycle; at least one. Settled before. */
  grant(until: number): void {
    const cycles = until - this.#scheduler.now;
    const wanted = Math.ceil(cycles / this.cyclesPerInstruction);
    this.#granted = Math.min(Math.max(wanted, 1), LONGEST);
    this.#R[LEFT] = this.#granted;
  }

  /** Cycles that pass without instructions. */
  spend(cycles: number): void {
    this.#base += cycles;
  }
}
