/**
 * Random instruction sequences for the comparison of our Thumb-2 machine with QEMU: every
 * register-to-register encoding that the machine decodes, in IT blocks too, over registers and
 * flags of random and extreme values. Encodings are drawn from the instruction set's own space, so
 * forms that our assembler never emits are compared as well.
 *
 * A routine takes the address of 14 words: r0..r12 before, and after it r0..r12 and the flags.
 */

import { decode16 } from "../../../host/emulator/arm/decode/thumb16.js";
import { decode32 } from "../../../host/emulator/arm/decode/thumb32.js";
import { PC, SP } from "../../../host/emulator/arm/decode/instruction.js";
import type { Body } from "../../../host/emulator/arm/decode/instruction.js";
import type { Random } from "../random.js";

export const STATE_WORDS = 14;

/** push {r4-r11, lr}; push {r0}; ldm.w r0, {r0-r12}; adds.w lr, r0, r1 */
const ENTER = [0xe92d, 0x4ff0, 0xb401, 0xe890, 0x1fff, 0xeb10, 0x0e01];

/**
 * mov.w lr, #0; it mi; add.w lr, lr, #8; it eq; #4; it cs; #2; it vs; #1; push {r0-r12, lr};
 * ldr r0, [sp, #56]; add r1, sp, #0; ldm r1!, {r2-r8}; stm r0!, {r2-r8}; the same again;
 * add sp, #60; movs r0, #1; pop {r4-r11, pc}
 */
const LEAVE = [
  ...[0xf04f, 0x0e00, 0xbf48, 0xf10e, 0x0e08, 0xbf08, 0xf10e, 0x0e04],
  ...[0xbf28, 0xf10e, 0x0e02, 0xbf68, 0xf10e, 0x0e01, 0xe92d, 0x5fff],
  ...[0x980e, 0xa900, 0xe8b1, 0x01fc, 0xe8a0, 0x01fc, 0xe8b1, 0x01fc, 0xe8a0, 0x01fc],
  ...[0xb00f, 0x2001, 0xe8bd, 0x8ff0],
];

const COMPUTES = ["alu", "shift", "mul", "mla", "long", "unary", "field", "movt"];

/** The registers a decoded instruction names; -1 stands for none. */
function registersOf(body: Body): number[] {
  const record = body as unknown as Readonly<Record<string, unknown>>;
  const named = ["rd", "rn", "rm", "ra", "lo", "hi"].map((key) => record[key]);
  const operand = record["b"] as { reg?: number } | undefined;
  return [...named, operand?.reg].filter((r): r is number => typeof r === "number" && r >= 0);
}

/** True for instructions that only compute, on r0..r12. */
function usable(body: Body): boolean {
  return COMPUTES.includes(body.op) && registersOf(body).every((r) => r < SP && r !== PC);
}

/** First units of the 32-bit data-processing groups; the second unit is drawn freely. */
const GROUPS = [0xea00, 0xeb00, 0xf000, 0xf100, 0xf200, 0xf300, 0xfa00, 0xfb00];

function draw(random: Random, insideIt: boolean): number[] {
  for (;;) {
    const [hw1, hw2] = [random.below(0x10000), random.below(0x10000)];
    try {
      if (random.below(3) === 0) {
        const narrow = random.pick([hw1 & 0x3fff, 0x4000 | (hw1 & 0x7ff), 0xb200 | (hw1 & 0xfff)]);
        if (usable(decode16(narrow, 0, insideIt))) return [narrow];
      } else {
        const wide = random.pick(GROUPS) | (hw1 & 0xff);
        if (usable(decode32(wide, hw2, 0))) return [wide, hw2];
      }
    } catch {
      // not an instruction: draw again
    }
  }
}

/** One routine of `length` random instructions, padded to a multiple of 4 bytes. */
function routine(random: Random, length: number): number[] {
  const code = [...ENTER];
  for (let made = 0; made < length;) {
    const block = random.below(5) === 0 ? 1 + random.below(4) : 0;
    if (block) {
      const mask = ((random.below(8) << 1) | 1) << (4 - block);
      code.push(0xbf00 | (random.below(14) << 4) | (mask & 15));
    }
    for (let i = 0; i < Math.max(block, 1); i++, made++) code.push(...draw(random, block > 0));
  }
  code.push(...LEAVE);
  if (code.length & 1) code.push(0xbf00);
  return code;
}

export interface Routines {
  readonly bytes: Uint8Array;
  /** Where each starts. */
  readonly offsets: readonly number[];
}

export function randomRoutines(random: Random, count: number, length: number): Routines {
  const units: number[] = [];
  const offsets: number[] = [];
  for (let i = 0; i < count; i++) {
    offsets.push(2 * units.length);
    units.push(...routine(random, length));
  }
  return { bytes: new Uint8Array(Uint16Array.from(units).buffer), offsets };
}

const EXTREMES = [0, 1, 2, 31, 32, 33, 255, 256, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/** Registers to start from. */
export function randomState(random: Random): Uint8Array {
  const words = Uint32Array.from({ length: STATE_WORDS }, () => {
    const value = Buffer.from(random.bytes(4)).readUInt32LE();
    return random.below(3) === 0 ? random.pick(EXTREMES) : value;
  });
  return new Uint8Array(words.buffer);
}
