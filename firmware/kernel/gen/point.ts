/**
 * Points of secp256k1 in homogeneous projective coordinates (x = X/Z, y = Y/Z, infinity = 0:1:0).
 *
 * Source: Renes, Costello, Batina, "Complete addition formulas for prime order elliptic curves",
 * EUROCRYPT 2016 (IACR 2015/1060): algorithm 7 (addition, a = 0), 8 (mixed), 9 (doubling). They are
 * COMPLETE on curves of odd order: right for every pair of inputs, infinity and equal points
 * included, so there is no exceptional case and no branch. (8 needs a second operand that is not
 * infinity: comb points never are.) b3 = 3 b = 21.
 *
 * Algorithms 7 and 8 end in the same steps and share them here. Numbers in comments are the
 * paper's steps.
 */

import { lr, pc, r0, r1, r2 } from "../asm/registers.js";
import type { Code, Place } from "./frame.js";
import { A, B, COUNTER, POWER, T, V1 } from "./slots.js";

/** A slot outside the power routine's. */
const T_KEPT = V1;

/** Routines of this file start one pushed word below the frame's base. */
export const POINT_DISPLACEMENT = 4;

/** Field operations on frame slots. */
export function fieldOperations(a: Code) {
  return {
    mul: (to: Place, x: Place, y: Place) => a.on("fe_mul", to, x, y),
    add: (to: Place, x: Place, y: Place) => a.on("fe_add", to, x, y),
    sub: (to: Place, x: Place, y: Place) => a.on("fe_sub", to, x, y),
    scale: (to: Place, x: Place, by: number) => {
      a.at(r0, to);
      if (x === to) a.mov(r1, r0);
      else a.at(r1, x);
      a.movs(r2, by);
      a.bl("fe_scale");
    },
  };
}

function doubling(a: Code): void {
  const { mul, add, sub, scale } = fieldOperations(a);
  a.onFrame("point_double", "A = 2 A", POINT_DISPLACEMENT, () => {
    a.pushRegisters(lr);
    const [X, Y, Z] = A;
    const [t0, t1, t2, t3] = T;
    mul(t3, X, Y); // 16, early: X and Y are overwritten below
    mul(t0, Y, Y); // 1
    mul(t1, Y, Z); // 5
    mul(t2, Z, Z); // 6
    scale(Z, t0, 8); // 2-4
    scale(t2, t2, 21); // 7
    mul(X, t2, Z); // 8
    add(Y, t0, t2); // 9
    mul(Z, t1, Z); // 10
    scale(t2, t2, 3); // 11, 12
    sub(t0, t0, t2); // 13
    mul(Y, t0, Y); // 14
    add(Y, X, Y); // 15
    mul(X, t0, t3); // 17
    add(X, X, X); // 18
    a.popRegisters(pc);
  });
}

function addition(a: Code): void {
  const { mul, add, sub, scale } = fieldOperations(a);
  const [X1, Y1, Z1] = A;
  const [X2, Y2, Z2] = B;
  const [t0, t1, t2, t3, t4] = T;
  const [X3, Y3, Z3] = A;
  a.onFrame("point_add_mixed", "A = A + B with B's Z = 1; B is lost", POINT_DISPLACEMENT, () => {
    a.pushRegisters(lr);
    mul(t0, X1, X2); // 1
    mul(t1, Y1, Y2); // 2
    add(t3, X2, Y2); // 3
    add(t4, X1, Y1); // 4
    mul(t3, t3, t4); // 5
    add(t4, t0, t1); // 6
    sub(t3, t3, t4); // 7
    mul(t4, Y2, Z1); // 8
    add(t4, t4, Y1); // 9
    mul(Y3, X2, Z1); // 10
    add(Y3, Y3, X1); // 11
    a.comment("steps 12 to 26 are steps 19 to 33 of the full addition with t2 = Z1");
    a.on("copy8", t2, Z1);
    a.join("point_add.end", "point_add");
  });
  a.onFrame("point_add", "A = A + B; B is lost", POINT_DISPLACEMENT, () => {
    a.pushRegisters(lr);
    mul(t0, X1, X2); // 1
    mul(t1, Y1, Y2); // 2
    mul(t2, Z1, Z2); // 3
    add(t3, X1, Y1); // 4
    add(t4, X2, Y2); // 5
    mul(t3, t3, t4); // 6
    add(t4, t0, t1); // 7
    sub(t3, t3, t4); // 8
    add(t4, Y1, Z1); // 9
    add(Y2, Y2, Z2); // 10, in B
    mul(t4, t4, Y2); // 11
    add(Y2, t1, t2); // 12
    sub(t4, t4, Y2); // 13
    add(X3, X1, Z1); // 14
    add(X2, X2, Z2); // 15
    mul(X3, X3, X2); // 16
    add(Y3, t0, t2); // 17
    sub(Y3, X3, Y3); // 18
    a.label("point_add.end");
    scale(t0, t0, 3); // 19, 20
    scale(t2, t2, 21); // 21
    add(Z3, t1, t2); // 22
    sub(t1, t1, t2); // 23
    scale(Y3, Y3, 21); // 24
    mul(X3, t4, Y3); // 25
    mul(t2, t3, t1); // 26
    sub(X3, t2, X3); // 27
    mul(Y3, Y3, t0); // 28
    mul(t1, t1, Z3); // 29
    add(Y3, t1, Y3); // 30
    mul(t0, t0, t3); // 31
    mul(Z3, Z3, t4); // 32
    add(Z3, Z3, t0); // 33
    a.popRegisters(pc);
  });
}

/** Affine points: reading with all checks, curve equation, from projective. */
function affine(a: Code): void {
  const { mul, add, sub } = fieldOperations(a);
  const [X, Y, Z] = A;
  const [t0, t1] = T;
  a.onFrame("curve_right", "t0 = X^3 + 7", POINT_DISPLACEMENT, () => {
    a.pushRegisters(lr);
    mul(t0, X, X);
    mul(t0, t0, X);
    add(t0, t0, "c_seven");
    a.popRegisters(pc);
  });
  a.onFrame("curve_check", "r0 = all ones when Y^2 = t0", POINT_DISPLACEMENT, () => {
    a.pushRegisters(lr);
    mul(t1, Y, Y);
    sub(t1, t1, t0);
    a.on("mod_sub", t1, t1, "c_p", "c_p");
    a.on("zero8", t1);
    a.popRegisters(pc);
  });
  a.onFrame("point_read", "A = [r1], Z = 1; r0 = all ones when it is on the curve", 0, () => {
    a.pushRegisters(lr);
    a.add(r0, r1, 32);
    a.store(r0, COUNTER);
    a.at(r0, X);
    a.bl("swap8");
    a.load(r1, COUNTER);
    a.at(r0, Y);
    a.bl("swap8");
    a.on("mod_sub", t0, X, "c_p", "c_p");
    a.store(r0, COUNTER);
    a.on("mod_sub", t0, Y, "c_p", "c_p");
    a.load(r1, COUNTER);
    a.and(r0, r0, r1);
    a.store(r0, COUNTER);
    a.on("copy8", Z, "c_one");
    a.onSame("curve_right");
    a.onSame("curve_check");
    a.load(r1, COUNTER);
    a.ands(r0, r0, r1);
    a.popRegisters(pc);
  });
  a.onFrame("point_decompress", "A = point with X and parity r1; r0 = all ones if it is", 0, () => {
    a.pushRegisters(lr);
    a.store(r1, COUNTER);
    a.onSame("curve_right");
    a.on("copy8", T_KEPT, t0);
    a.on("copy8", POWER, t0);
    a.onSame("fe_root");
    a.on("copy8", Y, POWER);
    a.on("mod_sub", Y, Y, "c_p", "c_p");
    a.comment("the root with the parity asked for");
    a.load(r1, COUNTER);
    a.load(r2, Y);
    a.eors(r1, r1, r2);
    a.ands(r1, r1, 1);
    a.rsbs(r1, r1, 0);
    a.at(r0, Y);
    a.bl("fe_negate_if");
    a.on("copy8", t0, T_KEPT);
    a.on("mod_sub", t1, X, "c_p", "c_p");
    a.store(r0, COUNTER);
    a.onSame("curve_check");
    a.load(r1, COUNTER);
    a.ands(r0, r0, r1);
    a.popRegisters(pc);
  });
  a.onFrame("point_affine", "A's X and Y = canonical affine coordinates", 0, () => {
    a.pushRegisters(lr);
    a.on("copy8", POWER, Z);
    a.on("inverse", POWER, "c_p");
    mul(X, X, POWER);
    mul(Y, Y, POWER);
    a.on("mod_sub", X, X, "c_p", "c_p");
    a.on("mod_sub", Y, Y, "c_p", "c_p");
    a.popRegisters(pc);
  });
}

export function point(a: Code): void {
  doubling(a);
  addition(a);
  affine(a);
}
