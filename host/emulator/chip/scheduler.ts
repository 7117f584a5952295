/**
 * The chip's time: CPU cycles (64 MHz) since power-up, as a number that may have a fraction, and
 * the events that peripherals have due. The processor moves the time forward as it executes and
 * stops at the next event; asleep, it jumps there. Events due at the same cycle run in the order
 * in which they were made: same inputs, same run.
 */

export interface Handle {
  /** When it is due; Infinity once it ran or was cancelled. */
  readonly cycle: number;
}

interface Entry {
  cycle: number;
  readonly callback: () => void;
}

export class Scheduler {
  #now = 0;
  /** Soonest first; equal cycles in order of making. */
  readonly #due: Entry[] = [];
  /** Told when a new event may be due before those known: the processor shortens its run. */
  onSooner: (() => void) | undefined;

  /** The present cycle. Exact in a peripheral's read or write and in an event. */
  get now(): number {
    return this.#now;
  }

  /** When the next event is due; Infinity without any. */
  get next(): number {
    return this.#due[0]?.cycle ?? Infinity;
  }

  /** Calls back when `cycle` comes; one that is past comes at once, not inside this call. */
  at(cycle: number, callback: () => void): Handle {
    if (Number.isNaN(cycle)) throw new RangeError("an event at no time");
    const entry: Entry = { cycle: Math.max(cycle, this.#now), callback };
    let index = this.#due.length;
    while (index > 0 && (this.#due[index - 1] as Entry).cycle > entry.cycle) index--;
    this.#due.splice(index, 0, entry);
    if (index === 0) this.onSooner?.();
    return entry;
  }

  /** The same, `cycles` from now. */
  after(cycles: number, callback: () => void): Handle {
    return this.at(this.#now + cycles, callback);
  }

  /** Nothing happens if it ran, was cancelled, or is undefined. */
  cancel(handle: Handle | undefined): void {
    const index = this.#due.indexOf(handle as Entry);
    if (index < 0) return;
    const [entry] = this.#due.splice(index, 1);
    if (entry) entry.cycle = Infinity;
  }

  /** Moves the time to `cycle`, running what is due until then, each at its own time. */
  advance(cycle: number): void {
    for (;;) {
      const entry = this.#due[0];
      if (!entry || entry.cycle > cycle) break;
      this.#due.shift();
      if (entry.cycle > this.#now) this.#now = entry.cycle;
      entry.cycle = Infinity;
      entry.callback();
    }
    if (cycle > this.#now && cycle !== Infinity) this.#now = cycle;
  }

  /** For the processor: the exact time inside a stretch of instructions; runs nothing. */
  reach(cycle: number): void {
    if (cycle > this.#now) this.#now = cycle;
  }

  /** For restoring a snapshot: another time, and nothing due (owners make their events anew). */
  restart(cycle: number): void {
    for (const entry of this.#due.splice(0)) entry.cycle = Infinity;
    this.#now = cycle;
  }
}
