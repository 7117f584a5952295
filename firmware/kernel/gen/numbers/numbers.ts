/**
 * 256-bit numbers of eight little-endian words: modular subtraction, comparison, moves.
 *
 * `mod_sub` is the one routine behind reduction, comparison, negation and subtraction mod n. No
 * branch and no address depends on a value.
 */

import {
  lr,
  pc,
  r0,
  r1,
  r2,
  r3,
  r8,
  r9,
  r10,
  r12,
  registers,
  type Register,
} from "../../asm/registers.js";
import type { Code } from "../frame.js";

/**
 * [r0] = [r1] - [r2], plus [r3] when that is negative; r0 = all ones when it was, else 0.
 * Reduces (r2 = r3 = modulus), subtracts mod n, compares. `mod_sub.core`: the minuend is in
 * r4 .. r11 with its ninth word in lr.
 */
function subtractModulo(a: Code): void {
  const words = registers(4, 11);
  const pairs = (pointer: Register, each: (operand: Register, index: number) => void) => {
    for (let i = 0; i < 8; i += 2) {
      a.ldm(pointer, [r1, r12], i < 6);
      each(r1, i);
      each(r12, i + 1);
    }
  };
  a.routine("mod_sub", "[r0] = [r1] - [r2], + [r3] if negative; r0 = mask", () => {
    a.pushRegisters(lr);
    a.ldm(r1, words);
    a.mov(lr, 0);
    a.label("mod_sub.core");
    pairs(r2, (operand, i) => {
      const word = words[i] as Register;
      if (i === 0) a.subs(word, word, operand);
      else a.sbcs(word, word, operand);
    });
    a.sbc(r2, lr, 0);
    pairs(r3, (operand, i) => {
      const word = words[i] as Register;
      a.and(operand, operand, r2);
      if (i === 0) a.adds(word, word, operand);
      else a.adcs(word, word, operand);
    });
    a.stm(r0, words);
    a.mov(r0, r2);
    a.popRegisters(pc);
  });
}

/** Moves of 32 bytes. */
function moves(a: Code): void {
  a.routine("copy8", "[r0] = [r1], 8 words", () => {
    const words = registers(2, 9);
    a.ldm(r1, words);
    a.stm(r0, words);
    a.bx(lr);
  });
  a.routine("swap8", "[r0] = [r1], 32 bytes big-endian to words or back", () => {
    const words = registers(2, 9);
    a.ldm(r1, words);
    words.forEach((word) => a.rev(word, word));
    words.forEach((word, i) => a.str(word, r0, 28 - 4 * i));
    a.bx(lr);
  });
  a.routine("select8", "[r0] = [r1] where the mask r2 is all ones", () => {
    const words = registers(4, 7);
    const others = [r3, r8, r9, r10];
    for (const half of [0, 1]) {
      a.ldm(r0, words);
      a.ldm(r1, others, half === 0);
      others.forEach((other, i) => {
        const word = words[i] as Register;
        a.eor(other, other, word);
        a.and(other, other, r2);
        a.eor(word, word, other);
      });
      a.stm(r0, words, half === 0);
    }
    a.bx(lr);
  });
  a.routine("zero8", "r0 = all ones when [r0] is 0 in 8 words, else 0", () => {
    const words = registers(1, 8);
    a.ldm(r0, words);
    for (const word of words.slice(1)) a.orr(r1, r1, word);
    a.clz(r1, r1);
    a.lsr(r1, r1, 5);
    a.rsb(r0, r1, 0);
    a.bx(lr);
  });
}

export function numbers(a: Code): void {
  subtractModulo(a);
  moves(a);
}
