/** The cycle counter of the DWT unit (DDI 0403E, C1.8) at 0xE0001000; its comparators are not. */

import type { Peripheral } from "../../bus.js";
import { UnknownRegister } from "../../bus.js";
import type { Scheduler } from "../../scheduler.js";

export class Dwt implements Peripheral {
  readonly name = "DWT";
  #enabled = false;
  /** The counter at #since. */
  #count = 0;
  #since = 0;
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  #cycles(): number {
    const ran = this.#enabled ? Math.floor(this.#scheduler.now) - this.#since : 0;
    return (this.#count + ran) % 2 ** 32;
  }

  read(offset: number): number {
    if (offset === 0) return this.#enabled ? 1 : 0;
    if (offset === 4) return this.#cycles();
    throw new UnknownRegister(this.name, offset, false);
  }

  write(offset: number, value: number): void {
    if (offset === 0) this.set(this.#cycles(), (value & 1) !== 0);
    else if (offset === 4) this.set(value, this.#enabled);
    else if (offset !== 0xfb0) throw new UnknownRegister(this.name, offset, true, value);
  }

  set(count: number, enabled: boolean): void {
    this.#count = count;
    this.#enabled = enabled;
    this.#since = Math.floor(this.#scheduler.now);
  }

  snapshot(): { count: number; enabled: boolean } {
    return { count: this.#cycles(), enabled: this.#enabled };
  }
}
