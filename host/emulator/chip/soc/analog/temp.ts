/**
 * TEMP (nRF52832 Product Specification v1.4, chapter TEMP): the die's temperature in quarter
 * degrees.
 */

import { Block, type Host } from "../base/block.js";
import { US } from "../base/time.js";

/** tTEMP, typical. */
const MEASURES = 36 * US;
const SLOPES = 6;
const POINTS = 5;

export class Temp {
  readonly block: Block;

  /** `celsius` is asked at each measurement. */
  constructor(host: Host, celsius: () => number) {
    const block = (this.block = new Block(host, "TEMP", 0x4000c000, 12));
    const ready = block.event(0x100, "EVENTS_DATARDY");
    block.interrupts();
    let quarters = 0;
    block.task(0x000, "TASKS_START", () => {
      host.scheduler.after(MEASURES, () => {
        quarters = Math.round(4 * celsius());
        ready.fire();
      });
    });
    block.task(0x004, "TASKS_STOP", () => undefined);
    block.live(0x508, "TEMP", () => quarters);
    // Trim from FICR (errata 66): kept, without effect.
    for (let i = 0; i < SLOPES; i++) block.cell(0x520 + 4 * i, `A${i}`);
    for (let i = 0; i < SLOPES; i++) block.cell(0x540 + 4 * i, `B${i}`);
    for (let i = 0; i < POINTS; i++) block.cell(0x560 + 4 * i, `T${i}`);
  }
}
