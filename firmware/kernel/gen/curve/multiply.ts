/**
 * The main loop: one double-and-add (Strauss-Shamir) for key * G, key * P and u1 * G + u2 * P.
 *
 * Sources: GLV (curve.ts); signed-bit recoding (constants.ts); Lim-Lee comb: "More flexible
 * exponentiation with precomputation", CRYPTO 1994. At bit i: double; for i = 0 mod 4, add one odd
 * multiple of P and one of lambda P (windows of 4 signed bits, the topmost of one bit); below the
 * comb's spacing, add one comb point. Verify's u2 comes in wNAF instead, whose digits can stand at
 * any bit.
 *
 * For secrets, every table is read completely, the wanted entry being kept by multiplication with
 * -1, the others with 0; signs by masks. Branches depend on the loop counter and on which operation
 * it is, only. Verify (public data) reads its entries directly.
 *
 * No addition of a secret multiple is exceptional: A, before a point Q is added, is never infinity
 * (but for the first one), Q or -Q. P has order n, as every point of the curve but infinity.
 *
 * key * G. The even one of k and n - k is taken, e; its digits make the odd number K = e + n, with
 * n < K < 2n. When the column i of the comb is done, A is a G with a = sum of a_t 2^(52 t), all a_t
 * odd and |a_t| < 2^(52 - i); so a is odd. Then 2 a G meets T G, T = sum of +-2^(52 t). That is
 * exceptional if 2 a = z T + j n with z = 0, 1 or -1. For j = 0 it can't be: 2 a isn't 0, and even
 * where T is odd. For other j, |2 a| <= (K + 2^(i + 209)) / 2^i leaves few columns near the end,
 * hence a finite list of (column, T, z, j); `test/asm/exceptions.test.ts` tries for all whether a
 * has such a_t and K is in its range. None has. (With K = k for odd k there is one: that is why k
 * is made even.)
 *
 * key * P. K1, K2 are the odd numbers of the recoding, K1 + K2 lambda = k, both below 1.28 * 2^128
 * in absolute value (s1, s2 below 0.64 * 2^128). Let L be all (x, y) with x + y lambda = 0 mod n.
 * In L, x^2 - x y + y^2 = y^2 (lambda^2 + lambda + 1) = 0 mod n, and the form is positive: so 3
 * max(x, y)^2 >= n but for (0, 0), and a coordinate is above 2^126. When windows down to bit i are
 * done, A is (a1, a2) with a1, a2 odd and |a_j - K_j / 2^i| < 1. Adding (d, 0) or (0, d), d odd and
 * |d| < 16, is exceptional if A, A - that or A + that is in L. Before the last window these
 * coordinates are below 2^125, so that it would have to be (0, 0); but for (d, 0) the second one is
 * 16 times an odd number, and for (0, d) the first one is odd. In the last window they are (K1 -
 * e1, K2 - e2) with |e1|, |e2| <= 30, so k = e1 + e2 lambda. The test does all additions for all
 * 3,721 such k. None is exceptional.
 */

import { lr, pc, r0, r1, r2, r3, r4, r5, LSL, ASR } from "../../asm/registers.js";
import { COMB_POINTS, SPACING, TEETH, WINDOW_TOP } from "./constants.js";
import type { Code } from "../frame.js";
import { fieldOperations, setInfinity } from "./point.js";
import { recodeComb } from "../numbers/recode.js";
import { ENTRIES } from "./tables.js";
import {
  A,
  B,
  COUNTER,
  FLIP,
  HALF,
  INFINITE,
  NAF,
  NAF_BYTES,
  PUBLIC,
  SCALE,
  SECRET,
  SIGN,
  T,
  TABLE,
  USES_TABLE,
  V1,
  VG,
  VG_TOP,
} from "./slots.js";

/** Digit bits in r2 (top bit 1 = positive) become the table index in r2, the sign mask in SIGN. */
function digit(a: Code, bits: number): void {
  a.comment("top bit 0: negative, and the index is the complement");
  a.lsrs(r4, r2, bits - 1);
  a.subs(r4, r4, 1);
  a.eors(r2, r2, r4);
  a.and(r2, r2, (1 << (bits - 1)) - 1);
  a.store(r4, SIGN);
}

/** Two coordinates of an entry, with the sign applied. */
function fetch(a: Code): void {
  const [straight, sign, positive] = a.locals("public", "sign", "positive");
  a.onFrame("fetch", "[r0..] = entry r2 of r4 in table r1; B's y is negated by SIGN", 4, () => {
    a.pushRegisters(lr);
    a.movs(r3, 2);
    a.load(r5, USES_TABLE);
    a.cmp(r5, PUBLIC);
    a.bc("eq", straight);
    a.bl("select");
    a.b(sign);
    a.label(straight);
    a.bl("pick");
    a.load(r1, SIGN);
    a.cmp(r1, 0);
    a.bc("eq", positive);
    a.label(sign);
    a.at(r0, B[1]);
    a.load(r1, SIGN);
    a.bl("fe_negate_if");
    a.label(positive);
    a.popRegisters(pc);
  });
}

/** The next digit of both halves: add its multiple of P, of lambda P. */
function windows(a: Code): void {
  const [again, naf, found, plain, next, whole] = a.locals(
    "half",
    "naf",
    "found",
    "plain",
    "next",
    "whole",
  );
  a.movs(r5, 0);
  a.label(again);
  a.store(r5, HALF);
  a.load(r0, COUNTER);
  a.load(r3, USES_TABLE);
  a.cmp(r3, PUBLIC);
  a.bc("eq", naf);
  a.comment("four bits of V1 (half 0) or V2 (half 1) at the counter");
  a.at(r1, V1);
  a.add(r1, r1, LSL(r5, 5));
  a.lsrs(r2, r0, 5);
  a.ldr(r2, r1, LSL(r2, 2));
  a.and(r0, r0, 31);
  a.lsrs(r2, r2, r0);
  a.and(r2, r2, 15);
  a.load(r0, COUNTER);
  a.cmp(r0, WINDOW_TOP);
  a.bc("ne", whole);
  a.comment("the top bit alone: 0111 is -1, 1000 is 1");
  a.adds(r2, r2, 7);
  a.label(whole);
  digit(a, 4);
  a.b(found);
  a.label(naf);
  a.comment("wNAF digit: 0, or odd and signed");
  a.at(r1, NAF);
  a.movs(r3, NAF_BYTES);
  a.mla(r1, r5, r3, r1);
  a.ldrb(r2, r1, r0);
  a.cmp(r2, 0);
  a.bc("eq", next);
  a.lsls(r2, r2, 24);
  a.asrs(r4, r2, 31);
  a.store(r4, SIGN);
  a.eor(r2, r4, ASR(r2, 24));
  a.subs(r2, r2, r4);
  a.lsrs(r2, r2, 1);
  a.label(found);
  a.comment("lambda (x, y) = (beta x, y): the table's columns are x, y, beta x");
  a.at(r0, B[0]);
  a.add(r0, r0, LSL(r5, 5));
  a.at(r1, TABLE);
  a.add(r1, r1, LSL(r5, 8));
  a.movs(r4, ENTRIES);
  a.onSame("fetch");
  a.load(r5, HALF);
  a.cmp(r5, 0);
  a.bc("eq", plain);
  a.on("copy8", B[0], B[2]);
  a.label(plain);
  a.onSame("point_add");
  a.label(next);
  a.load(r5, HALF);
  a.adds(r5, r5, 1);
  a.cmp(r5, 2);
  a.bc("ne", again);
}

function comb(a: Code): void {
  a.comment("bits at the counter, SPACING apart");
  a.load(r0, COUNTER);
  a.movs(r2, 0);
  a.at(r1, VG);
  for (let tooth = 0; tooth < TEETH; tooth++) {
    a.add(r3, r0, SPACING * tooth);
    a.lsrs(r4, r3, 5);
    a.ldr(r4, r1, LSL(r4, 2));
    a.and(r3, r3, 31);
    a.lsrs(r4, r4, r3);
    a.and(r4, r4, 1);
    a.orr(r2, r2, LSL(r4, tooth));
  }
  digit(a, TEETH);
  a.at(r0, B[0]);
  a.adr(r1, "c_comb");
  a.movs(r4, COMB_POINTS);
  a.onSame("fetch");
}

function loop(a: Code): void {
  const { mul } = fieldOperations(a);
  const [next, first, digits, someDigit, noWindow, noComb, combOnly, noTable] = a.locals(
    "bit",
    "first",
    "digits",
    "some_digit",
    "no_window",
    "no_comb",
    "comb_only",
    "no_table",
  );
  a.onFrame("multiply_base", "A = VG * G for a secret VG in 1 .. n-1", 0, () => {
    a.pushRegisters(lr);
    a.comment("the even one of k and n - k");
    a.load(r0, VG);
    a.and(r0, r0, 1);
    a.rsbs(r0, r0, 0);
    a.store(r0, FLIP);
    a.on("mod_sub", T[0], "c_n", VG, "c_n");
    a.at(r0, VG);
    a.at(r1, T[0]);
    a.load(r2, FLIP);
    a.bl("select8");
    recodeComb(a);
    a.movs(r0, 0);
    a.store(r0, USES_TABLE);
    a.movs(r0, SPACING - 1);
    a.join("multiply.body", "multiply");
  });
  a.onFrame("multiply", "A = key * P, or VG * G + u2 * P if USES_TABLE is PUBLIC", 0, () => {
    a.pushRegisters(lr);
    a.movs(r0, 0);
    a.store(r0, FLIP);
    a.movs(r0, WINDOW_TOP);
    a.label("multiply.body");
    a.store(r0, COUNTER);
    a.movs(r0, 8);
    a.store(r0, VG_TOP);
    setInfinity(a);
    a.label(next);
    a.load(r0, INFINITE);
    a.cmp(r0, 0);
    a.bc("ne", first);
    a.onSame("point_double");
    a.label(first);
    a.comment("secret windows start at every fourth bit, wNAF digits anywhere");
    a.load(r0, USES_TABLE);
    a.cmp(r0, PUBLIC);
    a.bc("eq", digits);
    a.cmp(r0, SECRET);
    a.bc("ne", noWindow);
    a.load(r0, COUNTER);
    a.tst(r0, 3);
    a.bc("ne", noComb);
    a.b(someDigit);
    a.label(digits);
    a.load(r0, COUNTER);
    a.at(r1, NAF);
    a.add(r1, r1, r0);
    a.ldrb(r2, r1, 0);
    a.ldrb(r3, r1, NAF_BYTES);
    a.orrs(r2, r2, r3);
    a.bc("eq", noWindow);
    a.label(someDigit);
    windows(a);
    a.label(noWindow);
    a.load(r0, USES_TABLE);
    a.cmp(r0, SECRET);
    a.bc("eq", noComb);
    a.load(r0, COUNTER);
    a.cmp(r0, SPACING);
    a.bc("cs", noComb);
    comb(a);
    a.load(r0, USES_TABLE);
    a.cmp(r0, 0);
    a.bc("eq", combOnly);
    a.onSame("point_add_real");
    a.b(noComb);
    a.label(combOnly);
    a.onSame("point_add");
    a.label(noComb);
    a.load(r0, COUNTER);
    a.subs(r0, r0, 1);
    a.store(r0, COUNTER);
    a.bc("pl", next);
    a.load(r0, USES_TABLE);
    a.cmp(r0, 0);
    a.bc("eq", noTable);
    mul(A[2], A[2], SCALE);
    a.label(noTable);
    a.at(r0, A[1]);
    a.load(r1, FLIP);
    a.bl("fe_negate_if");
    a.popRegisters(pc);
  });
}

export function multiplication(a: Code): void {
  fetch(a);
  loop(a);
}
