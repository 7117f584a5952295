/**
 * The main loop: one double-and-add (Strauss-Shamir) for key * G, key * P and u1 * G + u2 * P.
 *
 * Sources: GLV (curve.ts); signed-bit recoding (constants.ts); Lim-Lee comb: "More flexible
 * exponentiation with precomputation", CRYPTO 1994.
 * At bit i: double; for i = 0 mod 4, add one odd multiple of P and one of lambda P (windows of 4
 * signed bits); below the comb's spacing, add one comb point. Verify's u2 comes in wNAF instead,
 * whose digits can stand at any bit.
 *
 * For secrets, every table is read completely, the wanted entry being kept by multiplication with
 * 1, the others with 0; signs by masks. Branches depend on the loop counter and on which operation
 * it is, only. Verify (public data) reads its entries directly.
 */

import { lr, pc, r0, r1, r2, r3, r4, r5, registers, LSL, ASR } from "../asm/registers.js";
import { COMB_POINTS, SPACING, TEETH } from "./constants.js";
import type { Code } from "./frame.js";
import { fieldOperations } from "./point.js";
import { ENTRIES } from "./tables.js";
import {
  A,
  B,
  COUNTER,
  HALF,
  NAF,
  NAF_BYTES,
  PUBLIC,
  SIGN,
  START,
  TABLE,
  USES_COMB,
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

/** B = entry r2 of a table (coordinates of it), with the sign applied. */
function fetch(a: Code, table: string | number, coordinates: number, entries: number): void {
  const [straight, read] = [a.local("public"), a.local("read")];
  a.at(r0, B[0]);
  a.at(r1, table);
  a.movs(r3, coordinates);
  a.movs(r4, entries);
  a.load(r5, USES_TABLE);
  a.cmp(r5, PUBLIC);
  a.bc("eq", straight);
  a.bl("select");
  a.b(read);
  a.label(straight);
  a.bl("pick");
  a.label(read);
  a.at(r0, B[1]);
  a.load(r1, SIGN);
  a.bl("fe_negate_if");
}

/** The next digit of both halves: add its multiple of P, of lambda P. */
function windows(a: Code): void {
  const { mul } = fieldOperations(a);
  const [again, naf, found, plain, next] = ["half", "naf", "found", "plain", "next"].map((hint) =>
    a.local(hint),
  ) as [string, string, string, string, string];
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
  fetch(a, TABLE, 3, ENTRIES);
  a.load(r5, HALF);
  a.cmp(r5, 0);
  a.bc("eq", plain);
  a.comment("lambda (x, y) = (beta x, y)");
  mul(B[0], B[0], "c_beta");
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
  fetch(a, "c_comb", 2, COMB_POINTS);
  a.onSame("point_add_mixed");
}

function loop(a: Code): void {
  const [next, digits, noWindow, noComb] = ["bit", "digits", "no_window", "no_comb"].map((hint) =>
    a.local(hint),
  ) as [string, string, string, string];
  a.onFrame("multiply", "A = VG * G (if USES_COMB) + key * P (if USES_TABLE)", 0, () => {
    a.pushRegisters(lr);
    a.comment("A = infinity");
    const zeros = registers(2, 9);
    for (const register of zeros) a.mov(register, 0);
    for (const place of [A[0], A[2]]) {
      a.at(r0, place);
      a.stm(r0, zeros);
    }
    a.store(r2, VG_TOP);
    a.on("copy8", A[1], "c_one");
    a.load(r0, START);
    a.label(next);
    a.store(r0, COUNTER);
    a.onSame("point_double");
    a.comment("secret windows start at every fourth bit, wNAF digits anywhere");
    a.load(r0, USES_TABLE);
    a.cmp(r0, 0);
    a.bc("eq", noWindow);
    a.cmp(r0, PUBLIC);
    a.bc("eq", digits);
    a.load(r0, COUNTER);
    a.tst(r0, 3);
    a.bc("ne", noWindow);
    a.label(digits);
    windows(a);
    a.label(noWindow);
    a.load(r0, USES_COMB);
    a.cmp(r0, 0);
    a.bc("eq", noComb);
    a.load(r0, COUNTER);
    a.cmp(r0, SPACING);
    a.bc("cs", noComb);
    comb(a);
    a.label(noComb);
    a.load(r0, COUNTER);
    a.subs(r0, r0, 1);
    a.bc("pl", next);
    a.popRegisters(pc);
  });
}

export function multiplication(a: Code): void {
  loop(a);
}
