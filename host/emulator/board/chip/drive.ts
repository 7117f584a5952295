/**
 * What moves a chip's clock: as far as there is something to do, or with the machine's.
 *
 * "virtual": it runs while the processor works, while bytes are on a wire, and `settle` seconds
 * more; then its time stands still. While somebody waits on its clock it also passes the idle time,
 * not faster than some twenty times real time, so that a program that computes is not taken for
 * silent. "real": it never runs ahead of the machine's clock; a slow machine makes a slow chip.
 */

import { now } from "../../../sdk/links/clock.js";
import type { LinkClock } from "../../../sdk/links/time/link-clock.js";
import type { Chip } from "../../chip/chip.js";
import type { Stop } from "../../chip/cpu/core.js";
import { HZ, MS } from "../../chip/soc/base/time.js";

export type ChipClock = "virtual" | "real";

export interface DriveOptions {
  readonly clock: ChipClock;
  /** Seconds. */
  readonly settle: number;
  /** Bytes are on their way in, or out. */
  readonly busy: () => boolean;
  /** After each stretch: what came out is handed on. */
  readonly flush: () => void;
  readonly failed: (error: unknown) => void;
}

const SLICE = 5 * MS;
const IDLE_SLICE = 20 * MS;
/** So long it runs before others have their turn. */
const TURN = 100 * MS;
/** In real time it runs in steps of so many milliseconds; with nothing to do, of so many. */
const BEHIND_MS = 2;
const DOZE_MS = 10;
/** A processor that never sleeps and says nothing is let go after so long. */
const SPIN = 20 * HZ;

interface Timer {
  readonly when: number;
  readonly act: () => void;
}

export class Drive {
  /** When it last had work, and when anything last came or went. */
  #active = 0;
  #heard = 0;
  #scheduled: (() => void) | undefined;
  #running = false;
  /** What passed by the machine's clock while it was off, in cycles: the host's clock does not stop
   * for who waits for a board without power. */
  #off = 0;
  #offSince = now();
  readonly #timers = new Set<Timer>();
  /** A debugger decides when it executes. */
  #held = false;
  #origin = { wall: 0, cycle: 0 };

  constructor(
    private readonly chip: Chip,
    private readonly options: DriveOptions,
  ) {}

  /** The chip's clock for hosts that wait for it. */
  readonly clock: LinkClock = {
    now: () => this.#now / MS,
    after: (milliseconds, act) => this.#after(milliseconds, act),
  };

  get running(): boolean {
    return this.#running;
  }

  /** From here on nothing but `slice` moves the chip, until `release`: what waits goes on waiting. */
  hold(): void {
    this.#held = true;
    this.#unplan();
  }
  release(): void {
    this.#held = false;
    this.#restart();
    this.wake();
  }
  /** A little, while it is held. */
  slice(): "more" | "breakpoint" | "ended" {
    if (!this.chip.on) return "ended";
    const why = this.#run(this.chip.scheduler.now + SLICE);
    this.options.flush();
    this.#fire();
    if (!this.chip.on) return "ended";
    return why === "breakpoint" ? why : "more";
  }

  /** Something happened: it has work, or may have. */
  wake(): void {
    this.#active = this.#heard = this.chip.scheduler.now;
    // It may be dozing.
    if (this.options.clock === "real" && !this.#running) this.#unplan();
    this.#plan();
  }

  /** Something came or went, inside a run. */
  touch(): void {
    this.#active = this.#heard = this.chip.scheduler.now;
  }

  powered(on: boolean): void {
    if (on) {
      this.#off += (now() - this.#offSince) * MS;
      this.#restart();
      return this.wake();
    }
    this.#offSince = now();
    this.#unplan();
    this.#plan();
  }
  #unplan(): void {
    this.#scheduled?.();
    this.#scheduled = undefined;
  }
  /** Real time counts from here on. */
  #restart(): void {
    this.#origin = { wall: now(), cycle: this.chip.scheduler.now };
  }

  /** Runs on at once, up to a cycle or until a condition holds; true if it came to hold. */
  runTo(cycle: number, until?: () => boolean): boolean {
    if (this.#running) throw new Error("the chip runs already");
    if (this.#held) return until?.() ?? true;
    const { scheduler } = this.chip;
    while (this.chip.on && scheduler.now < cycle && !until?.()) {
      this.#run(until ? Math.min(cycle, scheduler.now + SLICE) : cycle);
    }
    this.options.flush();
    this.#fire();
    return until?.() ?? true;
  }

  #run(cycle: number): Stop | undefined {
    this.#running = true;
    try {
      return this.chip.run(cycle);
    } catch (error) {
      this.options.failed(error);
    } finally {
      this.#running = false;
    }
    return undefined;
  }

  get #now(): number {
    const past = this.#off + this.chip.scheduler.now;
    return this.chip.on ? past : past + (now() - this.#offSince) * MS;
  }

  #after(milliseconds: number, act: () => void): () => void {
    if (this.options.clock === "real" || !this.chip.on) {
      const timer = setTimeout(act, milliseconds);
      return () => clearTimeout(timer);
    }
    const timer = { when: this.#now + milliseconds * MS, act };
    this.#timers.add(timer);
    this.#plan();
    return () => void this.#timers.delete(timer);
  }
  #fire(): void {
    for (const timer of [...this.#timers]) {
      if (timer.when > this.#now || !this.#timers.delete(timer)) continue;
      timer.act();
    }
  }
  /** The power went under who waits: their time goes on with the machine's. */
  #orphans(): void {
    for (const timer of this.#timers) {
      this.#timers.delete(timer);
      setTimeout(timer.act, Math.max(0, (timer.when - this.#now) / MS));
    }
  }

  #plan(): void {
    if (!this.chip.on) return this.#orphans();
    if (this.#scheduled || this.#running || this.#held) return;
    const wait = this.options.clock === "real" ? this.#realWait() : this.#virtualWait();
    if (wait === undefined) return;
    const go = () => {
      this.#scheduled = undefined;
      this.#step();
    };
    if (wait === 0) {
      const handle = setImmediate(go);
      this.#scheduled = () => clearImmediate(handle);
    } else {
      const handle = setTimeout(go, wait);
      this.#scheduled = () => clearTimeout(handle);
    }
  }
  #virtualWait(): number | undefined {
    if (this.#works()) return 0;
    return this.#timers.size ? 1 : undefined;
  }
  /** Milliseconds: none when it is behind, few while something goes on. */
  #realWait(): number {
    if (this.#target() - this.chip.scheduler.now > BEHIND_MS * MS) return 0;
    return this.#works() ? BEHIND_MS : DOZE_MS;
  }
  #target(): number {
    const target = this.#origin.cycle + (now() - this.#origin.wall) * MS;
    // What a slow machine missed is not made up for.
    if (target - this.chip.scheduler.now > 100 * MS) {
      this.#restart();
      return this.chip.scheduler.now + MS;
    }
    return target;
  }
  /** Whether there is more to do than to let time pass. */
  #works(): boolean {
    const { now } = this.chip.scheduler;
    if (now - this.#active < this.options.settle * HZ) return now - this.#heard < SPIN;
    return this.options.busy();
  }

  #step(): void {
    const { scheduler } = this.chip;
    if (this.options.clock === "real") this.#pace();
    else if (this.#works()) this.#burst();
    else this.#run(scheduler.now + IDLE_SLICE);
    this.options.flush();
    this.#fire();
    this.#plan();
  }
  #pace(): void {
    const { scheduler, cpu } = this.chip;
    const slice = cpu.asleep ? IDLE_SLICE : SLICE;
    this.#run(Math.min(scheduler.now + slice, this.#target()));
    if (this.options.busy() || !cpu.asleep) this.#active = scheduler.now;
  }
  /** To the end of what there is to do, the settling included: in one piece, so that it is the same
   * run each time; but it lets others have their turn now and then. */
  #burst(): void {
    const { scheduler } = this.chip;
    const end = scheduler.now + TURN;
    while (this.chip.on && this.#works() && scheduler.now < end) {
      this.#run(Math.min(scheduler.now + SLICE, end));
      if (!this.chip.on) return;
      if (this.options.busy() || !this.chip.cpu.asleep) this.#active = scheduler.now;
    }
  }
}
