/**
 * What the assembler refuses, how it lays out branches and literals, how it follows the stack.
 */

import assert from "node:assert/strict";
import { Assembler } from "../../firmware/kernel/asm/assembler.js";
import {
  LSL,
  lr,
  pc,
  r0,
  r1,
  r2,
  r3,
  r4,
  r8,
  r9,
  sp,
} from "../../firmware/kernel/asm/registers.js";

const assemble = (emit: (a: Assembler) => void) => {
  const a = new Assembler();
  emit(a);
  return a.assemble();
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** What must be refused, and what the error must say. */
const REFUSED: readonly (readonly [string, (a: Assembler) => void, RegExp])[] = [
  ["a constant without encoding", (a) => a.and(r0, r1, 977), /^and r0, r1, #977: constant 977/],
  ["a constant too large for add", (a) => a.add(r0, r1, 4097), /^add r0, r1, #4097: constant/],
  ["a negative constant", (a) => a.movw(r0, -1), /^movw r0, #-1: not 16 bits/],
  ["movw beyond 16 bits", (a) => a.movw(r0, 65536), /^movw r0, #65536: not 16 bits/],
  ["the stack pointer as a result", (a) => a.mov(sp, r0), /^mov sp, r0: sp can't be the result/],
  ["a shift by 32", (a) => a.lsls(r0, r1, 32), /^lsls r0, r1, #32: shift by 32/],
  ["a shift by 0 to the right", (a) => a.ror(r0, r1, 0), /^ror r0, r1, #0: shift by 0/],
  ["a load too far", (a) => a.ldr(r0, r1, 4096), /^ldr r0, \[r1, #4096\]: offset 4096/],
  ["a load too far back", (a) => a.ldr(r0, r1, -256), /^ldr r0, \[r1, #-256\]: offset -256/],
  ["an index shifted too far", (a) => a.ldr(r0, r1, LSL(r2, 4)), /bad index/],
  ["ldrd at an odd offset", (a) => a.ldrd(r0, r1, r2, 6), /^ldrd r0, r1, \[r2, #6\]: offset 6/],
  ["ldrd into one register", (a) => a.ldrd(r0, r0, r1), /same register twice/],
  ["umaal into one register", (a) => a.umaal(r0, r0, r1, r2), /^umaal r0, r0.*one register/],
  ["umaal with the stack pointer", (a) => a.umaal(r0, r1, sp, r2), /no such operand/],
  ["a list out of order", (a) => a.ldm(r0, [r2, r1]), /registers must ascend/],
  ["a list of one", (a) => a.stm(r0, [r1]), /fewer than two/],
  ["the base in a list that moves it", (a) => a.ldm(r1, [r0, r1], true), /base in the list/],
  ["cbz of a high register", (a) => a.cbz(r8, "x"), /^cbz r8, x: low registers only/],
  ["uxtb of a high register", (a) => a.uxtb(r0, r9), /low registers only/],
  ["ubfx beyond bit 31", (a) => a.ubfx(r0, r1, 30, 3), /no such bits/],
  ["an unknown label", (a) => a.b("nowhere"), /no label nowhere/],
  [
    "a label twice",
    (a) => {
      a.label("x");
      a.label("x");
    },
    /label x is already there/,
  ],
  [
    "cbz too far",
    (a) => {
      a.cbz(r0, "far");
      for (let i = 0; i < 66; i++) a.nop();
      a.label("far");
    },
    /^cbz r0, far: 130 bytes away/,
  ],
  [
    "adr too far",
    (a) => {
      a.adr(r0, "far");
      a.data(new Uint8Array(4100));
      a.label("far");
    },
    /^adr.w r0, far: 4100 bytes away/,
  ],
  [
    "a return with something on the stack",
    (a) =>
      a.routine("x", "", () => {
        a.pushRegisters(r4, lr);
        a.bx(lr);
      }),
    /^bx lr in x: 8 bytes still on the stack/,
  ],
  [
    "a routine that ends deeper than it began",
    (a) => a.routine("x", "", () => a.sub(sp, sp, 8)),
    /routine x ends 8 bytes deep/,
  ],
];

describe("assembler: refuses, naming the instruction", () => {
  for (const [what, emit, message] of REFUSED) {
    it(what, () => {
      assert.throws(() => assemble(emit), { name: "AssemblerError", message });
    });
  }
});

describe("assembler: layout", () => {
  const jump = (distance: number, conditional: boolean) =>
    assemble((a) => {
      if (conditional) a.bc("ne", "there");
      else a.b("there");
      for (let i = 0; i < distance / 2; i++) a.nop();
      a.label("there");
    }).bytes;

  it("a branch is narrow as far as it reaches, then wide", () => {
    assert.equal(hex(jump(2, false).subarray(0, 2)), "00e0");
    assert.equal(hex(jump(2048, false).subarray(0, 2)), "ffe3");
    assert.equal(hex(jump(2050, false).subarray(0, 4)), "00f001bc");
    assert.equal(hex(jump(256, true).subarray(0, 2)), "7fd1");
    assert.equal(hex(jump(258, true).subarray(0, 4)), "40f08180");
  });

  it("backward branches and calls", () => {
    const back = assemble((a) => {
      a.label("start");
      a.nop();
      a.b("start");
      a.bl("start");
      a.bc("eq", "start");
    });
    assert.equal(hex(back.bytes), "00bffde7fff7fcfffad0");
  });

  it("literals and addresses count from the aligned program counter", () => {
    const { bytes } = assemble((a) => {
      a.nop();
      a.adr(r1, "word");
      a.ldrLabel(r2, "word");
      a.align(4);
      a.label("word");
      a.words([0xdeadbeef]);
    });
    assert.equal(hex(bytes), "00bf0ff20801dff804200000efbeadde");
  });

  it("the listing shows address, bytes, text and comment", () => {
    const { listing } = assemble((a) => {
      a.label("start", "what it is");
      a.comment("why");
      a.umaal(r0, r1, r2, r3);
    });
    assert.match(listing, /start: ; what it is\n00000 {2}e2fb6301 {4}umaal r0, r1, r2, r3 +; why/);
  });
});

describe("assembler: stack analysis", () => {
  it("adds up calls at the depth where they stand", () => {
    const a = new Assembler();
    a.routine("leaf", "", () => {
      a.sub(sp, sp, 40);
      a.add(sp, sp, 40);
      a.bx(lr);
    });
    a.routine("caller", "", () => {
      a.pushRegisters(r4, lr);
      a.sub(sp, sp, 100);
      a.add(sp, sp, 100);
      a.bl("leaf");
      a.popRegisters(r4, pc);
    });
    a.routine("outer", "", () => {
      a.pushRegisters(r4, lr);
      a.sub(sp, sp, 80);
      a.bl("leaf");
      a.add(sp, sp, 80);
      a.popRegisters(r4, pc);
    });
    assert.equal(a.stackDepth("leaf"), 40);
    assert.equal(a.stackDepth("caller"), 108);
    assert.equal(a.stackDepth("outer"), 128);
  });

  it("refuses recursion", () => {
    const a = new Assembler();
    a.routine("x", "", () => {
      a.pushRegisters(r4, lr);
      a.bl("x");
      a.popRegisters(r4, pc);
    });
    assert.throws(() => a.stackDepth("x"), /x calls itself/);
  });
});
