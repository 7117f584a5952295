/**
 * How deep a chip's stack went: what lies below the stack pointer is painted while the processor
 * sleeps, and looked at later.
 *
 * The room ends where the program's own memory does, which its start-up code clears: below that no
 * byte is as it was at power-on. Limits: a frame that leaves the paint at its very end is missed.
 */

import { RAM_BASE } from "./bus.js";
import { UNTOUCHED, type Chip } from "./chip.js";

/** So much untouched memory in a row is no part of a frame. */
const GAP = 1024;
const SP = 13;

export interface StackUse {
  /** Bytes from the stack's top to its deepest byte, and from there to the end of its room. */
  readonly deepest: number;
  readonly left: number;
}

export class StackGauge {
  readonly #top: number;
  readonly #floor: number;

  /** Once the program is up and asleep. */
  constructor(private readonly chip: Chip) {
    this.#top = chip.bus.read(0x1f000, 4) - RAM_BASE;
    const { ram } = chip.bus;
    let end = this.#top;
    let run = 0;
    while (end > 0 && run < GAP) run = ram[--end] === UNTOUCHED ? run + 1 : 0;
    while (end > 0 && ram[end - 1] === UNTOUCHED) end--;
    this.#floor = end;
  }

  /** Before what is to be measured. */
  paint(): void {
    const sp = (this.chip.cpu.r[SP]! >>> 0) - RAM_BASE;
    // Words below SP are nobody's; a margin for what an interrupt under way may have.
    this.chip.bus.ram.fill(UNTOUCHED, this.#floor, sp - 4);
  }

  use(): StackUse {
    const { ram } = this.chip.bus;
    let at = this.#floor;
    while (at < this.#top && ram[at] === UNTOUCHED) at++;
    return { deepest: this.#top - at, left: at - this.#floor };
  }
}
