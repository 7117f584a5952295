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
} from "../asm/registers.js";
import type { Code } from "./frame.js";
import { A, B, COUNTER, SLOT, START, TABLE } from "./slots.js";

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
    a.comment("r12 = 1 when r2 is 0");
    a.clz(r12, r2);
    a.lsr(r12, r12, 5);
    a.subs(r2, r2, 1);
    for (let i = 0; i < 8; i += 2) {
      a.ldm(r1, [r0, r3], true);
      a.mla(kept[i] as Register, r0, r12, kept[i] as Register);
      a.mla(kept[i + 1] as Register, r3, r12, kept[i + 1] as Register);
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

/** The table of odd multiples of A. 2A waits in the place of the last entry until that is made. */
function table(a: Code): void {
  const [next] = [a.local("multiple")];
  const move = (name: string, about: string, fromTable: boolean) => {
    a.onFrame(name, about, 4, () => {
      a.pushRegisters(lr);
      for (const coordinate of [0, 1, 2]) {
        a.load(r12, COUNTER);
        const entry = fromTable ? r1 : r0;
        a.at(entry, TABLE + ENTRIES * SLOT * coordinate);
        a.add(entry, entry, LSL(r12, 5));
        if (fromTable) a.at(r0, B[coordinate] as number);
        else a.at(r1, A[coordinate] as number);
        a.bl("copy8");
      }
      a.popRegisters(pc);
    });
  };
  const setCounter = (value: number) => {
    a.movs(r0, value);
    a.store(r0, COUNTER);
  };
  a.onFrame("make_table", "TABLE = A, 3A, .. 15A", 0, () => {
    a.pushRegisters(lr);
    setCounter(0);
    a.onSame("table_store");
    a.onSame("point_double");
    setCounter(ENTRIES - 1);
    a.onSame("table_store");
    a.comment("A again, from the table's first entry");
    for (const coordinate of [0, 1, 2]) {
      a.on("copy8", A[coordinate] as number, TABLE + ENTRIES * SLOT * coordinate);
    }
    a.movs(r0, 1);
    a.label(next);
    a.store(r0, START);
    setCounter(ENTRIES - 1);
    a.onSame("table_load");
    a.onSame("point_add");
    a.load(r0, START);
    a.store(r0, COUNTER);
    a.onSame("table_store");
    a.load(r0, START);
    a.adds(r0, r0, 1);
    a.cmp(r0, ENTRIES);
    a.bc("ne", next);
    a.popRegisters(pc);
  });
  move("table_store", "TABLE[COUNTER] = A", false);
  move("table_load", "B = TABLE[COUNTER]", true);
}

export function tables(a: Code): void {
  tableReads(a);
  table(a);
}
