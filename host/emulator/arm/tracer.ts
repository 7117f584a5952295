/**
 * What a measured run collects: instructions and cycles, the deepest stack, and one hash each of
 * the instruction addresses and of the data addresses, in order. Two runs with equal hashes took
 * the same path over the same memory: the kernel's constant-time test.
 *
 * A block is hashed as its start and length, which stands for all its instructions. Loads from
 * fixed places beside the code (literals) follow from those and are not hashed again. An access
 * below the stack pointer traps: an interrupt would overwrite what lies there.
 */

import { ThumbTrap } from "./trap.js";

/** Two independent 32-bit lanes, mixed as in MurmurHash3 (public domain, A. Appleby). */
class Hash {
  #a = 0x9747b28c | 0;
  #b = 0x1b873593 | 0;

  add(value: number): void {
    let m = Math.imul(value, 0xcc9e2d51);
    m = Math.imul((m << 15) | (m >>> 17), 0x1b873593) ^ this.#a;
    this.#a = (Math.imul((m << 13) | (m >>> 19), 5) + 0xe6546b64) | 0;
    m = Math.imul(value ^ 0x5bd1e995, 0x239b961b);
    m = Math.imul((m << 16) | (m >>> 16), 0xab0e9789) ^ this.#b;
    this.#b = (Math.imul((m << 19) | (m >>> 13), 5) + 0x561ccd1b) | 0;
  }

  toString(): string {
    return [this.#a, this.#b].map((x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
  }
}

export interface Measurement {
  /** r0 at the end. */
  readonly result: number;
  readonly instructions: number;
  readonly cycles: number;
  /** Bytes of stack below the caller's. */
  readonly stack: number;
  readonly trace: string;
  readonly addressTrace: string;
}

export class Tracer {
  readonly #stackStart: number;
  readonly #stackTop: number;
  #lowest: number;
  #instructions = 0;
  #cycles = 0;
  readonly #path = new Hash();
  readonly #accesses = new Hash();

  constructor(stackStart: number, stackTop: number) {
    this.#stackStart = stackStart;
    this.#stackTop = stackTop;
    this.#lowest = stackTop;
  }

  access(address: number, sp: number, pc: number): void {
    const at = address >>> 0;
    if (at >= this.#stackStart && at < sp >>> 0) throw new ThumbTrap("below stack", pc, at);
    this.#accesses.add(address);
  }

  moved(sp: number): void {
    if (sp >>> 0 < this.#lowest) this.#lowest = sp >>> 0;
  }

  block(start: number, instructions: number, cycles: number): void {
    this.#path.add(start);
    this.#path.add(instructions);
    this.#instructions += instructions;
    this.#cycles += cycles;
  }

  finish(result: number): Measurement {
    return {
      result,
      instructions: this.#instructions,
      cycles: this.#cycles,
      stack: this.#stackTop - this.#lowest,
      trace: this.#path.toString(),
      addressTrace: this.#accesses.toString(),
    };
  }
}
