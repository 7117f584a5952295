/**
 * RTC0..2 (nRF52832 Product Specification v1.4, chapter RTC): 24 bits at 32768 Hz / (PRESCALER +
 * 1).
 *
 * It counts on the edges of the one low frequency clock that all RTCs of a chip share. Limits: a
 * task acts at once (the specification allows 46 us more).
 */

import type { Handle } from "../../scheduler.js";
import { HZ } from "../base/time.js";
import { Block, type Event, type Host } from "../base/block.js";

const EDGE = HZ / 32768;
const WRAP = 0x1000000;
/** COUNTER after TRIGOVRFLW. */
const NEARLY = 0xfffff0;
const TICK = 1 << 0;

export class Rtc {
  readonly block: Block;
  readonly #host: Host;
  readonly #tick: Event;
  readonly #overflow: Event;
  readonly #compare: { readonly event: Event; cc: number; alarm: Handle | undefined }[] = [];
  #wrap: Handle | undefined;
  #beat: Handle | undefined;
  #routed = 0;
  #prescaler = 0;
  /** COUNTER at edge number `#edge`; it counts from there while it runs. */
  #base = 0;
  #edge = 0;
  #running = false;

  constructor(host: Host, name: string, base: number, line: number, compares: number) {
    this.#host = host;
    const block = (this.block = new Block(host, name, base, line));
    block.task(0x000, "TASKS_START", () => this.start());
    block.task(0x004, "TASKS_STOP", () => this.stop());
    block.task(0x008, "TASKS_CLEAR", () => this.set(0));
    block.task(0x00c, "TASKS_TRIGOVRFLW", () => this.set(NEARLY));
    this.#tick = block.event(0x100, "EVENTS_TICK");
    this.#overflow = block.event(0x104, "EVENTS_OVRFLW");
    for (let i = 0; i < compares; i++) {
      const event = block.event(0x140 + 4 * i, `EVENTS_COMPARE[${i}]`);
      const one = { event, cc: 0, alarm: undefined };
      this.#compare.push(one);
      const write = (value: number) => {
        one.cc = value & (WRAP - 1);
        this.#plan();
      };
      block.live(0x540 + 4 * i, `CC[${i}]`, () => one.cc, write);
    }
    block.interrupts(false, () => this.#plan());
    const route = (value: number) => {
      this.#routed = value;
      this.#plan();
    };
    block.live(0x340, "EVTEN", () => this.#routed, route);
    block.live(
      0x344,
      "EVTENSET",
      () => this.#routed,
      (value) => route(this.#routed | value),
    );
    block.live(
      0x348,
      "EVTENCLR",
      () => this.#routed,
      (value) => route(this.#routed & ~value),
    );
    block.live(0x504, "COUNTER", () => this.counter);
    const scale = (value: number) => void (this.#prescaler = value & 0xfff);
    block.live(0x508, "PRESCALER", () => this.#prescaler, scale);
  }

  get counter(): number {
    if (!this.#running) return this.#base;
    const ticks = Math.floor((this.#edgeNow() - this.#edge) / (this.#prescaler + 1));
    return (this.#base + ticks) % WRAP;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#edge = this.#edgeNow();
    this.#plan();
  }
  stop(): void {
    this.#base = this.counter;
    this.#running = false;
    this.#plan();
  }
  set(counter: number): void {
    this.#base = counter;
    this.#edge = this.#edgeNow();
    this.#plan();
  }

  #edgeNow(): number {
    return Math.floor(this.#host.scheduler.now / EDGE);
  }
  /** When COUNTER becomes `value`, after now. */
  #when(value: number): number {
    const step = this.#prescaler + 1;
    const ticks = Math.floor((this.#edgeNow() - this.#edge) / step);
    const away = (((value - this.#base - ticks) % WRAP) + WRAP) % WRAP || WRAP;
    return Math.ceil((this.#edge + (ticks + away) * step) * EDGE);
  }

  /** Sets the alarms anew for what it will do next. */
  #plan(): void {
    const { scheduler } = this.#host;
    const wanted = this.#running ? this.#routed | this.block.inten : 0;
    const again = (event: Event, alarm: Handle | undefined, value: number) => {
      scheduler.cancel(alarm);
      if (!(wanted & (1 << event.bit))) return undefined;
      return scheduler.at(this.#when(value), () => {
        event.fire();
        this.#plan();
      });
    };
    for (const one of this.#compare) one.alarm = again(one.event, one.alarm, one.cc);
    this.#wrap = again(this.#overflow, this.#wrap, 0);
    const next = (this.counter + 1) % WRAP;
    if (wanted & TICK || this.#beat) this.#beat = again(this.#tick, this.#beat, next);
  }
}
