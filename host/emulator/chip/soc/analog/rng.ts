/**
 * RNG (nRF52832 Product Specification v1.4, chapter RNG): a byte at a time while it runs. It is the
 * program's while the SoftDevice is disabled; enabled, that one keeps it (softdevice/random.ts).
 */

import type { RandomSource } from "../../../entropy.js";
import type { Handle } from "../../scheduler.js";
import { Block, type Host } from "../base/block.js";
import { US } from "../base/time.js";

/** tRNG,START; tRNG,RAW and tRNG,BC, typical: without and with bias correction. */
const STARTS = 128 * US;
const RAW = 30 * US;
const CORRECTED = 120 * US;
const DERCEN = 1;

export class Rng {
  readonly block: Block;

  constructor(host: Host, random: RandomSource) {
    const block = (this.block = new Block(host, "RNG", 0x4000d000, 13));
    const { scheduler } = host;
    const ready = block.event(0x100, "EVENTS_VALRDY");
    const config = block.cell(0x504, "CONFIG", 0, DERCEN);
    let value = 0;
    let due: Handle | undefined;
    const takes = () => (config.value & DERCEN ? CORRECTED : RAW);
    const made = () => {
      value = random.next32() & 255;
      due = scheduler.after(takes(), made);
      ready.fire();
    };
    const stop = () => {
      scheduler.cancel(due);
      due = undefined;
    };
    block.task(0x000, "TASKS_START", () => (due ??= scheduler.after(STARTS + takes(), made)));
    block.task(0x004, "TASKS_STOP", stop);
    block.shortcuts([[0, ready, stop]]);
    block.interrupts();
    block.live(0x508, "VALUE", () => value);
  }
}
