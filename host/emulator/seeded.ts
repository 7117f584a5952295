/**
 * Reproducible numbers for tests and for what a torn flash word holds: sfc32 (C. Doty-Humphrey,
 * PractRand), seeded through SHA-256. Not for keys that are worth anything.
 */

import { hash } from "../sdk/crypto/hash.js";

export class Seeded {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  constructor(seed: number | string) {
    const words = new DataView(hash(new TextEncoder().encode(String(seed))).buffer);
    this.#a = words.getInt32(0, true);
    this.#b = words.getInt32(4, true);
    this.#c = words.getInt32(8, true);
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
