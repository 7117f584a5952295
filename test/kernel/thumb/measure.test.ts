/** Thumb-2 machine, measured runs: instructions, cycles, stack depth, trace hashes. */

import assert from "node:assert/strict";
import { DATA, measure } from "./run.js";

/** Each code runs with `bx lr` after it: 1 instruction, 3 cycles. */
const CYCLES: readonly (readonly [string, string, number, number])[] = [
  ["nothing", "bf00", 1, 1],
  ["three sums", "1888 1888 1888", 3, 3],
  ["umaal", "fbe2 0563", 1, 1],
  ["one load", "6808", 1, 2],
  ["two loads together", "6808 6848", 2, 3],
  ["two loads apart", "6808 1888 6848", 3, 5],
  ["a store", "6008", 1, 1],
  ["a store between loads", "6808 6008 6848", 3, 5],
  ["ldrd", "e9d1 0202", 1, 3],
  ["ldm of two", "e891 000c", 1, 3],
  ["push and pop of two", "b430 bc30", 2, 6],
  ["branch taken", "e7ff", 1, 3],
  ["beq not taken", "d0ff", 1, 1],
  ["bne taken", "d1ff", 1, 3],
  ["cbnz taken", "b908 bf00 bf00", 1, 3],
  ["it, skipped load", "bf08 6808", 2, 2],
  ["it, executed load", "bf18 6808", 2, 3],
];

describe("Thumb-2 machine: counts", () => {
  for (const [name, code, instructions, cycles] of CYCLES) {
    it(`${name}: ${instructions} instructions, ${cycles} cycles`, () => {
      const got = measure(code, { r: [1, DATA, 2, 3] });
      assert.deepEqual([got.instructions - 1, got.cycles - 3], [instructions, cycles]);
    });
  }

  it("the stack's depth is the lowest stack pointer, not the last", () => {
    // push {r4, r5}; sub sp, #8; add sp, #8; pop {r4, r5}
    assert.equal(measure("b430 b082 b002 bc30").stack, 16);
  });

  it("an access below the stack pointer traps in a measured run", () => {
    // sub sp, #8; mov r1, sp; add sp, #8; ldr r0, [r1]
    assert.throws(() => measure("b082 4669 b002 6808"), { reason: "below stack" });
  });
});

describe("Thumb-2 machine: traces", () => {
  it("other data, same path: same hashes", () => {
    const [a, b] = [1, 2].map((x) => measure("1888 6808", { r: [x, DATA, x] }));
    assert.deepEqual([a?.trace, a?.addressTrace], [b?.trace, b?.addressTrace]);
  });

  it("another branch direction changes the instruction trace only", () => {
    // beq .+2: goes to the next instruction either way, but through another block
    const code = "d000 bf00 bf00";
    const [a, b] = [0, 1].map((result) => measure(code, { result }));
    assert.notEqual(a?.trace, b?.trace);
    assert.equal(a?.addressTrace, b?.addressTrace);
  });

  it("another table index changes the address trace only", () => {
    const [a, b] = [0, 4].map((x) => measure("5888", { r: [0, DATA, x] }));
    assert.equal(a?.trace, b?.trace);
    assert.notEqual(a?.addressTrace, b?.addressTrace);
  });

  it("a store address counts, the stored value doesn't", () => {
    const store = (value: number, offset: number): string =>
      measure("6008", { r: [value, DATA + offset] }).addressTrace;
    assert.equal(store(1, 0), store(2, 0));
    assert.notEqual(store(1, 0), store(1, 4));
  });
});
