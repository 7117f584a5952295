/**
 * One attempt to reach a device's GATT server, which has an end: a browser's own promises may have
 * none. Whatever ends it, the device is disconnected, for a connect that is still pending holds the
 * radio; what the browser brings later belongs to nobody. One attempt a device: a newer one ends
 * the older, and the older touches nothing of it any more.
 */

import type { BleStep } from "../../../../sdk/failures/facts.js";
import { LinkError } from "../../../../sdk/links/link.js";
import { within } from "../../../../sdk/links/time/waits.js";

/** Of each step. */
export const STEP_MS = 15_000;

export interface Gatt {
  disconnect(): void;
}
export interface OpeningOptions {
  readonly stepMs?: number;
  readonly signal?: AbortSignal;
}

/** The attempt or the link that has the device now. */
const current = new WeakMap<object, Opening>();

export class Opening {
  readonly #replaced = new AbortController();
  readonly #signal: AbortSignal;
  #dropped = false;

  constructor(
    private readonly device: object,
    private readonly gatt: Gatt,
    private readonly link: string,
    private readonly options: OpeningOptions = {},
  ) {
    const { signal } = options;
    const { signal: replaced } = this.#replaced;
    this.#signal = signal ? AbortSignal.any([signal, replaced]) : replaced;
    const before = current.get(device);
    current.set(device, this);
    if (before) {
      before.#replaced.abort();
      gatt.disconnect();
    }
  }

  /** Whether the device's events are this one's. */
  get isCurrent(): boolean {
    return current.get(this.device) === this;
  }

  /** What a step brings, or its end: then the device is let go of. */
  async step<T>(step: BleStep, work: () => Promise<T>): Promise<T> {
    const { link } = this;
    const stopped = () => new LinkError("link/aborted", { link });
    const late = () => new LinkError("link/step-late", { link, step });
    const ms = this.options.stepMs ?? STEP_MS;
    try {
      if (this.#signal.aborted) throw stopped();
      const working = work();
      const result = within(working, { ms, late, signal: this.#signal, stopped });
      result.catch(() => working.then(() => this.#tooLate()).catch(() => undefined));
      return await result;
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  /** The browser connected after all, for nobody. */
  #tooLate(): void {
    if (!current.has(this.device)) this.gatt.disconnect();
  }

  /** Disconnects the device, unless it is another attempt's by now. */
  drop(): void {
    if (this.#dropped || !this.isCurrent) return;
    this.#dropped = true;
    current.delete(this.device);
    this.gatt.disconnect();
  }
}
