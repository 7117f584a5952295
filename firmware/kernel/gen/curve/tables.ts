/**
 * Tables of points: reading an entry, and making the odd multiples of a point.
 */

import {
  lr,
  pc,
  r0,
  r1,
  r2,
  r3,
  r4,
  r12,
  registers,
  sp,
  LSL,
  type Register,
} from "../../asm/registers.js";
import type { Code } from "../frame.js";
import { fieldOperations, RATIO } from "./point.js";
import { A, B, COUNTER, INFINITE, SCALE, SLOT, T, TABLE } from "./slots.js";

/** Odd multiples of P: P, 3P, .. 15P. */
export const ENTRIES = 8;

/**
 * Two ways to read a table of r4 entries (each coordinate of all of them in a row): `select` reads
 * all of it, always; `pick` goes straight to the entry and is for public data.
 */
function tableReads(a: Code): void {
  a.routine("select", "[r0..] = entry r2 of r4 in table r1, r3 coordinates", () => {
    a.pushRegisters(r0, r3, r4, lr);
    const [block, entry] = [a.local("block"), a.local("entry")];
    const kept = registers(4, 11);
    a.label(block);
    for (const register of kept) a.mov(register, 0);
    a.ldr(lr, sp, 8);
    a.label(entry);
    a.comment("r12 = -1 when r2 is 0, else 0; what it is multiplied with is taken away");
    a.subs(r2, r2, 1);
    a.sbc(r12, r12, r12);
    for (let i = 0; i < 8; i += 2) {
      a.ldm(r1, [r0, r3], true);
      a.mls(kept[i] as Register, r0, r12, kept[i] as Register);
      a.mls(kept[i + 1] as Register, r3, r12, kept[i + 1] as Register);
    }
    a.subs(lr, lr, 1);
    a.bc("ne", entry);
    a.ldr(r0, sp, 0);
    a.stm(r0, kept, true);
    a.str(r0, sp, 0);
    a.ldr(r3, sp, 8);
    a.adds(r2, r2, r3);
    a.ldr(r3, sp, 4);
    a.subs(r3, r3, 1);
    a.str(r3, sp, 4);
    a.bc("ne", block);
    a.add(sp, sp, 12);
    a.popRegisters(pc);
  });
  a.routine("pick", "the same for public data", () => {
    const block = a.local("block");
    const value = registers(5, 12);
    a.add(r1, r1, LSL(r2, 5));
    a.label(block);
    a.ldm(r1, value);
    a.stm(r0, value, true);
    a.add(r1, r1, LSL(r4, 5));
    a.subs(r3, r3, 1);
    a.bc("ne", block);
    a.bx(lr);
  });
}

/**
 * The table of odd multiples of A, Z of A being 1. Source: libsecp256k1's ecmult_impl.h ("odd
 * multiples table", "set globalz").
 *
 * Let D = 2A = (X, Y, Z). (x, y) -> (x Z^2, y Z^3) is an isomorphism to another curve y^2 = x^3 +
 * b' on which D is (X, Y) and affine: there, D is added seven times by the mixed formulas. Each
 * addition multiplies the Z of its result by a known RATIO, so going back from the last entry all
 * can be brought to the last one's Z; a second isomorphism, by that Z, makes them all affine. SCALE
 * = both Zs' product is what the main loop's result misses.
 *
 * No addition here is exceptional: P, 3P, .. 13P are neither 2P nor -2P nor infinity.
 */
function table(a: Code): void {
  const { mul } = fieldOperations(a);
  const [add, scale, beta] = a.locals("add", "scale", "beta");
  const COLUMN = ENTRIES * SLOT;
  const [t0, zs] = [T[0], T[2]];
  /** Entries by COUNTER: column `column` of entry COUNTER + `plus`. */
  const entry = (register: Register, column: number, plus = 0) => {
    a.load(register, COUNTER);
    a.lsls(register, register, 5);
    a.at(r12, TABLE + COLUMN * column + SLOT * plus);
    a.add(register, register, r12);
  };
  const count = (by: 1 | -1) => {
    a.load(r0, COUNTER);
    if (by === 1) a.adds(r0, r0, 1);
    else a.subs(r0, r0, 1);
    a.store(r0, COUNTER);
  };
  const scaled = (column: number, by: number) => {
    entry(r0, column);
    a.mov(r1, r0);
    a.at(r2, by);
    a.bl("fe_mul");
  };
  a.onFrame("table_store", "entry COUNTER = A's x and y, RATIO", 4, () => {
    a.pushRegisters(lr);
    [A[0], A[1], RATIO].forEach((place, column) => {
      entry(r0, column);
      a.at(r1, place);
      a.bl("copy8");
    });
    a.popRegisters(pc);
  });
  a.onFrame("make_table", "TABLE = A, 3A, .. 15A for A with Z = 1", 0, () => {
    a.pushRegisters(lr);
    const [X, Y, Z] = A;
    const [x, y] = B;
    a.comment("A waits in the table's second entry");
    const waiting = [TABLE + SLOT, TABLE + SLOT + COLUMN] as const;
    a.on("copy8", waiting[0], X);
    a.on("copy8", waiting[1], Y);
    a.onSame("point_double");
    a.on("copy8", x, X);
    a.on("copy8", y, Y);
    a.on("copy8", SCALE, Z);
    mul(t0, Z, Z);
    mul(X, waiting[0], t0);
    mul(t0, t0, Z);
    mul(Y, waiting[1], t0);
    a.on("copy8", Z, "c_one");
    a.movs(r0, 0);
    a.store(r0, INFINITE);
    a.store(r0, COUNTER);
    a.label(add);
    a.onSame("table_store");
    a.onSame("point_add");
    count(1);
    a.cmp(r0, ENTRIES - 1);
    a.bc("ne", add);
    a.onSame("table_store");
    mul(SCALE, SCALE, Z);
    a.on("copy8", zs, "c_one");
    a.label(scale);
    a.comment("zs = Z of the last entry by Z of this one");
    count(-1);
    entry(r2, 2, 1);
    a.at(r0, zs);
    a.mov(r1, r0);
    a.bl("fe_mul");
    mul(t0, zs, zs);
    scaled(0, t0);
    mul(t0, t0, zs);
    scaled(1, t0);
    a.load(r0, COUNTER);
    a.cmp(r0, 0);
    a.bc("ne", scale);
    a.label(beta);
    entry(r0, 2);
    a.sub(r1, r0, 2 * COLUMN);
    a.adr(r2, "c_beta");
    a.bl("fe_mul");
    count(1);
    a.cmp(r0, ENTRIES);
    a.bc("ne", beta);
    a.popRegisters(pc);
  });
}

export function tables(a: Code): void {
  tableReads(a);
  table(a);
}
