/**
 * One flash operation at a time (nrf_soc.h). While the SoftDevice is enabled the call returns at
 * once, the operation begins a little later, the processor stands still for it, and an event tells
 * its end; who asks for another one before that is told BUSY. While it is disabled the call returns
 * when the operation is done, and there is no event.
 *
 * Limits: a real one waits for a gap in the radio's plan, and gives up (an event tells that) when
 * there is none. What was asked for when it is disabled never happens; nobody has looked at a real
 * one there.
 */

import type { Scheduler } from "../scheduler.js";
import { US } from "../soc/base/time.js";
import { NRF } from "./calls.js";

/** From the call to the operation's begin, with nothing of the radio in between (an estimate). */
const START = 100 * US;

export class FlashQueue {
  /** From the call to the operation's begin, in cycles. */
  start = START;
  #enabled = false;
  #busy = false;
  /** Counts enablings: an operation belongs to one. */
  #life = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly done: () => void,
  ) {}

  /** An NRF_ERROR. */
  ask(operation: () => void): number {
    if (!this.#enabled) {
      operation();
      return NRF.SUCCESS;
    }
    if (this.#busy) return NRF.BUSY;
    this.#busy = true;
    const life = this.#life;
    this.scheduler.after(this.start, () => {
      if (life !== this.#life) return;
      operation();
      this.#busy = false;
      this.done();
    });
    return NRF.SUCCESS;
  }

  enable(on: boolean): void {
    this.#life++;
    this.#enabled = on;
    this.#busy = false;
  }
}
