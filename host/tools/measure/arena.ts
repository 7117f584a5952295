/**
 * A small board memory to call kernel entries in: code, stack, and an arena in which arguments are
 * placed one after another. For the benchmark and for the kernel's tests.
 */

import { Memory } from "../../emulator/arm/memory.js";
import { thumbKernel } from "../../emulator/kernel/native.js";
import type { ThumbKernel } from "../../emulator/kernel/native.js";

export const CODE_ADDRESS = 0x00026000;
export const ARENA_ADDRESS = 0x20002000;
export const ARENA_SIZE = 0x8000;
export const STACK_ADDRESS = 0x2000c000;
export const STACK_SIZE = 0x1000;
/** What unwritten memory holds, so that "untouched" is seen. */
export const JUNK = 0xa5;
/** Untouched bytes on both sides of whatever is placed. */
const GUARD = 16;

export class Arena {
  readonly bytes = new Uint8Array(ARENA_SIZE);
  readonly memory: Memory;
  #next = 0;

  constructor() {
    const arena = { name: "arena", address: ARENA_ADDRESS, bytes: this.bytes };
    this.memory = new Memory([{ ...arena, writable: true, executable: false }]);
    this.fresh();
  }

  /** Puts a kernel's bytes in. */
  load(
    blob: Uint8Array,
    codeAddress = CODE_ADDRESS,
    onBlock?: (start: number) => void,
  ): ThumbKernel {
    const code = { name: "kernel", address: codeAddress, bytes: blob };
    this.memory.add({ ...code, writable: false, executable: true });
    const stack = { stackAddress: STACK_ADDRESS, stackSize: STACK_SIZE };
    return thumbKernel(this.memory, { codeAddress, ...stack, onBlock });
  }

  /** Forgets all that was placed. */
  fresh(): void {
    this.bytes.fill(JUNK);
    this.#next = GUARD;
  }

  /** Bytes of the arena in use. */
  get used(): number {
    return this.#next;
  }

  /** The address of `length` free bytes, `skew` bytes past a multiple of 8. */
  room(length: number, skew = 0): number {
    const at = this.#next + skew;
    this.#next = (at + length + GUARD + 7) & ~7;
    if (this.#next > ARENA_SIZE) throw new RangeError("arena too small");
    return ARENA_ADDRESS + at;
  }

  put(data: Uint8Array, skew = 0): number {
    const address = this.room(data.length, skew);
    this.memory.write(address, data);
    return address;
  }

  read(address: number, length: number): Uint8Array {
    return this.memory.read(address, length);
  }
}
