/**
 * Configuration words, as FICR, UICR and the debug IDs are: erased where nothing is said, read-only
 * unless they are flash and NVMC is set to writing.
 */

import type { Peripheral, Size } from "../../bus.js";
import { ChipTrap } from "../base/trap.js";
import { hex } from "../../../faults.js";

export class Words implements Peripheral {
  /** Whether its bits may be cleared at the moment (UICR). */
  writable: () => boolean = () => false;
  readonly #bytes: DataView;

  constructor(
    readonly name: string,
    size: number,
    words: Readonly<Record<number, number>>,
    erased = 0xff,
  ) {
    this.#bytes = new DataView(new Uint8Array(size).fill(erased).buffer);
    for (const [offset, value] of Object.entries(words)) {
      this.#bytes.setUint32(Number(offset), value, true);
    }
  }

  read(offset: number, size: Size): number {
    if (size === 4) return this.#bytes.getUint32(offset, true);
    return size === 2 ? this.#bytes.getUint16(offset, true) : this.#bytes.getUint8(offset);
  }
  write(offset: number, value: number, size: Size): void {
    if (!this.writable() || size !== 4)
      throw new ChipTrap(`${this.name} can't be written (at ${hex(offset)})`);
    this.#bytes.setUint32(offset, this.#bytes.getUint32(offset, true) & value, true);
  }
}
