/**
 * Powers with fixed exponents: x^(p-2), x^((p+1)/4), x^(n-2) as little programs.
 *
 * Source: the exponents of p start with 223 ones; the chain 1, 2, 3, 6, 9, 11, 22, 44, 88, 176,
 * 220, 223 is the one libsecp256k1 uses; `exponentOf` checks that it gives the exponent. The same
 * operations are done whatever the base is: constant time.
 *
 * A step is two bytes: number of squarings (1 .. 255), then `store << 4 | multiply`: multiply the
 * result by that slot (0 = don't), then copy it to that slot (0 = don't). A 0 byte ends it.
 * Slot 0 = result, slot 1 = base; both hold the base when it starts.
 */

import * as C from "./curve.js";
import type { Code } from "./frame.js";
import { lr, pc, r0, r1, r2, r3, r12, sp, LSL } from "../asm/registers.js";

type Step = readonly [squarings: number, multiply: number, store: number];

/** Slots by the number of ones (x^(2^k - 1)) they hold. */
const S2 = 2;
const S3 = 3;
const S11 = 4;
const S22 = 5;
const S44 = 6;
const S88 = 7;

const ONES_223: Step[] = [
  [1, 1, S2],
  [1, 1, S3],
  [3, S3, 0],
  [3, S3, 0],
  [2, S2, S11],
  [11, S11, S22],
  [22, S22, S44],
  [44, S44, S88],
  [88, S88, 0],
  [44, S44, 0],
  [3, S3, 0],
];

const P_MINUS_2: Step[] = [...ONES_223, [23, S22, 0], [5, 1, 0], [3, S2, 0], [2, 1, 0]];
const SQUARE_ROOT: Step[] = [...ONES_223, [23, S22, 0], [6, S2, 0], [2, 0, 0]];

/**
 * n - 2 = 127 ones, then 129 bits. Slots: 2 = x^3, 3 = x^7, 4 and 5 on the way; the tail goes by
 * windows of one, two or three ones.
 */
function nMinus2(): Step[] {
  const head: Step[] = [
    [1, 1, 2], // x^3
    [1, 1, 3], // x^7
    [3, 3, 4], // 6 ones
    [6, 4, 0], // 12
    [3, 3, 5], // 15
    [15, 5, 5], // 30
    [30, 5, 0], // 60
    [3, 3, 5], // 63
    [63, 5, 0], // 126
    [1, 1, 0], // 127
  ];
  const bits = (C.N - 2n).toString(2).slice(127);
  const windows: Record<string, number> = { "1": 1, "11": 2, "111": 3 };
  const steps = [...head];
  let squarings = 0;
  for (let at = 0; at < bits.length;) {
    const found = ["111", "11", "1"].find((window) => bits.startsWith(window, at));
    if (found === undefined) {
      squarings++;
      at++;
      continue;
    }
    steps.push([squarings + found.length, windows[found] as number, 0]);
    squarings = 0;
    at += found.length;
  }
  return steps;
}

export const PROGRAMS: Readonly<Record<string, readonly Step[]>> = {
  power_p_minus_2: P_MINUS_2,
  power_root: SQUARE_ROOT,
  power_n_minus_2: nMinus2(),
};

/** The exponent a program computes: checked here, so that a wrong chain never gets into a blob. */
export function exponentOf(program: readonly Step[]): bigint {
  const slots = [1n, 1n];
  for (const [squarings, multiply, store] of program) {
    let result = (slots[0] as bigint) << BigInt(squarings);
    if (multiply) result += slots[multiply] as bigint;
    slots[0] = result;
    if (store) slots[store] = result;
  }
  return slots[0] as bigint;
}

const EXPECTED: Readonly<Record<string, bigint>> = {
  power_p_minus_2: C.P - 2n,
  power_root: (C.P + 1n) / 4n,
  power_n_minus_2: C.N - 2n,
};

export function chain(a: Code): void {
  a.routine("power", "[r1] = [r1] ^ program r0, with the multiplication r2", () => {
    // Stack: program pointer, slots, multiplication, squarings left, return address.
    a.pushRegisters(r0, r1, r2, r3, lr);
    const [step, square, done, noMultiply, noStore] = [
      "step",
      "square",
      "done",
      "plain",
      "next",
    ].map((hint) => a.local(hint)) as [string, string, string, string, string];
    const nextByte = () => {
      a.ldr(r0, sp, 0);
      a.ldrb(r3, r0, { post: 1 });
      a.str(r0, sp, 0);
    };
    a.label(step);
    nextByte();
    a.cmp(r3, 0);
    a.bc("eq", done);
    a.label(square);
    a.str(r3, sp, 12);
    a.ldr(r0, sp, 4);
    a.mov(r1, r0);
    a.mov(r2, r0);
    a.ldr(r12, sp, 8);
    a.blx(r12, ["fe_mul", "sc_mul"]);
    a.ldr(r3, sp, 12);
    a.subs(r3, r3, 1);
    a.bc("ne", square);
    nextByte();
    a.str(r3, sp, 12);
    a.ands(r2, r3, 15);
    a.bc("eq", noMultiply);
    a.ldr(r0, sp, 4);
    a.mov(r1, r0);
    a.add(r2, r0, LSL(r2, 5));
    a.ldr(r12, sp, 8);
    a.blx(r12, ["fe_mul", "sc_mul"]);
    a.label(noMultiply);
    a.ldr(r3, sp, 12);
    a.lsrs(r3, r3, 4);
    a.bc("eq", noStore);
    a.ldr(r1, sp, 4);
    a.add(r0, r1, LSL(r3, 5));
    a.bl("copy8");
    a.label(noStore);
    a.b(step);
    a.label(done);
    a.add(sp, sp, 16);
    a.popRegisters(pc);
  });
}

/** The programs themselves. */
export function chainPrograms(a: Code): void {
  for (const [name, program] of Object.entries(PROGRAMS)) {
    if (exponentOf(program) !== EXPECTED[name]) throw new Error(`${name}: wrong exponent`);
    const bytes = program.flatMap(([squarings, multiply, store]) => [
      squarings,
      (store << 4) | multiply,
    ]);
    a.label(name);
    a.data(new Uint8Array([...bytes, 0]));
  }
  a.align(4);
}
