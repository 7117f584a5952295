/**
 * The byte link's frames (docs/protocol.md 9): CRC-32 (IEEE 802.3, reflected), base64 (RFC 4648 4)
 * both ways. Leaves without a frame, which save nothing but their caller's registers.
 *
 * The CRC runs over the vault's record too, which holds secrets: a bit at a time, no table. What
 * base64 carries is sealed or public, and it branches on its digits.
 */

import { lr, pc, r0, r1, r2, r3, r4, r5, r6, r7, r12, LSL } from "../asm/registers.js";
import type { Register } from "../asm/registers.js";
import type { Code } from "./frame.js";

const POLYNOMIAL = 0xedb88320;
const CRC_BYTES = 4;
const CR = 13;
const LF = 10;
const [A, PAD] = [65, 61];
/** The shortest frame is a seq and its CRC: eight characters. */
const LINE_LEAST = 8;
/** In front of four digits' 24 bits. */
const SENTINEL = 1 << 24;

/** Where the digits from one on lie among the characters, as what is added to the one before. */
const RUNS = [
  [26, 6],
  [52, -75],
  [62, -15],
  [63, 3],
] as const;

function crc(a: Code): void {
  a.routine("entry_crc", "r0 = CRC-32 of r1 bytes at r0", () => {
    const [next, end] = [a.local("byte"), a.local("end")];
    a.mov(r2, r0);
    a.mov(r12, r5);
    a.constant(r5, POLYNOMIAL);
    a.mvn(r0, 0);
    a.label(next);
    a.subs(r1, r1, 1);
    a.bc("cc", end);
    a.ldrb(r3, r2, { post: 1 });
    a.eors(r0, r0, r3);
    for (let bit = 0; bit < 8; bit++) {
      a.lsrs(r0, r0, 1);
      a.comment("0 when a bit fell out, else -1");
      a.sbcs(r3, r3, r3);
      a.bic(r3, r5, r3);
      a.eors(r0, r0, r3);
    }
    a.b(next);
    a.label(end);
    a.mvns(r0, r0);
    a.mov(r5, r12);
    a.movs(r3, 0);
    a.bx(lr);
  });
}

/** The four bytes at `at`, high first, are r0: or `differs`. Spoils r0 .. r2; `at` moves. */
function compareCrc(a: Code, at: Register, differs: string): void {
  const next = a.local("crc");
  a.movs(r1, CRC_BYTES);
  a.label(next);
  a.ldrb(r2, at, { post: 1 });
  a.eor(r2, r2, { register: r0, shift: "lsr", amount: 24 });
  a.cmp(r2, 0);
  a.bc("ne", differs);
  a.lsls(r0, r0, 8);
  a.subs(r1, r1, 1);
  a.bc("ne", next);
}

/** r3 = the value of the character r3, or `none`. */
function digit(a: Code, none: string): void {
  const done = a.local("digit");
  const range = (first: number, count: number, value: number) => {
    const other = a.local("other");
    a.sub(r12, r3, first);
    a.cmp(r12, count);
    a.bc("cs", other);
    a.add(r3, r12, value);
    a.b(done);
    a.label(other);
  };
  range(A, 26, 0);
  range(97, 26, 26);
  range(48, 10, 52);
  range(43, 1, 62);
  a.cmp(r3, 47);
  a.bc("ne", none);
  a.movs(r3, 63);
  a.label(done);
}

function unframe(a: Code): void {
  a.routine("entry_unframe", "the entry unframe", () => {
    const [bad, bytes, group, next, padded, check, zeros] = a.locals(
      "bad",
      "bytes",
      "group",
      "next",
      "padded",
      "check",
      "zeros",
    );
    /** r4 = begin, r5 = behind what came, r6 = behind what is decoded, r7 = characters of padding. */
    a.pushRegisters(r4, r5, r6, r7, lr);
    a.mov(r4, r0);
    a.add(r5, r0, r1);
    a.mov(r6, r5);
    a.movs(r7, 0);
    a.cmp(r2, 0);
    a.bc("eq", bytes);
    a.cmp(r1, LINE_LEAST);
    a.bc("cc", bad);
    a.ldrb(r3, r6, -1);
    a.cmp(r3, CR);
    a.bc("ne", group);
    a.subs(r6, r6, 1);
    a.label(group);
    a.sub(r3, r6, r4);
    a.tst(r3, 3);
    a.bc("ne", bad);
    a.comment("padding becomes digits of value 0, whose bytes must be 0");
    a.movs(r2, A);
    for (const place of [1, 2]) {
      a.ldrb(r3, r6, -place);
      a.cmp(r3, PAD);
      a.bc("ne", padded);
      a.strb(r2, r6, -place);
      a.adds(r7, r7, 1);
    }
    a.label(padded);
    a.mov(r1, r6);
    a.mov(r6, r4);
    a.label(next);
    a.movs(r2, 1);
    const four = a.local("four");
    a.label(four);
    a.ldrb(r3, r0, { post: 1 });
    digit(a, bad);
    a.orr(r2, r3, LSL(r2, 6));
    a.tst(r2, SENTINEL);
    a.bc("eq", four);
    for (const shift of [16, 8]) {
      a.lsrs(r3, r2, shift);
      a.strb(r3, r6, { post: 1 });
    }
    a.strb(r2, r6, { post: 1 });
    a.cmp(r0, r1);
    a.bc("ne", next);
    a.label(zeros);
    a.cmp(r7, 0);
    a.bc("eq", bytes);
    a.subs(r7, r7, 1);
    a.ldrb(r3, r6, { pre: -1 });
    a.cmp(r3, 0);
    a.bc("eq", zeros);
    a.b(bad);
    a.label(bytes);
    a.sub(r6, r6, r4);
    a.subs(r6, r6, CRC_BYTES);
    a.cmp(r6, 1);
    a.bc("lt", bad);
    a.mov(r0, r4);
    a.mov(r1, r6);
    a.bl("entry_crc");
    a.add(r3, r4, r6);
    compareCrc(a, r3, bad);
    a.mov(r0, r6);
    a.b(check);
    a.label(bad);
    a.mov(r0, r4);
    a.sub(r1, r5, r4);
    a.bl("entry_zero");
    a.movs(r0, 0);
    a.label(check);
    a.movs(r3, 0);
    a.popRegisters(r4, r5, r6, r7, pc);
  });
}

/** r3 = the character of the digit r3. */
function character(a: Code): void {
  const done = a.local("character");
  a.mov(r12, r3);
  a.adds(r3, r3, A);
  for (const [from, more] of RUNS) {
    a.cmp(r12, from);
    a.bc("cc", done);
    if (more > 0) a.adds(r3, r3, more);
    else a.subs(r3, r3, -more);
  }
  a.label(done);
}

function enframe(a: Code): void {
  a.routine("entry_enframe", "the entry enframe", () => {
    const [sum, group, three, none, put, full, end, out] = a.locals(
      "sum",
      "group",
      "three",
      "none",
      "put",
      "full",
      "end",
      "out",
    );
    /** r4 = where the next character goes, r5 = data, r6 = behind them, r7 = the line's begin. */
    a.pushRegisters(r4, r5, r6, r7, lr);
    a.mov(r4, r0);
    a.mov(r7, r3);
    a.mov(r5, r1);
    a.add(r6, r1, r2);
    a.mov(r0, r1);
    a.mov(r1, r2);
    a.bl("entry_crc");
    a.movs(r1, CRC_BYTES);
    a.label(sum);
    a.lsrs(r2, r0, 24);
    a.strb(r2, r6, { post: 1 });
    a.lsls(r0, r0, 8);
    a.subs(r1, r1, 1);
    a.bc("ne", sum);
    a.sub(r0, r6, r5);
    a.cmp(r7, 0);
    a.bc("eq", out);
    a.mov(r7, r4);
    a.label(group);
    a.comment("r1 = digits that are to come: one more than bytes");
    a.movs(r2, 0);
    a.movs(r1, 1);
    a.movs(r0, 3);
    a.label(three);
    a.lsls(r2, r2, 8);
    a.cmp(r5, r6);
    a.bc("eq", none);
    a.ldrb(r3, r5, { post: 1 });
    a.orr(r2, r2, r3);
    a.adds(r1, r1, 1);
    a.label(none);
    a.subs(r0, r0, 1);
    a.bc("ne", three);
    a.movs(r0, 4);
    a.label(put);
    a.movs(r3, PAD);
    a.subs(r1, r1, 1);
    a.bc("mi", full);
    a.ubfx(r3, r2, 18, 6);
    character(a);
    a.label(full);
    a.strb(r3, r4, { post: 1 });
    a.lsls(r2, r2, 6);
    a.subs(r0, r0, 1);
    a.bc("ne", put);
    a.cmp(r5, r6);
    a.bc("ne", group);
    a.label(end);
    a.movs(r3, LF);
    a.strb(r3, r4, { post: 1 });
    a.sub(r0, r4, r7);
    a.label(out);
    a.movs(r2, 0);
    a.movs(r3, 0);
    a.popRegisters(r4, r5, r6, r7, pc);
  });
}

export function link(a: Code): void {
  crc(a);
  unframe(a);
  enframe(a);
}
