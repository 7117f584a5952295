/**
 * The program's memory as the SoftDevice's calls see it: RAM for what it writes, RAM or flash to
 * read.
 */

import type { Bus } from "../bus.js";

export class Guest {
  constructor(private readonly bus: Bus) {}

  u8(at: number): number {
    return this.bus.read(at, 1);
  }
  u16(at: number): number {
    return this.bus.read(at, 2);
  }
  u32(at: number): number {
    return this.bus.read(at, 4);
  }
  put8(at: number, value: number): void {
    this.bus.write(at, value & 255, 1);
  }
  put16(at: number, value: number): void {
    this.bus.write(at, value & 0xffff, 2);
  }
  put32(at: number, value: number): void {
    this.bus.write(at, value >>> 0, 4);
  }
  /** A copy. */
  bytes(at: number, length: number): Uint8Array {
    return length ? this.bus.bytes(at, length).slice() : new Uint8Array(0);
  }
  put(at: number, bytes: Uint8Array): void {
    if (bytes.length) this.bus.bytes(at, bytes.length).set(bytes);
  }
}
