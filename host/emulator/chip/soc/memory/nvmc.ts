/**
 * NVMC (nRF52832 Product Specification v1.4, chapter NVMC): flash writes and erases by the program
 * itself, and the instruction cache's registers.
 *
 * The bytes live in the board's flash (flash/nor.ts), with its write limits and cuts; the processor
 * stands still for the data sheet's times. Limits: the cache is only its registers.
 */

import { Block, type Host } from "../base/block.js";
import { MS, US } from "../base/time.js";
import { ChipTrap, missing } from "../base/trap.js";
import { hex } from "../../../faults.js";

/** tWRITE of a word, tERASEPAGE: the longest that the specification allows. */
export const WORD_TIME = 67.5 * US;
export const ERASE_TIME = 85 * MS;

/** What the flash does, with the processor's stall. */
export interface FlashPort {
  erase(address: number): void;
  /** Whole words at a word's address. */
  write(address: number, bytes: Uint8Array): void;
}

const READ_ONLY = 0;
const WRITE = 1;
const ERASE = 2;

export class Nvmc {
  readonly block: Block;
  #mode = READ_ONLY;

  constructor(
    host: Host,
    private readonly flash: FlashPort,
  ) {
    const block = (this.block = new Block(host, "NVMC", 0x4001e000));
    block.live(0x400, "READY", () => 1);
    block.live(
      0x504,
      "CONFIG",
      () => this.#mode,
      (value) => {
        if (value > ERASE) missing(`NVMC.CONFIG = ${value}`);
        this.#mode = value;
      },
    );
    block.live(
      0x508,
      "ERASEPAGE",
      () => 0,
      (address) => {
        if (this.#mode !== ERASE) throw new ChipTrap("ERASEPAGE while NVMC.CONFIG is not EEN");
        this.flash.erase(address);
      },
    );
    block.live(
      0x50c,
      "ERASEALL",
      () => 0,
      () => missing("NVMC.ERASEALL"),
    );
    block.live(
      0x514,
      "ERASEUICR",
      () => 0,
      () => missing("NVMC.ERASEUICR"),
    );
    block.cell(0x540, "ICACHECNF", 0, 0x101);
    block.cell(0x548, "IHIT");
    block.cell(0x54c, "IMISS");
  }

  /** CONFIG is WEN: words can be written. */
  get writing(): boolean {
    return this.#mode === WRITE;
  }

  /** A store by the processor into flash. */
  store(address: number, value: number, size: number): void {
    if (this.#mode !== WRITE || size !== 4 || address & 3) {
      throw new ChipTrap(
        `store of ${size} bytes to flash at ${hex(address)} (CONFIG ${this.#mode})`,
      );
    }
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    this.flash.write(address, bytes);
  }
}
