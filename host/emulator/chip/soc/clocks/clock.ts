/**
 * CLOCK (nRF52832 Product Specification v1.4, chapter CLOCK). It shares its block, and interrupt 0,
 * with POWER (power.ts).
 *
 * Both oscillators start in their typical times. Limits: the low frequency clock is exact whatever
 * its source, so calibration is only its event.
 */

import { MS, US } from "../base/time.js";
import type { Block } from "../base/block.js";

/** tSTART of the two oscillators: HFXO with a typical crystal, LFRC. */
const HFXO_START = 360 * US;
const LFCLK_START = 600 * US;
const CALIBRATION = 16 * MS;

export class Clock {
  #hfxo = false;
  #lfclk = false;
  #hfRun = false;
  #lfRun = false;
  readonly #block: Block;

  constructor(block: Block) {
    this.#block = block;
    const { scheduler } = block.host;
    const hfStarted = block.event(0x100, "EVENTS_HFCLKSTARTED");
    const lfStarted = block.event(0x104, "EVENTS_LFCLKSTARTED");
    const done = block.event(0x10c, "EVENTS_DONE");
    const timeout = block.event(0x110, "EVENTS_CTTO");
    block.task(0x000, "TASKS_HFCLKSTART", () => {
      this.#hfRun = true;
      if (this.#hfxo) return hfStarted.fire();
      scheduler.after(HFXO_START, () => {
        if (!this.#hfRun) return;
        this.#hfxo = true;
        hfStarted.fire();
      });
    });
    block.task(0x004, "TASKS_HFCLKSTOP", () => {
      this.#hfRun = false;
      this.#hfxo = false;
    });
    const source = block.cell(0x518, "LFCLKSRC", 0, 0x30003);
    block.task(0x008, "TASKS_LFCLKSTART", () => {
      this.#lfRun = true;
      if (this.#lfclk) return lfStarted.fire();
      scheduler.after(LFCLK_START, () => {
        this.#lfclk = true;
        lfStarted.fire();
      });
    });
    block.task(0x00c, "TASKS_LFCLKSTOP", () => {
      this.#lfRun = false;
      this.#lfclk = false;
    });
    block.task(0x010, "TASKS_CAL", () => void scheduler.after(CALIBRATION, () => done.fire()));
    const interval = block.cell(0x538, "CTIV", 0, 0x7f);
    block.task(0x014, "TASKS_CTSTART", () => {
      scheduler.after(interval.value * 250 * MS, () => timeout.fire());
    });
    block.task(0x018, "TASKS_CTSTOP", () => undefined);
    block.live(0x408, "HFCLKRUN", () => (this.#hfRun ? 1 : 0));
    block.live(0x40c, "HFCLKSTAT", () => (this.#hfxo ? 0x10001 : 0x10000));
    block.live(0x414, "LFCLKRUN", () => (this.#lfRun ? 1 : 0));
    block.live(0x418, "LFCLKSTAT", () => (this.#lfclk ? 0x10000 : 0) | (source.value & 3));
    block.live(0x41c, "LFCLKSRCCOPY", () => source.value & 3);
    block.cell(0x53c, "calibration values (errata 31)");
    block.cell(0x55c, "TRACECONFIG", 0, 0x30003);
  }

  /** The crystal oscillator runs: NFC and the radio need it. */
  get crystal(): boolean {
    return this.#hfxo;
  }

  /** What the SoftDevice's enable does: the low frequency clock runs when it returns. */
  startLow(source: number): void {
    this.#block.write(0x518, source);
    this.#lfRun = this.#lfclk = true;
  }
}
