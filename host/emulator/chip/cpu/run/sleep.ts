/**
 * WFE and WFI (DDI 0403E, B1.5.17 and B1.5.18): what the processor sleeps for, and what wakes it.
 */

import type { Nvic } from "../exceptions/nvic.js";

export type Sleeping = "no" | "event" | "interrupt";

export class Sleep {
  state: Sleeping = "no";
  /** The event register. */
  event = false;
  readonly #nvic: Nvic;

  constructor(nvic: Nvic) {
    this.#nvic = nvic;
  }

  reset(): void {
    this.state = "no";
    this.event = false;
  }

  /** WFE goes on at once if an event is there, and uses it up. */
  begin(kind: "event" | "interrupt"): void {
    if (kind === "event" && this.event) this.event = false;
    else this.state = kind;
  }

  /** True if awake, woken now or all along. */
  awake(): boolean {
    if (this.state === "no") return true;
    if (this.state === "event" && this.event) this.event = false;
    else if (!this.#nvic.wakes()) return false;
    this.state = "no";
    return true;
  }
}
