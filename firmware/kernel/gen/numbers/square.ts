/**
 * Squaring mod p: 36 products instead of 64. Straight-line code on loose values (field.ts).
 *
 * The 28 products of two different words are summed first, by blocks (a_L a_L, a_L a_H, a_H a_H),
 * and doubled in one chain through the carry flag, which UMAAL, MOV and STR leave alone: words 1 ..
 * 7 go to the stack, 8 .. 15 stay in registers and get the squares of a4 .. a7. Then two lower
 * words at a time: word j gets 977 times upper word j, upper word j - 1 and its part of a square,
 * all as addends of UMAALs, so that no flag is needed. The carries of an odd word are below 980
 * together. The end is fe_mul's: registers are chosen for that.
 */

import { lr, r0, r1, r2, r3, r4, r5, r6, r7, r8, r9 } from "../../asm/registers.js";
import { r10, r11, r12, sp, type Register } from "../../asm/registers.js";
import { C } from "./field.js";
import type { Code } from "../frame.js";
import { LOW, STACK } from "./product.js";

/** Below fe_mul's part of the stack: a0 .. a3. */
const KEPT = 16;

type Words = readonly Register[];

export function square(a: Code): void {
  const lowHalf = [r8, r9, r11, lr] as const;
  const highHalf = [r0, r2, r3, r4] as const;
  const carryInto = (carry: Register, word: Register, by: Words, into: Words) => {
    a.mov(carry, 0);
    into.forEach((register, i) => a.umaal(register, carry, word, by[i] as Register));
  };
  /** A word of the doubled sum; the first one begins the chain. */
  const double = (word: Register, index: number) => {
    if (index === 1) a.adds(word, word, word);
    else a.adcs(word, word, word);
    if (index < 8) a.str(word, sp, KEPT + 4 * index);
  };
  a.routine("fe_sqr", "[r0] = [r1]^2 mod p", () => {
    a.pushRegisters(r0, lr);
    a.sub(sp, sp, STACK + KEPT);
    a.ldm(r1, lowHalf, true);
    a.ldm(r1, highHalf);
    a.stm(sp, lowHalf);
    const [a0, a1, a2, a3] = lowHalf;
    a.comment("words 1 .. 6 of a_L a_L");
    a.umull(r5, r1, a0, a1);
    for (const [word, by] of [
      [r6, a2],
      [r7, a3],
    ] as const) {
      a.mov(word, 0);
      a.umaal(word, r1, a0, by);
    }
    carryInto(r10, a1, [a2, a3], [r7, r1]);
    carryInto(r12, a2, [a3], [r10]);
    [r5, r6, r7].forEach((word, i) => double(word, i + 1));
    a.comment("a_L a_H: a row's carry takes the place of the last row's word of a");
    a.mov(r6, 0);
    carryInto(r5, a0, highHalf, [r1, r10, r12, r6]);
    double(r1, 4);
    carryInto(r8, a1, highHalf, [r10, r12, r6, r5]);
    double(r10, 5);
    carryInto(r9, a2, highHalf, [r12, r6, r5, r8]);
    double(r12, 6);
    carryInto(r11, a3, highHalf, [r6, r5, r8, r9]);
    double(r6, 7);
    const [a4, a5, a6, a7] = highHalf;
    a.comment("a_H a_H");
    carryInto(lr, a4, [a5, a6, a7], [r8, r9, r11]);
    carryInto(r1, a5, [a6, a7], [r11, lr]);
    carryInto(r10, a6, [a7], [r1]);
    const upper = [r5, r8, r9, r11, lr, r1, r10, r12] as const;
    upper.slice(0, 7).forEach((word, i) => double(word, i + 8));
    a.mov(r12, 0);
    a.adc(r12, r12, 0);
    highHalf.forEach((word, i) => {
      const [even, odd] = upper.slice(2 * i, 2 * i + 2) as [Register, Register];
      a.umull(r6, r7, word, word);
      if (i === 0) a.adds(even, even, r6);
      else a.adcs(even, even, r6);
      a.adcs(odd, odd, r7);
    });
    a.comment("the lower half, and the upper one times 2^32 + 977");
    const [factor, carry, one] = [r0, r2, r7] as const;
    a.movw(factor, C);
    a.mov(one, 1);
    for (let i = 0; i < 4; i++) {
      const [even, odd] = LOW.slice(2 * i, 2 * i + 2) as [Register, Register];
      const [above, next] = upper.slice(2 * i, 2 * i + 2) as [Register, Register];
      // Upper word 2 i - 1 is the square's second addend, and then its upper half.
      const other = i > 0 ? (upper[2 * i - 1] as Register) : r6;
      a.ldr(odd, sp, 4 * i);
      if (i === 0) {
        a.umull(even, carry, above, factor);
        a.mov(other, 0);
      } else {
        a.ldr(even, sp, KEPT + 8 * i);
        a.umaal(even, carry, above, factor);
      }
      a.umaal(even, other, odd, odd);
      a.ldr(odd, sp, KEPT + 8 * i + 4);
      a.umaal(odd, carry, next, factor);
      a.umaal(odd, other, above, one);
      a.add(carry, carry, other);
    }
    a.adds(carry, carry, r12);
    a.add(sp, sp, KEPT);
    a.join("fe_mul.end", "fe_mul");
  });
}
