/**
 * Multiplication mod p = 2^256 - 2^32 - 977. Straight-line code on loose values (field.ts).
 *
 * Sources: the idea of Emil Lenngren's published P-256 for Cortex-M4: one UMAAL adds two words to a
 * 32x32 product and can't overflow, as (2^32-1)^2 + 2 (2^32-1) = 2^64-1. Reduction of
 * pseudo-Mersenne primes: Handbook of Applied Cryptography 14.3.4.
 *
 * The product goes by 4x4 blocks of 16 UMAALs, a row of four for each word of a, the four words of
 * the window sliding up with it. a_L b_L and a_H b_L leave words 0 .. 7 in the stack and 8 .. 11 in
 * registers, three of them for good. Then a_L b_H takes words 4 .. 7 as its rows' starting carries,
 * a_H b_H words 8 .. 11; the eight upper words end in registers, ready to be folded.
 */

import { lr, pc, r0, r1, r2, r7, r8, r9, r10, r11, r12 } from "../../asm/registers.js";
import { registers, sp, type Register } from "../../asm/registers.js";
import { C } from "./field.js";
import type { Code } from "../frame.js";

/** Stack: words 0 .. 7, and word 11 until its row comes. */
export const STACK = 36;

/**
 * Where the reduction has its lower eight words; factor 977 and the carry out of them are in r0
 * and r2, and r7, r10, r12 are free. Squaring shares the end from there.
 */
export const LOW = [...registers(3, 6), r8, r9, r11, lr] as const;
const [FACTOR, CARRY] = [r0, r2] as const;

/** A row: window += word * b, its first word done. Returns the next window and the done word. */
function row(
  a: Code,
  window: readonly Register[],
  carry: Register,
  word: Register,
  b: readonly Register[],
): { window: Register[]; done: Register } {
  window.forEach((register, i) => a.umaal(register, carry, word, b[i] as Register));
  const [done, ...rest] = window as [Register, ...Register[]];
  return { window: [...rest, carry], done };
}

/** Words 8 .. 11 of [r1] * (lower half of [r2]); 0 .. 7 are in the stack. r2 += 16. */
function lowerHalf(a: Code, b: readonly Register[]): { window: Register[]; free: Register } {
  let window = registers(7, 10);
  let carry = r12;
  a.ldm(r2, b, true);
  for (let i = 0; i < 8; i++) {
    const word = i % 2 ? r11 : r0;
    if (i % 2 === 0) a.ldrd(r0, r11, r1, 4 * i);
    if (i > 0) a.mov(carry, 0);
    else {
      const [first, ...others] = window as [Register, ...Register[]];
      a.umull(first, carry, word, b[0] as Register);
      others.forEach((register, j) => {
        a.mov(register, 0);
        a.umaal(register, carry, word, b[j + 1] as Register);
      });
    }
    const next: ReturnType<typeof row> =
      i > 0
        ? row(a, window, carry, word, b)
        : { window: [...window.slice(1), carry], done: window[0] as Register };
    a.str(next.done, sp, 4 * i);
    window = next.window;
    carry = next.done;
  }
  return { window, free: carry };
}

/**
 * The upper eight words of [r1] * [r2], four of them in LOW's upper registers; the lower eight are
 * in the stack.
 */
function product(a: Code): Register[] {
  const b = registers(3, 6);
  const { window: words, free } = lowerHalf(a, b);
  const waiting = words.slice(0, 3);
  const eleventh = words[3] as Register;
  a.str(eleventh, sp, 32);
  a.ldm(r2, b);
  const word = FACTOR;
  const [start, ...others] = LOW.slice(4) as [Register, ...Register[]];
  if (![free, eleventh].every((register) => LOW.includes(register as never))) {
    throw new Error("fe_mul: its upper words would end in other registers");
  }
  let window: Register[] = [...others, CARRY];
  let carry = start;
  for (const register of window) a.mov(register, 0);
  for (let i = 0; i < 4; i++) {
    a.ldr(word, r1, 4 * i);
    a.ldr(carry, sp, 16 + 4 * i);
    const next = row(a, window, carry, word, b);
    a.str(next.done, sp, 16 + 4 * i);
    window = next.window;
    carry = next.done;
  }
  const other = carry;
  const upper: Register[] = [];
  [...waiting, r1].forEach((first, i) => {
    if (i === 0) a.ldrd(word, other, r1, 16);
    if (i === 2) {
      a.ldr(word, r1, 24);
      a.ldr(other, r1, 28);
      a.ldr(r1, sp, 32);
    }
    const next = row(a, window, first, i % 2 ? other : word, b);
    upper.push(next.done);
    window = next.window;
  });
  return [...upper, ...window];
}

export function multiply(a: Code): void {
  a.routine("fe_mul", "[r0] = [r1] * [r2] mod p", () => {
    a.pushRegisters(r0, lr);
    a.sub(sp, sp, STACK);
    const upper = product(a);
    const [factor, carry] = [FACTOR, CARRY];
    a.comment(
      "low half + high half * (2^32 + 977); a word of the high half makes room for a low one",
    );
    const low = LOW;
    a.ldm(sp, low.slice(0, 4));
    a.movw(factor, C);
    a.mov(carry, 0);
    upper.forEach((high, i) => {
      if (i === 3) for (const j of [4, 5, 6]) a.ldr(low[j] as Register, sp, 4 * j);
      a.umaal(low[i] as Register, carry, high, factor); // leaves the flags alone
      const next = low[i + 1] ?? carry;
      if (i === 0) a.adds(next, next, high);
      else a.adcs(next, next, high);
      if (i === 3) a.ldr(low[7] as Register, sp, 28);
    });
    a.label("fe_mul.end");
    const [x, y, z] = [r10, r12, r7] as const;
    a.comment("what is above 2^256, in carry and flag, again times 2^32 + 977");
    a.mov(z, 0);
    a.adc(z, z, 0);
    a.umull(x, y, carry, factor);
    a.mla(y, z, factor, y);
    a.adds(y, y, carry);
    a.adc(z, z, 0);
    low.forEach((word, i) => {
      if (i === 0) a.adds(word, word, x);
      else a.adcs(word, word, i === 1 ? y : i === 2 ? z : 0);
    });
    a.comment("a carry now means a value below 2^67: the last fold ends in the third word");
    a.mov(z, 0);
    a.adc(z, z, 0);
    a.mul(x, z, factor);
    const [word0, word1, word2] = low;
    a.adds(word0, word0, x);
    a.adcs(word1, word1, z);
    a.adc(word2, word2, 0);
    a.ldr(x, sp, STACK);
    a.stm(x, low);
    a.add(sp, sp, STACK + 4);
    a.popRegisters(pc);
  });
}
