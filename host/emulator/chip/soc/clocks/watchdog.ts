/**
 * WDT (nRF52832 Product Specification v1.4, chapter WDT): once started it can't be stopped, and
 * resets the chip when a reload request stays out.
 *
 * Limits: it runs on while the processor sleeps or is halted, whatever CONFIG says.
 */

import type { Handle } from "../../scheduler.js";
import { HZ } from "../base/time.js";
import { Block, type Host } from "../base/block.js";

const EDGE = HZ / 32768;
const RELOAD = 0x6e524635;
const REQUESTS = 8;

export class Watchdog {
  readonly block: Block;
  #running = false;
  #waiting = 0;
  #alarm: Handle | undefined;

  constructor(host: Host, expired: () => void) {
    const block = (this.block = new Block(host, "WDT", 0x40010000, 16));
    const timeout = block.event(0x100, "EVENTS_TIMEOUT");
    block.interrupts();
    let counter = 0xffffffff;
    let requests = 1;
    const arm = () => {
      this.#waiting = requests;
      host.scheduler.cancel(this.#alarm);
      this.#alarm = host.scheduler.after((counter + 1) * EDGE, () => {
        timeout.fire();
        expired();
      });
    };
    block.task(0x000, "TASKS_START", () => {
      if (this.#running) return;
      this.#running = true;
      arm();
    });
    block.live(0x400, "RUNSTATUS", () => (this.#running ? 1 : 0));
    block.live(0x404, "REQSTATUS", () => this.#waiting);
    // Once it runs, its configuration is locked: writes are ignored.
    const open = (set: (value: number) => void) => (value: number) => {
      if (!this.#running) set(value);
    };
    block.live(
      0x504,
      "CRV",
      () => counter,
      open((value) => (counter = Math.max(value, 15))),
    );
    block.live(
      0x508,
      "RREN",
      () => requests,
      open((value) => (requests = value & 255)),
    );
    let config = 1;
    block.live(
      0x50c,
      "CONFIG",
      () => config,
      open((value) => (config = value & 9)),
    );
    for (let i = 0; i < REQUESTS; i++) {
      block.live(
        0x600 + 4 * i,
        `RR[${i}]`,
        () => 0,
        (value) => {
          if (value !== RELOAD || !this.#running) return;
          this.#waiting &= ~(1 << i);
          if (this.#waiting === 0) arm();
        },
      );
    }
  }
}
