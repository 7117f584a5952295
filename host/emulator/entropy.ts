/**
 * What `E.hwRand()` reads on a virtual board: the machine's own generator, or for tests a
 * reproducible or a broken one.
 */

import { randomBytes } from "../sdk/crypto/random.js";
import { Seeded } from "./seeded.js";

export interface RandomSource {
  /** A signed 32-bit number; throws where the real call raises InternalError. */
  next32(): number;
}

/** The operating system's generator, read in blocks. */
export function systemRandom(): RandomSource {
  let pool: Uint8Array = new Uint8Array(0);
  let at = 0;
  return {
    next32() {
      if (at >= pool.length) {
        pool = randomBytes(256);
        at = 0;
      }
      const value = new DataView(pool.buffer).getInt32(at, true);
      pool.fill(0, at, at + 4);
      at += 4;
      return value;
    },
  };
}

/** The same numbers for the same seed: for tests only. */
export function seededRandom(seed: number | string): RandomSource {
  return new Seeded(seed);
}

/** A generator that got stuck at one value after `good` calls. */
export function stuckRandom(value: number, good = 0, before = systemRandom()): RandomSource {
  let calls = 0;
  return { next32: () => (calls++ < good ? before.next32() : value | 0) };
}

/** A generator that times out after `good` calls, as jshGetRandomNumber does. */
export function failingRandom(good = 0, before = systemRandom()): RandomSource {
  let calls = 0;
  return {
    next32() {
      if (calls++ < good) return before.next32();
      throw new Error("Timeout on Random number");
    },
  };
}
