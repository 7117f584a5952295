/** SysTick (DDI 0403E, B3.3): a 24-bit counter down, in CPU cycles or of a reference. */

import type { Handle, Scheduler } from "../../scheduler.js";

const ENABLE = 1;
const TICKINT = 2;
const CLKSOURCE = 4;
const COUNTFLAG = 1 << 16;

export class SysTick {
  #control = 0;
  #reload = 0;
  /** The counter at #since; what it counts from then on follows. */
  #value = 0;
  #since = 0;
  #flag = false;
  #event: Handle | undefined;
  readonly #scheduler: Scheduler;
  readonly #onTick: () => void;
  readonly #reference: number;

  /** `reference`: CPU cycles per tick of the other clock. */
  constructor(scheduler: Scheduler, reference: number, onTick: () => void) {
    this.#scheduler = scheduler;
    this.#reference = reference;
    this.#onTick = onTick;
  }

  reset(): void {
    this.#scheduler.cancel(this.#event);
    this.#event = undefined;
    this.#control = this.#reload = this.#value = 0;
    this.#flag = false;
  }

  get #cyclesPerTick(): number {
    return this.#control & CLKSOURCE ? 1 : this.#reference;
  }

  /** Brings #value up to the present. */
  #settle(): void {
    const now = this.#scheduler.now;
    if (this.#control & ENABLE) {
      const ticks = Math.floor((now - this.#since) / this.#cyclesPerTick);
      this.#since += ticks * this.#cyclesPerTick;
      this.#value = this.#after(ticks);
    } else {
      this.#since = now;
    }
  }

  /** From 0 the counter goes to the reload value; with a reload of 0 it stays. */
  #after(ticks: number): number {
    if (ticks <= this.#value) return this.#value - ticks;
    if (this.#reload === 0) return 0;
    const period = this.#reload + 1;
    return this.#reload - ((ticks - this.#value - 1) % period);
  }

  #schedule(): void {
    this.#scheduler.cancel(this.#event);
    this.#event = undefined;
    if (!(this.#control & ENABLE) || (this.#value === 0 && this.#reload === 0)) return;
    const ticks = this.#value || this.#reload + 1;
    this.#event = this.#scheduler.at(this.#since + ticks * this.#cyclesPerTick, () => this.#tick());
  }

  #tick(): void {
    this.#settle();
    this.#flag = true;
    if (this.#control & TICKINT) this.#onTick();
    this.#schedule();
  }

  read(offset: number): number {
    this.#settle();
    switch (offset) {
      case 0x10: {
        const flag = this.#flag ? COUNTFLAG : 0;
        this.#flag = false;
        return this.#control | flag;
      }
      case 0x14:
        return this.#reload;
      case 0x18:
        return this.#value;
      default:
        return 0; // CALIB: no calibration value
    }
  }

  write(offset: number, value: number): void {
    this.#settle();
    if (offset === 0x10) this.#control = value & 7;
    if (offset === 0x14) this.#reload = value & 0xffffff;
    if (offset === 0x18) {
      this.#value = 0;
      this.#flag = false;
    }
    if (offset !== 0x14 || this.#event === undefined) this.#schedule();
  }

  snapshot(): Record<string, number | boolean> {
    this.#settle();
    const [control, reload, value, since] = [
      ...[this.#control, this.#reload],
      ...[this.#value, this.#since],
    ] as [number, number, number, number];
    return { control, reload, value, since, flag: this.#flag };
  }

  restore(state: ReturnType<SysTick["snapshot"]>): void {
    this.#control = state["control"] as number;
    this.#reload = state["reload"] as number;
    this.#value = state["value"] as number;
    this.#since = state["since"] as number;
    this.#flag = state["flag"] as boolean;
    this.#schedule();
  }
}
