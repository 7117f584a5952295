/**
 * SHA-512's block function. Source: FIPS 180-4, 6.4.
 *
 * Working values a .. h lie on the stack as eight 64-bit values, low word first; r0 = schedule,
 * r2 = round, r3 = its constant's place.
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
  LSL,
  LSR,
  type Register,
} from "../../asm/registers.js";
import type { Code } from "../frame.js";
import { Hash } from "./hash.js";

type Pair = readonly [low: Register, high: Register];

const X: Pair = [r4, r5];
const SUM: Pair = [r6, r7];
const Y: Pair = [r8, r9];
const Z: Pair = [r10, r11];

const offset = { a: 0, b: 8, c: 16, d: 24, e: 32, f: 40, g: 48, h: 56 } as const;

/** to = rotr(x, rotations[0]) ^ ..., the last one a shift if `shift`. None is by 32. */
function sigma(a: Code, to: Pair, x: Pair, rotations: readonly number[], shift: boolean): void {
  const terms: [Register, Register, ReturnType<typeof LSR>][] = [];
  rotations.forEach((rotation, i) => {
    const [low, high] = rotation < 32 ? x : [x[1], x[0]];
    const by = rotation & 31;
    terms.push([to[0], low, LSR(low, by)], [to[0], high, LSL(high, 32 - by)]);
    terms.push([to[1], high, LSR(high, by)]);
    if (!(shift && i === rotations.length - 1)) terms.push([to[1], low, LSL(low, 32 - by)]);
  });
  const begun = new Set<Register>();
  for (const [register, , term] of terms) {
    if (begun.has(register)) a.eor(register, register, term);
    else a.mov(register, term);
    begun.add(register);
  }
}

export function hash512(a: Code): void {
  const add = (to: Pair, x: Pair) => {
    a.adds(to[0], to[0], x[0]);
    a.adc(to[1], to[1], x[1]);
  };
  const working = (to: Pair, name: keyof typeof offset) => a.ldrd(to[0], to[1], sp, offset[name]);
  const schedule = (to: Pair, plus: number) => {
    a.add(r1, r2, plus);
    a.and(r1, r1, 15);
    a.add(r1, r0, LSL(r1, 3));
    a.ldrd(to[0], to[1], r1);
  };
  const [round, expand, mix, add8] = a.locals("round", "expand", "mix", "add");

  a.routine("hash_block_512", "SHA-512 part of hash_block", () => {
    a.label("hash_block_512.entry");
    a.pushRegisters(r0, lr);
    a.sub(sp, sp, 64);
    a.mov(r1, sp);
    for (const half of [0, 1]) {
      a.ldm(r0, registers(4, 11), true);
      a.stm(r1, registers(4, 11), half === 0);
    }
    a.adr(r3, "h_k");
    a.movs(r2, 0);
    a.label(round);
    a.cmp(r2, 16);
    a.bc("cs", expand);
    a.add(r1, r0, LSL(r2, 3));
    a.ldrd(X[0], X[1], r1);
    a.rev(SUM[0], X[1]);
    a.rev(SUM[1], X[0]);
    a.b(mix);
    a.label(expand);
    schedule(X, 1);
    sigma(a, SUM, X, [1, 8, 7], true);
    schedule(X, 14);
    sigma(a, Y, X, [19, 61, 6], true);
    add(SUM, Y);
    schedule(Y, 9);
    add(SUM, Y);
    schedule(Y, 0);
    add(SUM, Y);
    a.label(mix);
    a.strd(SUM[0], SUM[1], r1);
    working(Y, "h");
    add(SUM, Y);
    a.ldrd(Y[0], Y[1], r3);
    a.adds(r3, r3, 8);
    add(SUM, Y);
    working(X, "e");
    sigma(a, Y, X, [14, 18, 41], false);
    add(SUM, Y);
    working(Y, "f");
    working(Z, "g");
    for (const i of [0, 1] as const) {
      a.eor(Y[i], Y[i], Z[i]);
      a.and(Y[i], Y[i], X[i]);
      a.eor(Y[i], Y[i], Z[i]);
    }
    add(SUM, Y);
    a.comment("d + t1 becomes e: kept in Y while the values move");
    working(X, "a");
    sigma(a, Z, X, [28, 34, 39], false);
    working(Y, "b");
    a.ldrd(r12, lr, sp, offset.c);
    ([r12, lr] as const).forEach((c, i) => {
      const [x, b] = [X[i] as Register, Y[i] as Register];
      a.eor(c, c, b);
      a.eor(x, x, b);
      a.and(x, x, c);
      a.eor(x, x, b);
    });
    add(Z, X);
    working(Y, "d");
    add(Y, SUM);
    add(Z, SUM);
    for (const at of [48, 40, 32, 24, 16, 8, 0]) {
      a.ldrd(X[0], X[1], sp, at);
      a.strd(X[0], X[1], sp, at + 8);
    }
    a.strd(Z[0], Z[1], sp, offset.a);
    a.strd(Y[0], Y[1], sp, offset.e);
    a.adds(r2, r2, 1);
    a.cmp(r2, 80);
    a.bc("ne", round);
    a.sub(r0, r0, Hash.BLOCK);
    a.mov(r1, sp);
    a.movs(r2, 8);
    a.label(add8);
    a.ldrd(X[0], X[1], r0);
    a.ldm(r1, [r6, r7], true);
    add(X, SUM);
    a.stm(r0, [r4, r5], true);
    a.subs(r2, r2, 1);
    a.bc("ne", add8);
    a.add(sp, sp, 68);
    a.popRegisters(pc);
  });
}
