/**
 * Square roots mod p: x^((p+1)/4), p = 3 mod 4, as a little program.
 *
 * Source: the exponent starts with 223 ones; the chain 1, 2, 3, 6, 9, 11, 22, 44, 88, 176,
 * 220, 223 is the one libsecp256k1 uses; `exponentOf` checks that it gives the exponent. The same
 * operations are done whatever the base is.
 *
 * A step is two bytes: number of squarings (1 .. 255), then `store << 4 | multiply`: multiply the
 * result by that slot (0 = don't), then copy it to that slot (0 = don't). A 0 byte ends it.
 * Slot 0 = result, slot 1 = base; both hold the base when it starts.
 */

import * as C from "../curve/curve.js";
import type { Code } from "../frame.js";
import { lr, pc, r0, r1, r2, r3, sp, LSL } from "../../asm/registers.js";
import { POWER, POWER_BASE } from "../curve/slots.js";

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

export const SQUARE_ROOT: readonly Step[] = [...ONES_223, [23, S22, 0], [6, S2, 0], [2, 0, 0]];

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

export function chain(a: Code): void {
  if (exponentOf(SQUARE_ROOT) !== (C.P + 1n) / 4n) throw new Error("the root's exponent is wrong");
  a.onFrame("fe_root", "POWER = square root mod p, if there is one", 4, () => {
    // Stack: program pointer, squarings left or the step's second byte, return address.
    a.pushRegisters(r2, r3, lr);
    const [step, square, done, noMultiply] = a.locals("step", "square", "done", "plain");
    a.on("copy8", POWER_BASE, POWER);
    a.adr(r0, "root_program");
    a.label(step);
    a.ldrb(r3, r0, { post: 1 });
    a.str(r0, sp, 0);
    a.cmp(r3, 0);
    a.bc("eq", done);
    a.label(square);
    a.str(r3, sp, 4);
    a.on("fe_sqr", POWER, POWER);
    a.ldr(r3, sp, 4);
    a.subs(r3, r3, 1);
    a.bc("ne", square);
    a.ldr(r0, sp, 0);
    a.ldrb(r3, r0, { post: 1 });
    a.str(r0, sp, 0);
    a.str(r3, sp, 4);
    a.ands(r2, r3, 15);
    a.bc("eq", noMultiply);
    a.at(r0, POWER);
    a.mov(r1, r0);
    a.add(r2, r0, LSL(r2, 5));
    a.bl("fe_mul");
    a.label(noMultiply);
    a.ldr(r3, sp, 4);
    a.lsrs(r3, r3, 4);
    a.at(r1, POWER);
    a.comment("slot 0 is the result: nothing happens");
    a.add(r0, r1, LSL(r3, 5));
    a.bl("copy8");
    a.ldr(r0, sp, 0);
    a.b(step);
    a.label(done);
    a.popRegisters(r2, r3, pc);
  });
  a.label("root_program", "squarings, store << 4 | multiply");
  const bytes = SQUARE_ROOT.flatMap(([squarings, multiply, store]) => [
    squarings,
    (store << 4) | multiply,
  ]);
  a.data(new Uint8Array([...bytes, 0]));
  a.align(4);
}
