/**
 * Points of secp256k1 in Jacobian coordinates: x = X / Z^2, y = Y / Z^3. Infinity is a flag beside
 * them (INFINITE; Z is then 1).
 *
 * Source: the usual formulas for a = 0 (Hankerson, Menezes, Vanstone, "Guide to Elliptic Curve
 * Cryptography", 3.2.2), doubling with everything halved as in libsecp256k1's group_impl.h. They
 * don't use the curve's b, so they hold on every y^2 = x^3 + b.
 *
 * Exceptional cases: doubling has none (no point of order 2; infinity is not doubled). Addition is
 * wrong for equal points, and gives Z = 0 for opposite ones. Public data: both are looked for and
 * handled. Secrets: they can't occur; the proof is in multiply.ts, `test/asm/exceptions.test.ts`
 * does its finite part. A = infinity occurs at the first addition only.
 */

import { lr, pc, r0, r1, r2 } from "../../asm/registers.js";
import type { Code, Place } from "../frame.js";
import {
  A,
  B,
  COUNTER,
  INFINITE,
  POWER,
  POWER_BASE,
  PUBLIC,
  SCALE,
  T,
  USES_TABLE,
  V1,
  Z1,
} from "./slots.js";

/** A slot outside the power routine's. */
const T_KEPT = V1;

/** Routines of this file start one pushed word below the frame's base. */
export const POINT_DISPLACEMENT = 4;

/** Field operations on frame slots. */
export function fieldOperations(a: Code) {
  return {
    mul: (to: Place, x: Place, y: Place) =>
      x === y ? a.on("fe_sqr", to, x) : a.on("fe_mul", to, x, y),
    add: (to: Place, x: Place, y: Place) => a.on("fe_add", to, x, y),
    sub: (to: Place, x: Place, y: Place) => a.on("fe_sub", to, x, y),
    subTwice: (to: Place, x: Place, y: Place) => a.on("fe_sub_twice", to, x, y),
    threeHalves: (to: Place, x: Place) => a.on("fe_and_half", to, x),
  };
}

function doubling(a: Code): void {
  const { mul, sub, subTwice, threeHalves } = fieldOperations(a);
  a.onFrame("point_double", "A = 2 A", POINT_DISPLACEMENT, () => {
    a.pushRegisters(lr);
    a.label("point_double.body");
    const [X, Y, Z] = A;
    const [s, l, d] = T;
    mul(s, Y, Y); // S = Y^2
    mul(Z, Y, Z); // Z3 = Y Z
    mul(l, X, X);
    threeHalves(l, l); // L = 3 X^2 / 2
    mul(d, X, s); // D = X S
    mul(X, l, l);
    subTwice(X, X, d); // X3 = L^2 - 2 D
    sub(d, d, X);
    mul(d, d, l);
    mul(s, s, s);
    sub(Y, d, s); // Y3 = L (D - X3) - S^2
    a.popRegisters(pc);
  });
}

export function setInfinity(a: Code): void {
  a.on("copy8", A[2], "c_one");
  a.movs(r0, 1);
  a.store(r0, INFINITE);
}

/** In T: what H = x2 Z1^2 - X1 is in afterwards. */
export const RATIO = T[1];

function addition(a: Code): void {
  const { mul, sub, subTwice } = fieldOperations(a);
  const [X, Y, Z] = A;
  const [x2, y2] = B;
  const [t0, h, r, t3, t4] = T;
  const [finite, equal, different, both] = a.locals("finite", "equal", "different", "both");
  const isZero = (place: number) => {
    a.on("mod_sub", t3, place, "c_p", "c_p");
    a.on("zero8", t3);
    a.cmp(r0, 0);
  };
  a.onFrame("point_add_real", "A = A + B with B on the real curve", POINT_DISPLACEMENT, () => {
    a.pushRegisters(lr);
    mul(t4, Z, SCALE);
    a.at(r1, t4);
    a.join(both, "point_add");
  });
  a.onFrame("point_add", "A = A + B; RATIO = Z / Z before; B stays", POINT_DISPLACEMENT, () => {
    a.pushRegisters(lr);
    a.at(r1, Z);
    a.label(both);
    a.store(r1, Z1);
    a.at(r0, t0);
    a.bl("fe_sqr");
    mul(h, x2, t0);
    a.at(r0, t0);
    a.mov(r1, r0);
    a.load(r2, Z1);
    a.bl("fe_mul");
    mul(r, y2, t0);
    a.load(r1, INFINITE);
    a.cmp(r1, 0);
    a.bc("eq", finite);
    a.comment("B itself, scaled; Z is 1 already");
    a.on("copy8", X, h);
    a.on("copy8", Y, r);
    a.movs(r0, 0);
    a.store(r0, INFINITE);
    a.popRegisters(pc);
    a.label(finite);
    sub(h, h, X); // H = x2 Z1^2 - X1
    sub(r, r, Y); // R = y2 Z1^3 - Y1
    a.load(r0, USES_TABLE);
    a.cmp(r0, PUBLIC);
    a.bc("ne", different);
    a.comment("0 is 0 or p here: most others can be told by the lowest word");
    a.load(r0, h);
    a.add(r1, r0, 977);
    a.clz(r0, r0);
    a.clz(r1, r1);
    a.orrs(r0, r0, r1);
    a.lsrs(r0, r0, 5);
    a.bc("eq", different);
    isZero(h);
    a.bc("eq", different);
    isZero(r);
    a.bc("ne", equal);
    a.comment("opposite points");
    setInfinity(a);
    a.popRegisters(pc);
    a.label(equal);
    a.join("point_double.body", "point_double");
    a.label(different);
    mul(Z, Z, h); // Z3 = Z1 H
    mul(t3, h, h);
    mul(t4, h, t3); // H^3
    mul(t3, X, t3); // V = X1 H^2
    mul(X, r, r);
    sub(X, X, t4);
    subTwice(X, X, t3); // X3 = R^2 - H^3 - 2 V
    mul(t4, Y, t4);
    sub(t3, t3, X);
    mul(t3, t3, r);
    sub(Y, t3, t4); // Y3 = R (V - X3) - Y1 H^3
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
    mul(POWER_BASE, POWER, POWER);
    mul(X, X, POWER_BASE);
    mul(POWER_BASE, POWER_BASE, POWER);
    mul(Y, Y, POWER_BASE);
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
