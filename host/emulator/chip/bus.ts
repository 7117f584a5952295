/**
 * The chip's address space as its processor, its DMA and the host see it: flash from 0, RAM from
 * 0x20000000, peripherals anywhere else. Little-endian, no wait states.
 *
 * Three things can go wrong, and they are told apart: an address where the real chip has nothing
 * is a BusFault (the guest's own exception takes it); a register that nobody wrote yet is an
 * UnknownRegister (the run ends with its name); a host's range outside memory is a RangeError.
 */

import { hex32 } from "../arm/memory.js";

export type Size = 1 | 2 | 4;

export const RAM_BASE = 0x20000000;

export interface Peripheral {
  readonly name: string;
  /** `offset` from the base it is attached at; the answer's unused upper bits are 0 or ignored. */
  read(offset: number, size: Size): number;
  /** `value` is unsigned. */
  write(offset: number, value: number, size: Size): void;
}

/** Nothing answers at this address: the processor takes its BusFault. */
export class BusFault extends Error {
  override readonly name = "BusFault";
  readonly address: number;

  constructor(address: number, what: string) {
    super(`${what} at ${hex32(address)}: nothing there`);
    this.address = address >>> 0;
  }
}

/** A register this emulation does not have: not the guest's fault, the run ends. */
export class UnknownRegister extends Error {
  override readonly name = "UnknownRegister";

  constructor(peripheral: string, offset: number, write: boolean, value?: number) {
    const what = write ? `write of ${hex32(value ?? 0)} to` : "read of";
    super(`${what} ${peripheral}'s register 0x${offset.toString(16)}: not emulated`);
  }
}

interface Mapped {
  readonly base: number;
  readonly size: number;
  readonly peripheral: Peripheral;
}

export interface BusOptions {
  /** Bytes of flash from address 0 and of RAM from 0x20000000; multiples of 4096. */
  readonly flash?: Uint8Array | number;
  readonly ram?: Uint8Array | number;
}

const PAGE = 12;

/** Memory whose 16- and 32-bit views the processor uses too: it must start on a word. */
function memory(given: Uint8Array | number, fill: number): Uint8Array {
  const bytes = typeof given === "number" ? new Uint8Array(given).fill(fill) : given;
  if (bytes.length % 4096 || bytes.byteOffset % 4) throw new RangeError("memory not in pages");
  return bytes;
}

export class Bus {
  /** Change it through writeFlash() or call flashChanged(): translated code depends on it. */
  readonly flash: Uint8Array;
  readonly ram: Uint8Array;
  /** A store by the processor to flash: what NVMC makes of it. Without one it is a BusFault. */
  onFlashStore: ((address: number, value: number, size: Size) => void) | undefined;
  readonly #listeners: ((start: number, end: number) => void)[] = [];
  readonly #flashView: DataView;
  readonly #ramView: DataView;
  readonly #pages = new Map<number, Mapped[]>();

  constructor(options: BusOptions = {}) {
    this.flash = memory(options.flash ?? 0x80000, 0xff);
    this.ram = memory(options.ram ?? 0x10000, 0);
    const view = (b: Uint8Array): DataView => new DataView(b.buffer, b.byteOffset, b.length);
    this.#flashView = view(this.flash);
    this.#ramView = view(this.ram);
  }

  attach(base: number, size: number, peripheral: Peripheral): void {
    const mapped = { base, size, peripheral };
    for (let page = base >>> PAGE; page <= (base + size - 1) >>> PAGE; page++) {
      const there = this.#pages.get(page) ?? [];
      const other = there.find((m) => m.base < base + size && base < m.base + m.size);
      if (other) throw new RangeError(`${peripheral.name} overlaps ${other.peripheral.name}`);
      this.#pages.set(page, [...there, mapped]);
    }
  }

  /** Told after bytes of flash from `start` to before `end` changed. */
  listen(listener: (start: number, end: number) => void): void {
    this.#listeners.push(listener);
  }

  flashChanged(start: number, end: number): void {
    for (const listener of this.#listeners) listener(start, end);
  }

  /** Puts bytes into flash as a programmer would: no rule of NOR flash applies. */
  writeFlash(address: number, bytes: Uint8Array): void {
    if (address < 0 || address + bytes.length > this.flash.length) {
      throw new RangeError(`${bytes.length} bytes at ${hex32(address)}: outside flash`);
    }
    this.flash.set(bytes, address);
    this.flashChanged(address, address + bytes.length);
  }

  /** The memory itself (not a copy) at an address, for DMA and the host; RangeError outside. */
  bytes(address: number, length: number): Uint8Array {
    const at = address >>> 0;
    const inRam = at - RAM_BASE;
    if (inRam >= 0 && inRam + length <= this.ram.length) {
      return this.ram.subarray(inRam, inRam + length);
    }
    if (at + length <= this.flash.length) return this.flash.subarray(at, at + length);
    throw new RangeError(`${length} bytes at ${hex32(at)}: no memory there`);
  }

  #peripheral(at: number, what: string): Mapped {
    const mapped = this.#pages.get(at >>> PAGE)?.find((m) => at >= m.base && at - m.base < m.size);
    if (!mapped) throw new BusFault(at, what);
    return mapped;
  }

  /** Any address and any alignment inside memory; peripherals only aligned. Unsigned. */
  read(address: number, size: Size): number {
    const at = address >>> 0;
    const inRam = at - RAM_BASE;
    if (inRam >= 0 && inRam + size <= this.ram.length) return get(this.#ramView, inRam, size);
    if (at + size <= this.flash.length) return get(this.#flashView, at, size);
    const { base, peripheral } = this.#peripheral(at, `read of ${size} bytes`);
    return peripheral.read(at - base, size) >>> 0;
  }

  write(address: number, value: number, size: Size): void {
    const at = address >>> 0;
    const inRam = at - RAM_BASE;
    if (inRam >= 0 && inRam + size <= this.ram.length) {
      put(this.#ramView, inRam, value, size);
    } else if (at + size <= this.flash.length) {
      if (!this.onFlashStore) throw new BusFault(at, `write of ${size} bytes to flash`);
      this.onFlashStore(at, value >>> 0, size);
    } else {
      const { base, peripheral } = this.#peripheral(at, `write of ${size} bytes`);
      const narrow = size === 4 ? value >>> 0 : value & (size === 2 ? 0xffff : 0xff);
      peripheral.write(at - base, narrow, size);
    }
  }
}

function get(view: DataView, offset: number, size: Size): number {
  if (size === 4) return view.getUint32(offset, true);
  return size === 2 ? view.getUint16(offset, true) : view.getUint8(offset);
}

function put(view: DataView, offset: number, value: number, size: Size): void {
  if (size === 4) view.setUint32(offset, value, true);
  else if (size === 2) view.setUint16(offset, value, true);
  else view.setUint8(offset, value);
}
