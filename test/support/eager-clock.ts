/**
 * A clock for a host's waits (LinkClock) that jumps from one timer to the next as soon as this
 * process has nothing else to do: waits end at once, and take exactly what they should, however
 * busy the machine is.
 */
import type { LinkClock } from "../../host/sdk/links/time/link-clock.js";

interface Timer {
  readonly due: number;
  readonly act: () => void;
}

export class EagerClock implements LinkClock {
  #now = 0;
  readonly #timers = new Set<Timer>();
  #planned = false;

  now(): number {
    return this.#now;
  }
  after(milliseconds: number, act: () => void): () => void {
    const timer = { due: this.#now + milliseconds, act };
    this.#timers.add(timer);
    this.#plan();
    return () => void this.#timers.delete(timer);
  }
  #plan(): void {
    if (this.#planned || this.#timers.size === 0) return;
    this.#planned = true;
    // behind what is ready to be done, and what follows from it
    setImmediate(() => setImmediate(this.#jump));
  }
  readonly #jump = (): void => {
    this.#planned = false;
    const [next] = [...this.#timers].sort((a, b) => a.due - b.due);
    if (next) {
      this.#timers.delete(next);
      this.#now = next.due;
      next.act();
    }
    this.#plan();
  };
}
