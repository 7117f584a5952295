/**
 * The SoftDevice's pool of random bytes (nrf_soc.h): 64 of them, refilled one by one in the time
 * that the hardware takes with bias correction on.
 */

import type { RandomSource } from "../../entropy.js";
import type { Scheduler } from "../scheduler.js";
import { US } from "../soc/base/time.js";

export const POOL = 64;
/** RNG (nRF52832 Product Specification v1.4): tRNG,BC, typical. */
const BYTE = 120 * US;

export class RandomPool {
  /** When it held nothing, or would have. */
  #empty = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly source: RandomSource,
  ) {}

  /** Enabling the SoftDevice starts with an empty pool. */
  start(): void {
    this.#empty = this.scheduler.now;
  }
  get available(): number {
    return Math.min(POOL, Math.floor((this.scheduler.now - this.#empty) / BYTE));
  }
  /** Undefined when there are not that many. */
  take(count: number): Uint8Array | undefined {
    const left = this.available - count;
    if (left < 0) return undefined;
    // A full pool does not go on filling; below that, the byte under way goes on.
    const full = left + count === POOL;
    this.#empty = full ? this.scheduler.now - left * BYTE : this.#empty + count * BYTE;
    return Uint8Array.from({ length: count }, () => this.source.next32() & 255);
  }
}
