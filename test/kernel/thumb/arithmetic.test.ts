/** Thumb-2 machine: sums, differences, logic and their flags (DDI 0403E A2.2.1, A7.7). */

import assert from "node:assert/strict";
import { run } from "./run.js";
import type { Start } from "./run.js";

const MIN = 0x80000000;
const MAX = 0x7fffffff;
const ONES = 0xffffffff;

/** [text, code, registers and flags before, r0 after, flags after]; nzcv = 0000 before. */
type Case = readonly [string, string, Start, number, string];

const CASES: readonly Case[] = [
  ["adds: no carry", "1888", { r: [0, 2, 3] }, 5, "nzcv"],
  ["adds: carry out, zero", "1888", { r: [0, ONES, 1] }, 0, "nZCv"],
  ["adds: positive overflow", "1888", { r: [0, MAX, 1] }, MIN, "NzcV"],
  ["adds: negative overflow", "1888", { r: [0, MIN, MIN] }, 0, "nZCV"],
  ["subs: equal sets Z and C (no borrow)", "1a88", { r: [0, 7, 7] }, 0, "nZCv"],
  ["subs: borrow clears C", "1a88", { r: [0, 0, 1] }, ONES, "Nzcv"],
  ["subs: overflow", "1a88", { r: [0, MIN, 1] }, MAX, "nzCV"],
  ["subs: 0 - MIN overflows and borrows", "1a88", { r: [0, 0, MIN] }, MIN, "NzcV"],
  ["adcs: carry in makes the carry out", "4148", { r: [ONES, 0], c: 1 }, 0, "nZCv"],
  ["adcs: all ones twice with carry", "4148", { r: [ONES, ONES], c: 1 }, ONES, "NzCv"],
  ["adcs: without carry", "4148", { r: [ONES, 0] }, ONES, "Nzcv"],
  ["adcs: carry in makes the overflow", "4148", { r: [MAX, 0], c: 1 }, MIN, "NzcV"],
  ["sbcs: carry set subtracts plainly", "4188", { r: [5, 5], c: 1 }, 0, "nZCv"],
  ["sbcs: carry clear borrows one more", "4188", { r: [5, 5] }, ONES, "Nzcv"],
  ["sbcs: 0 - ones - 1 borrows to 0", "4188", { r: [0, ONES] }, 0, "nZcv"],
  ["sbcs: immediate", "f171 0001", { r: [0, 1], c: 1 }, 0, "nZCv"],
  ["sbcs: overflow", "4188", { r: [MIN, 0] }, MAX, "nzCV"],
  ["negs of 0 keeps carry set", "4248", { r: [1, 0] }, 0, "nZCv"],
  ["negs of MIN overflows", "4248", { r: [1, MIN] }, MIN, "NzcV"],
  ["cmp leaves r0", "4288", { r: [3, 4] }, 3, "Nzcv"],
  ["cmn adds", "42c8", { r: [ONES, 1] }, ONES, "nZCv"],
  ["movs imm8 leaves C and V", "20c8", { c: 1, v: 1 }, 200, "nzCV"],
  ["movs.w with a rotated immediate sets C", "f05f 4000", {}, MIN, "NzCv"],
  ["ands.w with a rotated immediate", "f011 407f", { r: [0, 0x12345678] }, 0x12000000, "nzCv"],
  ["orn", "ea61 0002", { r: [0, 1, 0xfffffffd] }, 3, "nzcv"],
  ["movw leaves flags", "f64b 60ef", { c: 1 }, 0xbeef, "nzCv"],
  ["movt keeps the low half", "f6cd 60ad", { r: [0x1111beef] }, 0xdeadbeef, "nzcv"],
  ["add.w with shifted register", "eb01 00c2", { r: [0, 5, 0x20000001] }, 13, "nzcv"],
  ["adcs.w with rotated register", "eb51 10f2", { r: [0, 1, 0x80], c: 1 }, 3, "nzcv"],
];

describe("Thumb-2 machine: arithmetic and flags", () => {
  for (const [name, code, start, r0, flags] of CASES) {
    it(name, () => {
      const end = run(code, start);
      assert.deepEqual([end.r[0], end.flags], [r0, flags]);
    });
  }

  it("adds: every carry and overflow agrees with 33-bit arithmetic on corner values", () => {
    const corners = [0, 1, 2, MAX - 1, MAX, MIN, MIN + 1, ONES - 1, ONES];
    for (const a of corners) {
      for (const b of corners) {
        for (const c of [0, 1]) {
          const { r, flags } = run("4148", { r: [a, b], c });
          const sum = a + b + c;
          const signed = (a | 0) + (b | 0) + c;
          const want = [
            sum % 2 ** 32 >= MIN ? "N" : "n",
            sum % 2 ** 32 === 0 ? "Z" : "z",
            sum >= 2 ** 32 ? "C" : "c",
            signed > MAX || signed < -MIN ? "V" : "v",
          ].join("");
          assert.deepEqual([r[0], flags], [sum % 2 ** 32, want], `${a} + ${b} + ${c}`);
        }
      }
    }
  });
});
