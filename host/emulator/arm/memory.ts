/**
 * A board's address space as the native kernel sees it: named regions at 32-bit addresses. Used by
 * the virtual board, the Thumb-2 machine and the kernel's oracle alike.
 *
 * Limits: regions don't overlap, an access lies in one region, nothing has wait states.
 */

export interface Region {
  readonly name: string;
  /** First address, 0 .. 2^32 - 1. */
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly writable: boolean;
  readonly executable: boolean;
}

/** An access that the real chip would fault on, or that code has no business making. */
export class MemoryTrap extends Error {
  override readonly name = "MemoryTrap";
}

/** Runs entries of the kernel: real bytes in an interpreter, or the oracle. */
export interface KernelRunner {
  /** `args` are absolute 32-bit addresses or integers; the answer is r0, unsigned. */
  call(entry: number, args: readonly number[]): number;
}

export function hex32(value: number): string {
  return "0x" + (value >>> 0).toString(16).padStart(8, "0");
}

export class Memory {
  readonly #regions: Region[] = [];

  constructor(regions: readonly Region[] = []) {
    for (const region of regions) this.add(region);
  }

  get regions(): readonly Region[] {
    return this.#regions;
  }

  add(region: Region): void {
    const end = region.address + region.bytes.length;
    if (region.address < 0 || end > 2 ** 32) throw new RangeError(`${region.name}: not 32-bit`);
    for (const other of this.#regions) {
      if (region.address < other.address + other.bytes.length && other.address < end) {
        throw new RangeError(`${region.name} overlaps ${other.name}`);
      }
    }
    this.#regions.push(region);
  }

  remove(name: string): void {
    const at = this.#regions.findIndex((region) => region.name === name);
    if (at >= 0) this.#regions.splice(at, 1);
  }

  /** The region that holds `address`, or undefined. */
  find(address: number): Region | undefined {
    const at = address >>> 0;
    return this.#regions.find((r) => at >= r.address && at < r.address + r.bytes.length);
  }

  /** Where `length` bytes at `address` lie. An empty range is always fine and points nowhere. */
  resolve(address: number, length: number, write: boolean): { bytes: Uint8Array; offset: number } {
    if (length === 0) return { bytes: new Uint8Array(0), offset: 0 };
    const region = this.find(address);
    const does = `${write ? "write" : "read"} of ${length} bytes at ${hex32(address)}`;
    if (!region) throw new MemoryTrap(`${does}: no memory there`);
    const offset = (address >>> 0) - region.address;
    if (offset + length > region.bytes.length) {
      throw new MemoryTrap(`${does}: runs past the end of ${region.name}`);
    }
    if (write && !region.writable) throw new MemoryTrap(`${does}: ${region.name} is read-only`);
    return { bytes: region.bytes, offset };
  }

  /** A copy of `length` bytes at `address`. */
  read(address: number, length: number): Uint8Array {
    const { bytes, offset } = this.resolve(address, length, false);
    return bytes.slice(offset, offset + length);
  }

  write(address: number, data: Uint8Array): void {
    const { bytes, offset } = this.resolve(address, data.length, true);
    bytes.set(data, offset);
  }
}
