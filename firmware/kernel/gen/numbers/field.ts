/**
 * Arithmetic on 256-bit numbers of eight little-endian words, and mod p = 2^256 - 2^32 - 977.
 *
 * Source: reduction of pseudo-Mersenne primes, Handbook of Applied Cryptography 14.3.4. The
 * multiplication mod p is in product.ts.
 *
 * Values are "loose": anything in 0 .. 2^256-1 stands for its residue. Every routine takes and
 * gives loose values; only `mod_sub` with p (numbers.ts) makes the canonical one, before a
 * comparison or an output.
 * Straight-line code without any branch: time and addresses don't depend on values.
 */

import {
  lr,
  pc,
  r0,
  r1,
  r2,
  r3,
  r4,
  r11,
  r12,
  registers,
  type Register,
} from "../../asm/registers.js";
import type { Code } from "../frame.js";

/** Low word of 2^256 mod p = 2^32 + 977. */
export const C = 977;

/** 16-word products for arithmetic mod n: a loop over rows, small rather than fast. */
function wideMultiply(a: Code): void {
  const b = registers(3, 10);
  a.routine("wide_mul", "[r0..] = [r1] * [r2], 16 words; r0 = behind the eighth", () => {
    for (const register of b) a.mov(register, 0);
    a.stm(r0, b);
    a.ldm(r2, b);
    a.movs(r2, 8);
    a.fallInto("mul_add");
  });
  a.routine(
    "mul_add",
    "[r0..] += (r2 words at [r1]) * (r3 .. r10); word r2 + 7 is the last",
    () => {
      const row = a.local("row");
      a.pushRegisters(lr);
      a.mov(lr, r2);
      a.label(row);
      a.ldr(r11, r1, { post: 4 });
      a.mov(r12, 0);
      b.forEach((factor, i) => {
        a.ldr(r2, r0, 4 * i);
        a.umaal(r2, r12, r11, factor);
        a.str(r2, r0, 4 * i);
      });
      a.comment("the row's top word is new: nothing was there");
      a.str(r12, r0, 32);
      a.adds(r0, r0, 4);
      a.subs(lr, lr, 1);
      a.bc("ne", row);
      a.popRegisters(pc);
    },
  );
}

/** Value in `words`, a small multiple in r1 (of 2^32) and r2 (of 1) to be added. */
function addTop(a: Code, words: readonly Register[]): void {
  words.forEach((word, i) => {
    if (i === 0) a.adds(word, word, r2);
    else a.adcs(word, word, i === 1 ? r1 : 0);
  });
}

/** [r0] = [r1] + [r2] mod p, and [r0] = [r1] * 3 / 2. */
function addAndHalf(a: Code): void {
  const words = registers(3, 10);
  const two = (operation: "adds" | "adcs", from: number) => {
    const operands = [r1, r11, r12, lr];
    a.ldm(r2, operands, from === 0);
    operands.forEach((operand, i) => {
      const word = words[from + i] as Register;
      if (i === 0 && operation === "adds") a.adds(word, word, operand);
      else a.adcs(word, word, operand);
    });
  };
  a.routine("fe_add", "[r0] = [r1] + [r2] mod p", () => {
    a.pushRegisters(lr);
    a.ldm(r1, words);
    a.label("fe_add.core");
    two("adds", 0);
    two("adcs", 4);
    a.mov(r1, 0);
    a.adc(r1, r1, 0);
    a.comment("r1 * 2^256 becomes r1 * (2^32 + 977)");
    a.movw(r11, C);
    a.mul(r2, r1, r11);
    addTop(a, words);
    a.comment("a carry now means a value below 2^49");
    a.mov(r1, 0);
    a.adc(r1, r1, 0);
    a.mul(r2, r1, r11);
    a.adds(r3, r3, r2);
    a.adc(r4, r4, r1);
    a.stm(r0, words);
    a.popRegisters(pc);
  });
  a.routine("fe_and_half", "[r0] = [r1] * 3 / 2 mod p", () => {
    a.pushRegisters(lr);
    a.ldm(r1, words);
    a.comment("half of it: plus p when it is odd, which is 2^256 - (2^32 + 977)");
    a.and(r12, r3, 1);
    a.movw(r11, C);
    a.mul(r11, r11, r12);
    words.forEach((word, i) => {
      if (i === 0) a.subs(word, word, r11);
      else a.sbcs(word, word, i === 1 ? r12 : 0);
    });
    a.sbc(r12, r12, 0);
    a.comment("a ninth word of 0 or 1, and the sum is even");
    a.lsrs(r12, r12, 1);
    [...words].reverse().forEach((word) => a.rrxs(word, word));
    a.mov(r2, r1);
    a.join("fe_add.core", "fe_add");
  });
}

/** [r0] = [r1] - [r2] mod p, - 2 [r2], and the conditional negation: they share their end. */
function subtract(a: Code): void {
  const words = registers(3, 10);
  const take = () => {
    for (const from of [0, 4]) {
      const operands = [r1, r11, r12, lr];
      a.ldm(r2, operands, from === 0);
      operands.forEach((operand, i) => {
        const word = words[from + i] as Register;
        if (from + i === 0) a.subs(word, word, operand);
        else a.sbcs(word, word, operand);
      });
    }
  };
  a.routine("fe_sub_twice", "[r0] = [r1] - 2 [r2] mod p", () => {
    a.pushRegisters(lr);
    a.ldm(r1, words);
    take();
    a.sbc(r1, r1, r1);
    a.pushRegisters(r1);
    a.sub(r2, r2, 16);
    take();
    a.popRegisters(r1);
    a.sbc(r1, r1, 0);
    a.join("fe_sub.end", "fe_sub");
  });
  a.routine("fe_sub", "[r0] = [r1] - [r2] mod p", () => {
    a.pushRegisters(lr);
    a.ldm(r1, words);
    take();
    a.sbc(r1, r1, r1);
    a.label("fe_sub.end");
    a.movw(r11, C);
    a.rsbs(r1, r1, 0);
    a.mul(r2, r1, r11);
    a.comment("-r1 * 2^256, r1 <= 2, becomes -r1 * (2^32 + 977)");
    a.label("fe_unfold");
    words.forEach((word, i) => {
      if (i === 0) a.subs(word, word, r2);
      else a.sbcs(word, word, i === 1 ? r1 : 0);
    });
    a.comment("a borrow now leaves 2^256 - small: the second one ends in the second word");
    a.sbc(r1, r1, r1);
    a.and(r2, r1, r11);
    a.lsr(r1, r1, 31);
    a.subs(r3, r3, r2);
    a.sbc(r4, r4, r1);
    a.stm(r0, words);
    a.popRegisters(pc);
  });
  a.routine("fe_negate_if", "[r0] = -[r0] mod p when the mask r1 is all ones", () => {
    a.pushRegisters(lr);
    a.ldm(r0, words);
    a.comment("-y = ~y - (2^32 + 976) mod p");
    words.forEach((word) => a.eor(word, word, r1));
    a.and(r2, r1, C - 1);
    a.movw(r11, C);
    a.lsr(r1, r1, 31);
    a.join("fe_unfold", "fe_sub");
  });
}

export function field(a: Code): void {
  wideMultiply(a);
  addAndHalf(a);
  subtract(a);
}
