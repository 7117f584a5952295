/**
 * Inverses modulo p and n in constant time: "safegcd".
 *
 * Source: Bernstein, Yang, "Fast constant-time gcd computation and modular inversion", CHES 2019
 * (IACR 2019/266), with delta starting at 1/2 as libsecp256k1's doc/safegcd_implementation.md has
 * it: 590 division steps are proven to be enough for 256 bits; 20 batches of 30 are done here.
 *
 * A batch looks at the lowest 30 bits of f and g only and gives a matrix (u v; q r) with |u| + |v|
 * <= 2^30 and |q| + |r| <= 2^30. That is then applied to (f, g), exactly divided by 2^30, and to
 * (d, e), divided by 2^30 mod m: a multiple k m is added first, with k in -2^29 .. 2^29 - 1 chosen
 * so that 30 bits become 0. For (f, g) they are 0 already, so k = 0 and one routine does both.
 * Always d = f / x and e = g / x mod m.
 *
 * Sizes: numbers are nine limbs of 30 bits, the top one signed. |d|, |e| grow by at most m / 2 a
 * batch, to 10 m: the top limb stays below 2^20, sums of products below 2^62. In the end f = 1 or
 * -1 (g = 0), and one more step with the matrix (f 0; 0 0) makes -m / 2 - m / 2^26 < d < m / 2 + m
 * / 2^26; it divides by 2^30 too, which e = 2^30 at the start pays for. x = 0 leaves d = 0.
 *
 * Every branch is on a counter.
 */

import {
  lr,
  pc,
  r0,
  r1,
  r2,
  r3,
  r4,
  r5,
  r6,
  r7,
  r8,
  r9,
  r10,
  r11,
  r12,
  registers,
  sp,
  ASR,
  LSL,
  type Register,
} from "../../asm/registers.js";
import type { Code } from "../frame.js";

const LIMBS = 9;
const BATCH = 30;
const BATCHES = 20;
/** Random numbers need 520 to 530: no test would see that a few batches are missing. */
const PROVEN_STEPS = 590;
if (BATCHES * BATCH < PROVEN_STEPS) throw new Error("inverse: fewer steps than proven enough");
/** Of the division steps' loop. */
const UNROLLED = 1;
/** Bits 30 and 31, cleared. */
const NO_LIMB = 0xc0000000;

/** A number: one spare word, then its limbs; f, g, d, e, m one after another. */
const NUMBER = 4 * (LIMBS + 1);
const [F, G, D, M] = [0, 1, 2, 4].map((i) => i * NUMBER) as [number, number, number, number];
const MATRIX = M + NUMBER;
const DELTA = MATRIX + 16;
const LEFT = DELTA + 4;
/** -1 / m mod 2^30, and where the update's loop ends. */
const FACTOR = LEFT + 4;
const END = FACTOR + 4;
const STACK = END + 4;

/** Words to limbs. Limb i has the upper 2 i bits of word i - 1 and the rest of word i. */
function toLimbs(a: Code): void {
  const [next, last] = [a.local("limb"), a.local("last")];
  a.routine("to_limbs", "[r0] = limbs of the 8 words at [r1]; r1 = behind them", () => {
    const [shift, before, word, limb, back] = [r2, r3, r4, r5, r6] as const;
    a.movs(shift, 0);
    a.movs(before, 0);
    a.label(next);
    a.movs(word, 0);
    a.cmp(shift, 2 * LIMBS - 2);
    a.bc("eq", last);
    a.ldr(word, r1, { post: 4 });
    a.label(last);
    a.lsl(limb, word, shift);
    a.rsb(back, shift, 32);
    a.lsrs(before, before, back);
    a.orrs(limb, limb, before);
    a.bic(limb, limb, NO_LIMB);
    a.str(limb, r0, { post: 4 });
    a.mov(before, word);
    a.adds(shift, shift, 2);
    a.cmp(shift, 2 * LIMBS);
    a.bc("ne", next);
    a.bx(lr);
  });
}

/**
 * 30 division steps. `delta` here is the paper's minus 1/2 and so an integer; the mask `not` is
 * all ones when it is negative. Odd g: g + f or, with delta > 0, g - f, and f becomes the old g.
 */
function divisionSteps(a: Code): void {
  const [next] = [a.local("step")];
  const [delta, not, odd, swap] = [r0, r1, r2, r6] as const;
  const [g, u, v, left, f, q, r, factor] = [r3, r4, r5, r7, r8, r9, r10, r11] as const;
  a.routine("division_steps", "MATRIX of 30 steps on F and G", () => {
    a.ldr(f, sp, F + 4);
    a.ldr(g, sp, G + 4);
    a.ldr(delta, sp, DELTA);
    a.movs(u, 1);
    a.movs(v, 0);
    a.mov(q, v);
    a.mov(r, u);
    a.movs(left, BATCH / UNROLLED);
    a.label(next);
    for (let i = 0; i < UNROLLED; i++) {
      a.sbfx(odd, g, 0, 1);
      a.asrs(not, delta, 31);
      a.bic(swap, odd, not);
      a.comment("-1 or 1 from the mask, times the mask odd: 0, 1 (add) or -1 (subtract)");
      a.orr(not, not, 1);
      a.mul(factor, not, odd);
      a.mla(g, f, factor, g);
      a.mla(q, u, factor, q);
      a.mla(r, v, factor, r);
      a.mls(f, g, swap, f);
      a.mls(u, q, swap, u);
      a.mls(v, r, swap, v);
      a.eors(delta, delta, swap);
      a.adds(delta, delta, 1);
      a.asrs(g, g, 1);
      a.lsls(u, u, 1);
      a.lsls(v, v, 1);
    }
    a.subs(left, left, 1);
    a.bc("ne", next);
    a.str(delta, sp, DELTA);
    a.add(r12, sp, MATRIX);
    a.stm(r12, [u, v, q, r]);
    a.bx(lr);
  });
}

/** The matrix times the two numbers at r0, by 2^30. */
function update(a: Code): void {
  const next = a.local("limb");
  const [at, x, y, m] = [r0, r1, r2, r3] as const;
  const [u, v, q, r] = [r4, r5, r6, r7] as const;
  const [k1, k2] = [r8, r9] as const;
  const [sum1, sum2]: (readonly [Register, Register])[] = [
    [r10, r11],
    [r12, lr],
  ];
  const rows = [
    [u, v, k1, sum1 as readonly [Register, Register]],
    [q, r, k2, sum2 as readonly [Register, Register]],
  ] as const;
  a.routine("update", "the number at r0 and the next one = MATRIX * them / 2^30 mod m", () => {
    a.pushRegisters(lr);
    const own = a.depth;
    a.add(r12, sp, MATRIX + own);
    a.ldm(r12, [u, v, q, r]);
    a.ldr(x, at, 4);
    a.ldr(y, at, 4 + NUMBER);
    a.ldr(m, sp, FACTOR + own);
    for (const [first, second, k, [low, high]] of rows) {
      a.mul(low, first, x);
      a.mla(low, second, y, low);
      a.mul(k, low, m);
      a.comment("30 bits of it, signed");
      a.sbfx(k, k, 0, BATCH);
      a.mov(low, 0);
      a.mov(high, 0);
    }
    a.add(m, at, 4 * LIMBS);
    a.str(m, sp, END + own);
    a.label(next);
    a.ldr(x, at, 4);
    a.ldr(y, at, 4 + NUMBER);
    a.ldr(m, at, 4 + 2 * NUMBER);
    for (const [first, second, k, [low, high]] of rows) {
      a.smlal(low, high, first, x);
      a.smlal(low, high, second, y);
      a.smlal(low, high, k, m);
    }
    a.comment("the lowest limb of the sums is 0 and goes to the spare words");
    rows.forEach(([, , , [low, high]], i) => {
      const limb = i === 0 ? x : y;
      a.bic(limb, low, NO_LIMB);
      a.lsr(low, low, BATCH);
      a.orr(low, low, LSL(high, 32 - BATCH));
      a.asr(high, high, BATCH);
    });
    a.str(y, at, NUMBER);
    a.str(x, at, { post: 4 });
    a.ldr(m, sp, END + own);
    a.cmp(at, m);
    a.bc("ne", next);
    rows.forEach(([, , , [low]], i) => a.str(low, at, i * NUMBER));
    a.popRegisters(pc);
  });
}

function invert(a: Code): void {
  const [batch, word] = [a.local("batch"), a.local("word")];
  const on = (register: Register, place: number) => a.add(register, sp, place);
  a.routine("inverse", "[r0] = 1 / [r0] mod [r1], 0 for 0; after it -1 / [r1] mod 2^30", () => {
    a.pushRegisters(r0, r1, lr);
    a.sub(sp, sp, STACK);
    const [number, modulus] = [STACK, STACK + 4];
    a.mov(r2, r1);
    a.mov(r3, r1);
    a.mov(r1, r0);
    on(r0, D);
    a.bl("mod_sub");
    on(r1, D);
    on(r0, G + 4);
    a.bl("to_limbs");
    for (const to of [F, M]) {
      a.ldr(r1, sp, modulus);
      on(r0, to + 4);
      a.bl("to_limbs");
    }
    a.ldr(r1, r1, 0);
    a.str(r1, sp, FACTOR);
    a.comment("d = 0, e = 2^30");
    const zeros = registers(2, 11);
    for (const register of zeros) a.mov(register, 0);
    on(r0, D);
    a.stm(r0, zeros, true);
    a.stm(r0, zeros);
    a.movs(r1, 1);
    a.str(r1, r0, 8);
    a.str(r2, sp, DELTA);
    a.movs(r1, BATCHES);
    a.label(batch);
    a.str(r1, sp, LEFT);
    a.bl("division_steps");
    on(r0, F);
    a.bl("update");
    on(r0, D);
    a.bl("update");
    a.ldr(r1, sp, LEFT);
    a.subs(r1, r1, 1);
    a.bc("ne", batch);
    a.comment("the sign of f, from its top limb");
    a.ldr(r1, sp, F + 4 * LIMBS);
    a.lsls(r1, r1, 1);
    a.adds(r1, r1, 1);
    a.movs(r2, 0);
    a.movs(r3, 0);
    a.movs(r4, 0);
    on(r0, MATRIX);
    a.stm(r0, [r1, r2, r3, r4]);
    on(r0, D);
    a.bl("update");
    a.comment("limbs to words, over f");
    on(r1, D + 4);
    on(r0, F);
    a.movs(r2, 0);
    a.label(word);
    a.ldr(r3, r1, { post: 4 });
    a.lsrs(r3, r3, r2);
    a.ldr(r4, r1, 0);
    a.rsb(r5, r2, BATCH);
    a.lsls(r4, r4, r5);
    a.orrs(r3, r3, r4);
    a.str(r3, r0, { post: 4 });
    a.adds(r2, r2, 2);
    a.cmp(r2, 2 * (LIMBS - 1));
    a.bc("ne", word);
    a.comment("plus m if it is negative");
    a.ldr(r0, sp, number);
    a.ldr(r3, sp, modulus);
    a.adr(r2, "c_zero");
    a.ldr(r1, r1, 0);
    a.mov(lr, ASR(r1, 31));
    a.ldm(sp, registers(4, 11));
    a.add(sp, sp, STACK + 8);
    a.join("mod_sub.core", "mod_sub");
  });
}

export function inverse(a: Code): void {
  toLimbs(a);
  divisionSteps(a);
  update(a);
  invert(a);
}
