/**
 * A board's time and timers. `getTime()` counts from power-on, as on an nRF52 that lost its power.
 *
 * A virtual clock stands still until `advance`; a real one runs by itself, and can still be
 * advanced. On either a timer runs at the moment for which it was set, as far as the program can
 * tell: a busy machine, which wakes the board late, must not make a slow board of it. Limits: the
 * bundle's own work takes no virtual time.
 */

export type ClockKind = "virtual" | "real";

interface Timer {
  readonly id: number;
  due: number;
  readonly every: number | undefined;
  readonly run: () => void;
}

/** Espruino's shortest, in seconds (TIMER_MIN_INTERVAL). */
const SHORTEST = 0.0001;

export class Clock {
  readonly #timers = new Map<number, Timer>();
  readonly #kind: ClockKind;
  readonly #started = performance.now();
  #added = 0;
  /** When the timer was due that is run just now, though the machine is late. */
  #late: number | undefined;
  #nextId = 1;
  #alarm: ReturnType<typeof setTimeout> | undefined;

  /** `wake` is called when a timer of a real clock is due; it is to call `runDue`. */
  constructor(
    kind: ClockKind,
    readonly wake: () => void,
  ) {
    this.#kind = kind;
  }

  /** Seconds since power-on. */
  get now(): number {
    if (this.#late !== undefined) return this.#late;
    const real = this.#kind === "real" ? (performance.now() - this.#started) / 1000 : 0;
    return real + this.#added;
  }

  get pending(): number {
    return this.#timers.size;
  }

  set(run: () => void, milliseconds: number, repeat: boolean): number {
    const delay = Math.max(Number(milliseconds) / 1000 || 0, SHORTEST);
    const id = this.#nextId++;
    this.#timers.set(id, { id, due: this.now + delay, every: repeat ? delay : undefined, run });
    this.#arm();
    return id;
  }

  clear(id: number): void {
    this.#timers.delete(id);
    this.#arm();
  }

  clearAll(): void {
    this.#timers.clear();
    this.#arm();
  }

  /** Moves time on by `seconds`, running what falls due on the way, in order. */
  advance(seconds: number): void {
    const until = this.now + seconds;
    for (;;) {
      const next = this.#next();
      if (!next || next.due > until) break;
      if (next.due > this.now) this.#added += next.due - this.now;
      this.#fire(next);
    }
    if (until > this.now) this.#added += until - this.now;
    this.#arm();
  }

  /** Runs what is due at this moment. */
  runDue(): void {
    for (let next = this.#next(); next && next.due <= this.now; next = this.#next()) {
      this.#fire(next);
    }
    this.#arm();
  }

  /** Runs what falls due within `seconds`, moving time only as far as those timers need. */
  settle(seconds: number): void {
    const until = this.now + seconds;
    for (let next = this.#next(); next && next.due <= until; next = this.#next()) {
      if (next.due > this.now) this.#added += next.due - this.now;
      this.#fire(next);
    }
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers.values()) {
      if (!first || timer.due < first.due) first = timer;
    }
    return first;
  }

  #fire(timer: Timer): void {
    const { due } = timer;
    if (timer.every === undefined) this.#timers.delete(timer.id);
    else timer.due += timer.every;
    if (due < this.now) this.#late = due;
    try {
      timer.run();
    } finally {
      this.#late = undefined;
    }
  }

  #arm(): void {
    if (this.#kind === "virtual") return;
    clearTimeout(this.#alarm);
    const next = this.#next();
    if (!next) return;
    this.#alarm = setTimeout(this.wake, Math.max(0, (next.due - this.now) * 1000));
  }
}
