/**
 * NOR flash as the nRF52's NVMC offers it: pages are erased to all ones, aligned 32-bit words are
 * written, bits only fall. Reads see every byte. A cut can be armed for any operation.
 *
 * Source: nRF52832 Product Specification, NVMC (181 word writes per 512-byte block between
 * erases); nRF52840 (each word twice). An operation is one erase or one write call.
 * Limits: no time passes; endurance is counted (`erases`), not enforced.
 */

import { BoardTrap, PowerCut, hex } from "../faults.js";
import { NorFile } from "./file.js";
import { assign, blank, copy, type NorState } from "./state.js";
import { tearErase, tearWrite, type Torn } from "./tearing.js";
import { Seeded } from "../seeded.js";

export type CutMode = "before" | "inside" | "after";
export type Chip = "nRF52832" | "nRF52840";

export interface NorOptions {
  /** First address; Puck.js minimal's Storage unless told otherwise. */
  readonly address?: number;
  readonly size?: number;
  readonly page?: number;
  readonly chip?: Chip;
  /** How often a word of an nRF52840 may be written between erases (default: the chip's 2). */
  readonly wordWrites?: number;
  /** A file that holds it all, written through at once. Without one it lives in memory. */
  readonly path?: string;
}

/** How weak bits read: each as it likes, all alike but another way each time, or all one way. */
export type WeakBits = "any" | "alike" | "ones" | "zeros";

export interface CutOptions {
  readonly seed?: number | string;
  /** For "inside" a write: how many whole words are written before the torn one. */
  readonly words?: number;
}

/** Puck.js minimal: Storage is 24 pages at 0x5e000. */
export const STORAGE = { address: 0x5e000, size: 24 * 4096, page: 4096 } as const;
const BLOCK = 512;
const WRITES_PER_BLOCK = 181;
const WRITES_PER_WORD = 2;

export class NorFlash {
  readonly address: number;
  readonly size: number;
  readonly page: number;
  readonly chip: Chip;
  /** The cells as the bus sees them now: the region that a memory map shows. Don't write to it. */
  readonly bytes: Uint8Array;
  /** Erases and write calls since this object was made. */
  operations = 0;
  /** Words written with a 1 where the cell already was 0 (hardware keeps the 0). */
  raised = 0;

  /** May be changed at any time, between boots say: a weak bit keeps to nothing. */
  weakBits: WeakBits = "any";

  readonly #wordWrites: number;
  readonly #state: NorState;
  readonly #words: DataView;
  readonly #file: NorFile | undefined;
  /** Weak bits by word offset. */
  readonly #weak = new Map<number, number>();
  readonly #noise = new Seeded("weak bits");
  #cut: { left: number; mode: CutMode; options: CutOptions } | undefined;

  constructor(options: NorOptions = {}) {
    this.address = options.address ?? STORAGE.address;
    this.size = options.size ?? STORAGE.size;
    this.page = options.page ?? STORAGE.page;
    this.chip = options.chip ?? "nRF52832";
    this.#wordWrites = options.wordWrites ?? WRITES_PER_WORD;
    if (this.size % this.page || this.page % BLOCK) throw new RangeError("flash: odd size");
    this.#file = options.path === undefined ? undefined : new NorFile(options.path, this);
    this.#state = this.#file?.load() ?? blank(this);
    this.bytes = this.#state.cells;
    this.#words = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.size);
    this.#loadWeak();
  }

  /** How often each page was erased. */
  get erases(): Uint32Array {
    return this.#state.erases;
  }

  /** How many words still hold weak bits. */
  get weakWords(): number {
    return this.#weak.size;
  }

  contains(address: number, length = 1): boolean {
    return address >= this.address && address + length <= this.address + this.size;
  }

  /** A copy of `length` bytes; weak bits fall as they like, each time anew. */
  read(address: number, length: number): Uint8Array {
    const at = this.#offset(address, length, "read");
    if (this.#weak.size) this.shake();
    return this.bytes.slice(at, at + length);
  }

  /** Rolls every weak bit anew; also before code runs that reads the mapped cells by itself. */
  shake(): void {
    const { weakBits } = this;
    const all = weakBits === "alike" ? -(this.#noise.next32() & 1) : weakBits === "zeros" ? -1 : 0;
    for (const [at, mask] of this.#weak) {
      const solid = this.#words.getInt32(at, true) | mask;
      const noise = weakBits === "any" ? this.#noise.next32() : all;
      this.#words.setInt32(at, solid & ~(mask & noise), true);
    }
  }

  write(address: number, data: Uint8Array): void {
    const at = this.#offset(address, data.length, "write");
    if ((address | data.length) & 3) {
      throw new BoardTrap(`flash write of ${data.length} bytes at ${hex(address)}: not aligned`);
    }
    if (data.length === 0) return;
    const cut = this.#due();
    const random = new Seeded(`${cut?.seed} write`);
    const count = data.length / 4;
    const whole = cut ? Math.min(cut.words ?? random.below(count), count - 1) : count;
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    for (let i = 0; i < whole; i++) this.#program(at + 4 * i, view.getInt32(4 * i, true));
    if (cut) {
      const torn = at + 4 * whole;
      this.#countWrite(torn);
      this.#settle(torn, tearWrite(this.#solid(torn), view.getInt32(4 * whole, true), random));
    }
    this.#file?.save(this.#state, at, data.length);
    if (cut) throw new PowerCut(this.operations, "inside");
    this.#finish();
  }

  /** Erases the page that holds `address`. */
  erase(address: number): void {
    const page = Math.floor(this.#offset(address, 1, "erase") / this.page);
    const at = page * this.page;
    const cut = this.#due();
    this.#state.erases[page]!++;
    this.#state.blockWrites.fill(0, at / BLOCK, (at + this.page) / BLOCK);
    this.#state.wordWrites.fill(0, at / 4, (at + this.page) / 4);
    if (cut) {
      const random = new Seeded(`${cut.seed} erase`);
      const progress = random.below(256);
      for (let w = at; w < at + this.page; w += 4) {
        const torn = { word: this.#solid(w), weak: this.#weak.get(w) ?? 0 };
        this.#settle(w, tearErase(torn, progress, random));
      }
    } else {
      this.bytes.fill(255, at, at + this.page);
      for (let w = at; this.#weak.size && w < at + this.page; w += 4) this.#setWeak(w, 0);
    }
    this.#file?.save(this.#state, at, this.page);
    if (cut) throw new PowerCut(this.operations, "inside");
    this.#finish();
  }

  /** Puts bytes into it as a programmer does, the pages whole: no operation, nothing is worn. */
  program(address: number, bytes: Uint8Array): void {
    const at = this.#offset(address, bytes.length, "programming");
    for (let w = at & ~3; this.#weak.size && w < at + bytes.length; w += 4) this.#setWeak(w, 0);
    this.bytes.set(bytes, at);
    this.#file?.save(this.#state, at, bytes.length);
  }

  /** Cuts the power at the `n`-th operation from now (1 = the next). */
  cutAfter(n: number, mode: CutMode, options: CutOptions = {}): void {
    if (!Number.isInteger(n) || n < 1) throw new RangeError("cut: which operation?");
    this.#cut = { left: n, mode, options };
  }

  cancelCut(): void {
    this.#cut = undefined;
  }

  /** Everything, weak bits and write counts included. */
  snapshot(): NorState {
    return copy(this.#state);
  }

  restore(state: NorState): void {
    assign(this.#state, state);
    this.#loadWeak();
    this.#file?.save(this.#state, 0, this.size);
  }

  close(): void {
    this.#file?.close();
  }

  #loadWeak(): void {
    this.#weak.clear();
    const { weak } = this.#state;
    const words = new Int32Array(weak.buffer, weak.byteOffset, this.size / 4);
    words.forEach((mask, i) => mask !== 0 && this.#weak.set(4 * i, mask));
  }

  #offset(address: number, length: number, does: string): number {
    if (Number.isInteger(address) && length >= 0 && this.contains(address, length)) {
      return address - this.address;
    }
    throw new BoardTrap(`flash ${does} of ${length} bytes at ${hex(address)}: outside the flash`);
  }

  /** Counts an operation; the torn write or erase to do when the cut falls inside it. */
  #due(): { seed: number | string; words?: number } | undefined {
    this.operations++;
    const cut = this.#cut;
    if (!cut || --cut.left > 0) return undefined;
    if (cut.mode === "after") return undefined;
    this.#cut = undefined;
    if (cut.mode === "before") throw new PowerCut(this.operations, "before");
    return { ...cut.options, seed: cut.options.seed ?? this.operations };
  }

  #finish(): void {
    if (this.#cut?.left !== 0) return;
    this.#cut = undefined;
    throw new PowerCut(this.operations, "after");
  }

  /** The word with its weak bits read as 1. */
  #solid(at: number): number {
    return this.#words.getInt32(at, true) | (this.#weak.get(at) ?? 0);
  }

  #program(at: number, data: number): void {
    this.#countWrite(at);
    const old = this.#solid(at);
    if (data & ~old) this.raised++;
    // A weak bit is solid again only where a 0 is programmed over it.
    this.#settle(at, { word: old & data, weak: (this.#weak.get(at) ?? 0) & data });
  }

  #settle(at: number, torn: Torn): void {
    this.#words.setInt32(at, torn.word, true);
    if (torn.weak !== 0 || this.#weak.size) this.#setWeak(at, torn.weak);
  }

  #setWeak(at: number, mask: number): void {
    if (mask !== 0) this.#weak.set(at, mask);
    else if (!this.#weak.delete(at)) return;
    new DataView(this.#state.weak.buffer, this.#state.weak.byteOffset).setInt32(at, mask, true);
  }

  #countWrite(at: number): void {
    const where = hex(this.address + at);
    if (this.chip === "nRF52832") {
      if (++this.#state.blockWrites[Math.floor(at / BLOCK)]! > WRITES_PER_BLOCK) {
        throw new BoardTrap(
          `flash write at ${where}: more than ${WRITES_PER_BLOCK} word writes in its ` +
            `${BLOCK}-byte block since the erase (nRF52832)`,
        );
      }
    } else if (++this.#state.wordWrites[at / 4]! > this.#wordWrites) {
      throw new BoardTrap(
        `flash write at ${where}: word written more than ${this.#wordWrites} times since the ` +
          `erase (nRF52840)`,
      );
    }
  }
}
