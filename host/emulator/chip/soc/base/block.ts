/**
 * A peripheral's registers: tasks, events, interrupts and shortcuts as every nRF52 peripheral has
 * them, and whatever else it adds by name.
 *
 * Source: nRF52832 Product Specification v1.4, chapter Peripheral interface: an event at 0x100 + 4n
 * is bit n of INTEN; it asks for its interrupt while it stands and its bit is set.
 * Limits: written as words only. A register that no peripheral here names traps.
 */

import { hex } from "../../../faults.js";
import { UnknownRegister, type Peripheral, type Size } from "../../bus.js";
import type { Scheduler } from "../../scheduler.js";
import { ChipTrap, missing } from "./trap.js";

/** What a block needs of the chip around it. */
export interface Host {
  readonly scheduler: Scheduler;
  /** Level of an interrupt line. */
  irq(line: number, level: boolean): void;
  /** An event went off at this address: the PPI may pass it on. */
  published(address: number): void;
  /** EasyDMA reaches RAM only; the bytes themselves, not a copy. Throws elsewhere. */
  ram(address: number, length: number): Uint8Array;
}

export interface Register {
  readonly name: string;
  read(): number;
  write(value: number): void;
}

/** A register that keeps what is written into it, as far as its mask lets it. */
export class Cell implements Register {
  value: number;
  constructor(
    readonly name: string,
    reset = 0,
    private readonly mask = 0xffffffff,
    private readonly changed?: (value: number, before: number) => void,
  ) {
    this.value = reset >>> 0;
  }
  read(): number {
    return this.value;
  }
  write(value: number): void {
    const before = this.value;
    this.value = (value & this.mask) >>> 0;
    this.changed?.(this.value, before);
  }
}

export class Event implements Register {
  stands = false;
  /** Run right when it goes off: what its shortcuts do. */
  readonly shorts: { readonly bit: number; readonly run: () => void }[] = [];
  constructor(
    private readonly block: Block,
    readonly name: string,
    readonly offset: number,
  ) {}

  get bit(): number {
    return (this.offset - 0x100) >> 2;
  }
  fire(): void {
    this.stands = true;
    this.block.refresh();
    for (const { bit, run } of this.shorts) if (this.block.short(bit)) run();
    this.block.host.published(this.block.base + this.offset);
  }
  clear(): void {
    if (!this.stands) return;
    this.stands = false;
    this.block.refresh();
  }
  read(): number {
    return this.stands ? 1 : 0;
  }
  write(value: number): void {
    if (!(value & 1)) return this.clear();
    this.stands = true;
    this.block.refresh();
  }
}

export class Block implements Peripheral {
  readonly #registers = new Map<number, Register>();
  readonly #events: Event[] = [];
  #inten = 0;
  #shorts = 0;
  #level = false;

  constructor(
    readonly host: Host,
    readonly name: string,
    readonly base: number,
    /** Its interrupt's number, if it has one. */
    readonly line?: number,
  ) {}

  read(offset: number, size: Size = 4): number {
    const register = this.#registers.get(offset & ~3);
    if (!register) throw new UnknownRegister(this.name, offset, false);
    const word = register.read() >>> (8 * (offset & 3));
    return size === 4 ? word >>> 0 : word & (size === 2 ? 0xffff : 0xff);
  }

  write(offset: number, value: number, size: Size = 4): void {
    const register = this.#registers.get(offset);
    if (!register) throw new UnknownRegister(this.name, offset, true, value);
    if (size !== 4) missing(`a write of ${size} bytes to ${this.name}.${register.name}`);
    register.write(value >>> 0);
  }

  has(offset: number): boolean {
    return this.#registers.has(offset);
  }

  add<T extends Register>(offset: number, register: T): T {
    const before = this.#registers.get(offset);
    if (before) throw new Error(`${this.name}: ${before.name} and ${register.name} at one place`);
    this.#registers.set(offset, register);
    return register;
  }

  cell(offset: number, name: string, reset?: number, mask?: number): Cell {
    return this.add(offset, new Cell(name, reset, mask));
  }

  /** A register that is worked out when it is read; writing traps unless `write` is there. */
  live(offset: number, name: string, read: () => number, write?: (value: number) => void): void {
    const refuse = () => {
      throw new ChipTrap(`${this.name}.${name} can't be written`);
    };
    this.add(offset, { name, read, write: write ?? refuse });
  }

  /** Runs when a 1 is written; reads as 0. */
  task(offset: number, name: string, run: () => void): void {
    this.add(offset, { name, read: () => 0, write: (value) => value & 1 && run() });
  }

  event(offset: number, name: string): Event {
    const event = this.add(offset, new Event(this, name, offset));
    this.#events.push(event);
    return event;
  }

  /** SHORTS: `events[i]` runs a task while bit i of the pairs is set. */
  shortcuts(pairs: readonly (readonly [bit: number, from: Event, run: () => void])[]): void {
    for (const [bit, from, run] of pairs) from.shorts.push({ bit, run });
    const all = pairs.reduce((mask, [bit]) => mask | (1 << bit), 0);
    const write = (value: number) => {
      if (value & ~all) missing(`${this.name}.SHORTS = ${hex(value)}`);
      this.#shorts = value;
    };
    this.live(0x200, "SHORTS", () => this.#shorts, write);
  }
  short(bit: number): boolean {
    return (this.#shorts & (1 << bit)) !== 0;
  }

  /** INTENSET and INTENCLR, and INTEN itself where there is one. */
  interrupts(inten = false, changed?: () => void): void {
    const set = (value: number) => {
      this.#inten = value >>> 0;
      this.refresh();
      changed?.();
    };
    const read = () => this.#inten;
    if (inten) this.live(0x300, "INTEN", read, set);
    this.live(0x304, "INTENSET", read, (value) => set(this.#inten | value));
    this.live(0x308, "INTENCLR", read, (value) => set(this.#inten & ~value));
  }
  get inten(): number {
    return this.#inten;
  }

  /** Sets the interrupt's line to what events and INTEN say. */
  refresh(): void {
    if (this.line === undefined) return;
    const level = this.#events.some((e) => e.stands && (this.#inten & (1 << e.bit)) !== 0);
    if (level === this.#level) return;
    this.#level = level;
    this.host.irq(this.line, level);
  }
}
