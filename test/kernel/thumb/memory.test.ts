/** Thumb-2 machine: loads, stores, addressing modes and their traps. */

import assert from "node:assert/strict";
import { CODE, DATA, STACK, STACK_SIZE, run, trapOf } from "./run.js";

/** 64 bytes: 0x80, 0x81, ... */
const pattern = (): Uint8Array => Uint8Array.from({ length: 64 }, (_, i) => 0x80 + i);
const at = (offset: number): number[] => [0x11223344, DATA + offset];

describe("Thumb-2 machine: loads", () => {
  const loads: readonly (readonly [string, string, number, number])[] = [
    ["ldr", "6848", 0, 0x87868584],
    ["ldrb", "7848", 0, 0x81],
    ["ldrsb", "f991 0001", 0, 0xffffff81],
    ["ldrh", "8848", 0, 0x8382],
    ["ldrsh", "f9b1 0002", 0, 0xffff8382],
  ];
  for (const [name, code, offset, want] of loads) {
    it(name, () => {
      assert.equal(run(code, { r: at(offset), data: pattern() }).r[0], want);
    });
  }

  it("ldr with a shifted index", () => {
    const { r } = run("f851 0022", { r: [0, DATA, 3], data: pattern() });
    assert.equal(r[0], 0x8f8e8d8c);
  });

  it("ldr pre-indexed moves the base first, post-indexed afterwards", () => {
    const before = run("f851 0d04", { r: at(8), data: pattern() });
    assert.deepEqual(before.r.slice(0, 2), [0x87868584, DATA + 4]);
    const after = run("f851 0b04", { r: at(8), data: pattern() });
    assert.deepEqual(after.r.slice(0, 2), [0x8b8a8988, DATA + 12]);
  });

  it("ldrd and ldm read ascending words, lowest register first", () => {
    const dual = run("e9d1 0202", { r: at(0), data: pattern() });
    assert.deepEqual([dual.r[0], dual.r[2]], [0x8b8a8988, 0x8f8e8d8c]);
    const multiple = run("c90c", { r: at(0), data: pattern() });
    assert.deepEqual(multiple.r.slice(1, 4), [DATA + 8, 0x83828180, 0x87868584]);
  });

  it("a literal is found from the aligned address of the instruction + 4", () => {
    // ldr r0, [pc, #0] at CODE; nop; then the literal; skipped over by b.n
    assert.equal(run("4801 e002 bf00 bf00 5678 1234").r[0], 0x12345678);
    assert.equal(run("bf00 4801 e002 bf00 5678 1234 bf00").r[0], 0x12345678);
    assert.equal(run("a001").r[0], CODE + 8, "adr");
  });
});

describe("Thumb-2 machine: stores", () => {
  const stored = (code: string, r: number[], offset: number, length: number): string => {
    const { data } = run(code, { r });
    return Buffer.from(data.subarray(offset, offset + length)).toString("hex");
  };

  it("str, strh and strb write 4, 2 and 1 bytes, low byte first", () => {
    assert.equal(stored("6048", at(0), 3, 6), "004433221100");
    assert.equal(stored("8048", at(0), 1, 4), "00443300");
    assert.equal(stored("7048", at(0), 0, 3), "004400");
  });

  it("strd pre-indexed and stmdb write below the base and move it", () => {
    const dual = run("e961 0202", { r: [1, DATA + 16, 2] });
    assert.equal(dual.r[1], DATA + 8);
    assert.deepEqual([dual.data[8], dual.data[12], dual.data[16]], [1, 2, 0]);
    const multiple = run("e921 000c", { r: [0, DATA + 16, 5, 6] });
    assert.equal(multiple.r[1], DATA + 8);
    assert.deepEqual([multiple.data[8], multiple.data[12]], [5, 6]);
  });

  it("push and pop bring registers back and the stack pointer to its place", () => {
    // push {r4-r11, lr}; movs r4, #0; pop {r4-r11, pc}
    const r = [0, 0, 0, 0, 4, 5, 6, 7, 8, 9, 10, 11];
    const end = run("e92d 4ff0 2400 e8bd 8ff0", { r });
    assert.deepEqual(end.r.slice(4, 12), [4, 5, 6, 7, 8, 9, 10, 11]);
    assert.equal(end.r[13], STACK + STACK_SIZE);
  });
});

describe("Thumb-2 machine: memory traps", () => {
  const traps: readonly (readonly [string, string, number[], string])[] = [
    ["ldr, unaligned", "6848", at(1), "unaligned"],
    ["ldrh, unaligned", "8848", at(1), "unaligned"],
    ["str, unaligned", "6048", at(2), "unaligned"],
    ["strh, unaligned", "8048", at(1), "unaligned"],
    ["ldrd, unaligned", "e9d1 0202", at(2), "unaligned"],
    ["ldm, unaligned", "c90c", at(2), "unaligned"],
    ["ldr past the end of a region", "6848", at(60), "out of range"],
    ["ldrb below a region", "7848", at(-2), "out of range"],
    ["ldm running past the end", "c90c", at(60), "out of range"],
    ["ldr on the stack, unaligned", "6848", [0, STACK + 1], "unaligned"],
    ["ldr past the end of the stack", "6848", [0, STACK + STACK_SIZE - 4], "out of range"],
    ["ldm over the end of the stack", "c90c", [0, STACK + STACK_SIZE - 4], "out of range"],
    ["str into the code", "6048", [0, CODE - 4], "read-only"],
    ["strb into the code", "7048", [0, CODE], "read-only"],
    ["stm into the code", "e921 000c", [0, CODE + 8], "read-only"],
  ];
  for (const [name, code, r, reason] of traps) {
    it(`${name}: ${reason}`, () => assert.equal(trapOf(code, { r, sp: STACK }), reason));
  }

  it("aligned accesses at both ends of the stack are fine", () => {
    // str r0, [r1, #4]; ldr r0, [r1, #4]
    for (const address of [STACK, STACK + STACK_SIZE - 4]) {
      assert.equal(run("6048 6848", { r: [7, address - 4], sp: STACK }).r[0], 7);
    }
  });
});
