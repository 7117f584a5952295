/** What the kernel's entry `list` does (firmware/kernel/abi.ts), by calls of the other entries. */

import type { Memory } from "../arm/memory.js";

/** Returns what `list` returns; `call` makes one call of another entry. */
export function eachOf(
  memory: Memory,
  [calls = 0, origin = 0, x = 0]: readonly number[],
  call: (entry: number, args: readonly number[]) => number,
): number {
  for (let at = calls; ;) {
    const [code = 0] = memory.read(at++, 1);
    if (!code) return 1;
    const given = Array.from({ length: ((code >> 5) & 3) + 1 }, () => {
      const [low = 0, high = 0] = memory.read(at, 2);
      at += 2;
      const value = low | (high << 8);
      return (value & 0x3fff) + (value & 0x8000 ? origin : 0) + (value & 0x4000 ? x : 0);
    });
    const [to = 0, byte = 0] = given;
    if (!(code & 31)) memory.write(to, Uint8Array.of(byte));
    else if (!call(code & 31, given) && code & 128) return 0;
  }
}
