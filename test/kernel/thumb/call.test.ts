/** The kernel's runner: arguments, calling convention, code and stack in memory. */

import assert from "node:assert/strict";
import { Memory } from "../../../host/emulator/arm/memory.js";
import { thumbKernel } from "../../../host/emulator/kernel/native.js";
import type { ThumbKernel } from "../../../host/emulator/kernel/native.js";
import { halfwords } from "./run.js";

const CODE = 0x08000000;

function load(code: string, executable = true, ram?: Uint8Array): ThumbKernel {
  const bytes = new Uint8Array(Uint16Array.from(halfwords(code)).buffer);
  const memory = new Memory([{ name: "code", address: CODE, bytes, writable: false, executable }]);
  const options = { codeAddress: CODE, stackAddress: 0x20000100, stackSize: 0x100 };
  if (ram) {
    const arena = { name: "ram", address: 0x20000000, bytes: ram };
    memory.add({ ...arena, writable: true, executable: false });
  }
  return thumbKernel(memory, options);
}

describe("Thumb-2 machine: calls", () => {
  it("entry i is at 4 i; four arguments in r0 to r3; the answer is r0, unsigned", () => {
    // entry 0: bx lr; nop. entry 1: subs r0, r0, r1; adds r0, r0, r2; ... r3; bx lr
    const kernel = load("4770 bf00 1a40 1880 18c0 4770");
    assert.equal(kernel.call(0, [7]), 7);
    assert.equal(kernel.call(1, [1, 2, 3, 4]), 6);
    assert.equal(kernel.call(1, [0, 1, 0, 0]), 0xffffffff);
    assert.equal(kernel.measure(1, [1, 2, 3, 4]).result, 6);
  });

  it("registers that are not arguments hold junk, never 0", () => {
    // mov r0, r1; bx lr
    assert.notEqual(load("4608 4770").call(0, [1]), 0);
  });

  for (let register = 4; register <= 11; register++) {
    it(`a call that changes r${register} traps`, () => {
      // mov rN, r0; bx lr
      const move = 0x4600 | (register & 7) | ((register & 8) << 4);
      const kernel = load(`${move.toString(16)} 4770`);
      assert.throws(() => kernel.call(0, [5]), { reason: "registers" });
      assert.throws(() => kernel.measure(0, [5]), { reason: "registers" });
    });
  }

  it("a call that leaves the stack pointer elsewhere traps", () => {
    assert.throws(() => load("b081 4770").call(0, []), { reason: "registers" });
  });

  it("code outside an executable region isn't run", () => {
    assert.throws(() => load("4770", false).call(0, []), { reason: "not code" });
  });

  it("the stack may be part of a bigger region", () => {
    const ram = new Uint8Array(0x400);
    // push {r0}; pop {r1}; bx lr
    assert.equal(load("b401 bc02 4770", true, ram).call(0, [0x04030201]), 0x04030201);
    assert.deepEqual([...ram.subarray(0x1fc, 0x200)], [1, 2, 3, 4]);
  });

  it("a stack that overflows its own region traps", () => {
    // push {r0-r7}; b .-2
    assert.throws(() => load("b4ff e7fd").call(0, []), { reason: "out of range" });
  });

  it("changed code runs after forget()", () => {
    const bytes = new Uint8Array(Uint16Array.from(halfwords("2001 4770")).buffer);
    const region = { name: "code", address: CODE, bytes, writable: false, executable: true };
    const kernel = thumbKernel(new Memory([region]), { codeAddress: CODE });
    assert.equal(kernel.call(0, []), 1);
    bytes[0] = 2;
    kernel.forget();
    assert.equal(kernel.call(0, []), 2);
  });

  it("more than four arguments and unaligned code are refused", () => {
    assert.throws(() => load("4770").call(0, [1, 2, 3, 4, 5]), RangeError);
    assert.throws(() => thumbKernel(new Memory(), { codeAddress: 2 }), RangeError);
  });
});

describe("board memory", () => {
  const region = (name: string, address: number, length: number, writable = true) => ({
    name,
    address,
    bytes: new Uint8Array(length),
    writable,
    executable: false,
  });
  const memory = new Memory([region("ram", 0x100, 16), region("rom", 0x110, 16, false)]);

  it("resolves to a region and an offset; an empty range is anywhere", () => {
    assert.equal(memory.resolve(0x104, 12, true).offset, 4);
    assert.equal(memory.resolve(0xffff, 0, true).bytes.length, 0);
  });

  for (const [name, address, length, write, message] of [
    ["outside", 0xff, 1, false, /no memory there/],
    ["past the end", 0x10c, 5, false, /past the end of ram/],
    ["a write to rom", 0x110, 1, true, /rom is read-only/],
  ] as const) {
    it(`${name}: ${message.source}`, () => {
      assert.throws(() => memory.resolve(address, length, write), { name: "MemoryTrap", message });
    });
  }

  it("regions don't overlap and end below 2^32", () => {
    assert.throws(() => memory.add(region("other", 0x11f, 2)), /overlaps rom/);
    assert.throws(() => memory.add(region("top", 0xffffffff, 2)), /not 32-bit/);
    memory.add(region("next", 0x120, 4));
    memory.remove("next");
    assert.equal(memory.find(0x120), undefined);
  });
});
