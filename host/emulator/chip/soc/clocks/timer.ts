/**
 * TIMER0..4 (nRF52832 Product Specification v1.4, chapter TIMER): 16 MHz / 2^PRESCALER, 8 to 32
 * bits, timer and counter mode, captures, shortcuts.
 */

import type { Handle } from "../../scheduler.js";
import { Block, type Event, type Host } from "../base/block.js";

/** Cycles of the processor in one of the 16 MHz clock. */
const SLOW = 4;
const BITS = [16, 8, 24, 32];
const COUNTER = 1;

export class Timer {
  readonly block: Block;
  readonly #host: Host;
  readonly #compare: { readonly event: Event; cc: number }[] = [];
  #mode = 0;
  #bits = 16;
  #prescaler = 4;
  #base = 0;
  /** The moment of `#base`, in cycles. */
  #from = 0;
  #running = false;
  #alarm: Handle | undefined;

  constructor(host: Host, name: string, base: number, line: number, compares: number) {
    this.#host = host;
    const block = (this.block = new Block(host, name, base, line));
    block.task(0x000, "TASKS_START", () => this.#start());
    block.task(0x004, "TASKS_STOP", () => this.#stop());
    block.task(0x008, "TASKS_COUNT", () => this.#count());
    block.task(0x00c, "TASKS_CLEAR", () => this.#clear());
    block.task(0x010, "TASKS_SHUTDOWN", () => {
      this.#stop();
      this.#clear();
    });
    const shorts: [number, Event, () => void][] = [];
    for (let i = 0; i < compares; i++) {
      const event = block.event(0x140 + 4 * i, `EVENTS_COMPARE[${i}]`);
      const one = { event, cc: 0 };
      this.#compare.push(one);
      block.task(0x040 + 4 * i, `TASKS_CAPTURE[${i}]`, () => {
        one.cc = this.value;
        this.#plan();
      });
      const write = (value: number) => {
        one.cc = value;
        this.#plan();
      };
      block.live(0x540 + 4 * i, `CC[${i}]`, () => one.cc, write);
      shorts.push([i, event, () => this.#clear()], [8 + i, event, () => this.#stop()]);
    }
    block.shortcuts(shorts);
    block.interrupts();
    block.live(
      0x504,
      "MODE",
      () => this.#mode,
      (value) => void (this.#mode = value & 3),
    );
    const width = (value: number) => this.#shape(() => (this.#bits = BITS[value & 3]!));
    block.live(0x508, "BITMODE", () => BITS.indexOf(this.#bits), width);
    const scale = (value: number) => this.#shape(() => (this.#prescaler = value & 15));
    block.live(0x510, "PRESCALER", () => this.#prescaler, scale);
  }

  get value(): number {
    if (!this.#running || this.#mode) return this.#base;
    const ticks = Math.floor((this.#host.scheduler.now - this.#from) / this.#period);
    return (this.#base + ticks) % 2 ** this.#bits;
  }

  get #period(): number {
    return SLOW << this.#prescaler;
  }
  #shape(change: () => void): void {
    this.#hold(this.value);
    change();
    this.#plan();
  }
  #hold(value: number): void {
    this.#base = value;
    this.#from = this.#host.scheduler.now;
  }
  #start(): void {
    if (this.#running) return;
    this.#hold(this.#base);
    this.#running = true;
    this.#plan();
  }
  #stop(): void {
    this.#hold(this.value);
    this.#running = false;
    this.#plan();
  }
  #clear(): void {
    this.#hold(0);
    this.#plan();
  }
  #count(): void {
    if (!this.#running || !this.#mode) return;
    this.#base = (this.#base + 1) % 2 ** this.#bits;
    for (const { event, cc } of this.#compare) if (cc === this.#base) event.fire();
  }

  #plan(): void {
    const { scheduler } = this.#host;
    scheduler.cancel(this.#alarm);
    this.#alarm = undefined;
    if (!this.#running || this.#mode & COUNTER) return;
    const wrap = 2 ** this.#bits;
    const passed = Math.floor((scheduler.now - this.#from) / this.#period);
    const now = (this.#base + passed) % wrap;
    let nearest = Infinity;
    for (const { cc } of this.#compare) {
      if (cc >= wrap) continue;
      nearest = Math.min(nearest, (cc - now + wrap) % wrap || wrap);
    }
    if (nearest === Infinity) return;
    const due = (now + nearest) % wrap;
    this.#alarm = scheduler.at(this.#from + (passed + nearest) * this.#period, () => {
      this.#hold(due);
      for (const { event, cc } of this.#compare) if (cc === due) event.fire();
      this.#plan();
    });
  }
}
