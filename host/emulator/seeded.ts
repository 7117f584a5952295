/**
 * Reproducible numbers for tests and for what a torn flash word holds: sfc32 (C. Doty-Humphrey,
 * PractRand), seeded through SHA-256. Not for keys that are worth anything.
 */

import { createHash } from "node:crypto";

export class Seeded {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  constructor(seed: number | string) {
    const hash = createHash("sha256").update(String(seed)).digest();
    this.#a = hash.readInt32LE(0);
    this.#b = hash.readInt32LE(4);
    this.#c = hash.readInt32LE(8);
    for (let i = 0; i < 12; i++) this.next32();
  }

  /** A signed 32-bit number. */
  next32(): number {
    const out = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + out) | 0;
    return out;
  }

  /** A whole number in 0 .. below - 1 (the bias of a 32-bit remainder does not matter here). */
  below(below: number): number {
    return (this.next32() >>> 0) % below;
  }
}
