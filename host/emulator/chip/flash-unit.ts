/**
 * Flash operations as the chip carries them out: the board's NOR flash for what becomes of the
 * bytes, the data sheet's times for how long the processor stands still, and cuts at a moment of
 * time.
 */

import type { NorFlash } from "../flash/nor.js";
import type { Bus } from "./bus.js";
import type { Core } from "./cpu/core.js";
import { ERASE_TIME, WORD_TIME, type FlashPort } from "./soc/memory/nvmc.js";

export class FlashUnit implements FlashPort {
  erases = 0;
  writes = 0;
  words = 0;
  /** Cycles that the processor stood still. */
  stalled = 0;
  /** When the power goes. */
  cutAt: number | undefined;

  constructor(
    private readonly nor: NorFlash,
    private readonly bus: Bus,
    private readonly cpu: Core,
  ) {}

  get counts() {
    const { erases, writes, words, stalled } = this;
    return { erases, writes, words, stalled };
  }

  erase(address: number): void {
    this.erases++;
    const page = address - (address % this.nor.page);
    this.#change(ERASE_TIME, page, this.nor.page, () => this.nor.erase(page), 1);
  }

  write(address: number, bytes: Uint8Array): void {
    const words = bytes.length / 4;
    this.writes++;
    this.words += words;
    const act = () => this.nor.write(address, bytes);
    this.#change(words * WORD_TIME, address, bytes.length, act, words);
  }

  #change(takes: number, from: number, length: number, act: () => void, words: number): void {
    const { now } = this.cpu.scheduler;
    const { cutAt } = this;
    if (cutAt !== undefined && cutAt >= now && cutAt < now + takes) {
      // The moment falls into this operation: at this word, or so far into the erase.
      const word = Math.floor(((cutAt - now) / takes) * words);
      this.nor.cutAfter(1, "inside", { words: word, seed: cutAt });
      this.cpu.scheduler.reach(cutAt);
    }
    try {
      act();
    } finally {
      this.bus.flashChanged(from, from + length);
    }
    this.stalled += takes;
    this.cpu.stall(takes);
  }
}
