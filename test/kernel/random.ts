/**
 * Reproducible random test data: SHA-256(seed, counter). KINCARD_CASES sets how many cases an
 * operation gets (25 in `npm test`, else 100).
 */

import { createHash } from "node:crypto";
import { times } from "../support/full.js";
import { SEED } from "../support/seed.js";

export const CASES = Number(process.env["KINCARD_CASES"] ?? times(100, 25));
export { SEED };

export class Random {
  readonly #seed: string;
  #counter = 0;

  constructor(purpose: string) {
    this.#seed = `${SEED}/${purpose}/`;
  }

  bytes(length: number): Uint8Array {
    const blocks: Buffer[] = [];
    for (let have = 0; have < length; have += 32) {
      blocks.push(createHash("sha256").update(`${this.#seed}${this.#counter++}`).digest());
    }
    return Uint8Array.from(Buffer.concat(blocks).subarray(0, length));
  }

  /** 0 .. limit - 1. */
  below(limit: number): number {
    return Buffer.from(this.bytes(4)).readUInt32LE() % limit;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}
