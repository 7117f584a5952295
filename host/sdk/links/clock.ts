/**
 * Time that passes, by a clock that nobody sets (High Resolution Time, performance.now): the wall's
 * jumps when people, the network or summer time set it, and would end a wait at once or an hour
 * late. A lint rule keeps Date.now out of everything else. Browser-safe.
 *
 * Suspend: where this clock sleeps with the machine (Linux, macOS), timers do too, and a wait goes
 * on with what was left of it: it ends after waking within its own length. An Age must not be too
 * young and takes the wall clock for a second witness.
 */

/** Milliseconds since some moment, for differences. */
export const now = (): number => performance.now();

/** Tells whether so many milliseconds have passed since this call. */
export function deadline(milliseconds: number): () => boolean {
  const end = now() + milliseconds;
  return () => now() >= end;
}

/** How long ago something was, at least one clock says so; too old rather than too young. */
export class Age {
  #steady = now();
  #wall = Date.now();

  renew(): void {
    this.#steady = now();
    this.#wall = Date.now();
  }
  get milliseconds(): number {
    return Math.max(now() - this.#steady, Date.now() - this.#wall);
  }
}
