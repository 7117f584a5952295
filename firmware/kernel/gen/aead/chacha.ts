/**
 * ChaCha20 (RFC 8439, 2.1 to 2.4): the block function, and the stream over data.
 *
 * Rotations are not executed: `b` and `d` are kept rotated by a pending amount that the next
 * instruction undoes in its shifted operand (8 instructions a quarter round). 14 registers hold
 * a, b, d (four each) and two of c; the other two of c change place with them twice a double round.
 */

import {
  lr,
  pc,
  r0,
  r1,
  r2,
  r3,
  r4,
  r5,
  r12,
  registers,
  sp,
  ROR,
  type Register,
} from "../../asm/registers.js";
import type { Code } from "../frame.js";

/** Slots of the AEAD frame. */
export const Aead = {
  /** ChaCha state: constants, key, counter, nonce. */
  STATE: 0,
  COUNTER: 48,
  /** A block of key stream; while it is made, the words of c that are not in registers. */
  STREAM: 64,
  /** Poly1305: clamped r, h (5 words), s, products, a padded block, the tag. */
  R: 128,
  H: 144,
  PAD: 164,
  PRODUCTS: 180,
  BLOCK: 192,
  TAG: 208,
  /** What is worked on. */
  KEY: 224,
  DATA: 228,
  LENGTH: 232,
  AAD_LENGTH: 236,
  /** Loops. */
  POINTER: 240,
  LEFT: 244,
  ROUNDS: 248,
  SIZE: 256,
} as const;

const a4 = registers(0, 3);
const b4 = registers(4, 7);
const d4 = registers(8, 11);

/** Stack: aead_seal and aead_open start at 0, their parts at OUTER, what those call at INNER. */
export const OUTER = 4;
export const INNER = 8;

function blockFunction(a: Code): void {
  const [round] = [a.local("round")];
  const quarter = (ai: number, bi: number, c: Register, di: number) => {
    const [x, b, d] = [a4[ai], b4[bi], d4[di]] as [Register, Register, Register];
    a.add(x, x, ROR(b, 25));
    a.eor(d, x, ROR(d, 24));
    a.add(c, c, ROR(d, 16));
    a.eor(b, c, ROR(b, 25));
    a.add(x, x, ROR(b, 20));
    a.eor(d, x, ROR(d, 16));
    a.add(c, c, ROR(d, 24));
    a.eor(b, c, ROR(b, 20));
  };
  a.onFrame("chacha_block", "STREAM = block of STATE, whose counter goes up", INNER, () => {
    const spill = (first: number) => Aead.STREAM + 32 + 4 * first + INNER + 4;
    a.pushRegisters(lr);
    a.at(r12, Aead.STATE);
    a.ldm(r12, registers(0, 11));
    a.at(r12, Aead.STREAM + 32);
    a.stm(r12, d4); // c, for now in these
    a.at(r12, Aead.COUNTER);
    a.ldm(r12, d4);
    a.mov(r12, 10);
    a.store(r12, Aead.ROUNDS);
    a.ldrd(r12, lr, sp, spill(0));
    a.comment("pending rotations as at the end of a round: 25 for b, 24 for d");
    for (const b of b4) a.ror(b, b, 32 - 25);
    for (const d of d4) a.ror(d, d, 32 - 24);
    a.label(round);
    quarter(0, 0, r12, 0);
    quarter(1, 1, lr, 1);
    a.strd(r12, lr, sp, spill(0));
    a.ldrd(r12, lr, sp, spill(2));
    quarter(2, 2, r12, 2);
    quarter(3, 3, lr, 3);
    quarter(0, 1, r12, 3);
    quarter(1, 2, lr, 0);
    a.strd(r12, lr, sp, spill(2));
    a.load(r12, Aead.ROUNDS);
    a.subs(r12, r12, 1);
    a.store(r12, Aead.ROUNDS);
    a.ldrd(r12, lr, sp, spill(0));
    quarter(2, 3, r12, 1);
    quarter(3, 0, lr, 2);
    a.bc("ne", round);
    a.strd(r12, lr, sp, spill(0));
    a.comment("plus the state it started from");
    const state = (index: number) => Aead.STATE + 4 * index + INNER + 4;
    for (const [registers4, first, pending] of [
      [a4, 0, 0],
      [b4, 4, 25],
      [d4, 12, 24],
    ] as const) {
      registers4.forEach((register, i) => {
        const word = i % 2 === 0 ? r12 : lr;
        if (i % 2 === 0) a.ldrd(r12, lr, sp, state(first + i));
        a.add(register, word, pending ? ROR(register, pending) : register);
      });
    }
    a.at(r12, Aead.STREAM);
    a.stm(r12, registers(0, 7), true);
    a.ldm(r12, a4);
    for (let i = 0; i < 4; i += 2) {
      a.ldrd(r4, r5, sp, state(8 + i));
      a.add(a4[i] as Register, a4[i] as Register, r4);
      a.add(a4[i + 1] as Register, a4[i + 1] as Register, r5);
    }
    a.stm(r12, a4, true);
    a.stm(r12, d4);
    a.load(r0, Aead.COUNTER);
    a.adds(r0, r0, 1);
    a.store(r0, Aead.COUNTER);
    a.popRegisters(pc);
  });
}

function stream(a: Code): void {
  const [next, words, bytes, end] = a.locals("block", "words", "bytes", "end");
  a.onFrame("chacha_crypt", "DATA ^= key stream from block 1 on", OUTER, () => {
    a.pushRegisters(lr);
    a.movs(r0, 1);
    a.store(r0, Aead.COUNTER);
    a.load(r0, Aead.DATA);
    a.load(r1, Aead.LENGTH);
    a.label(next);
    a.cmp(r1, 0);
    a.bc("eq", end);
    a.store(r0, Aead.POINTER);
    a.store(r1, Aead.LEFT);
    a.onSame("chacha_block");
    a.load(r0, Aead.POINTER);
    a.load(r1, Aead.LEFT);
    a.at(r2, Aead.STREAM);
    a.add(r12, r2, 64);
    a.comment("whole words, then bytes");
    a.label(words);
    a.cmp(r1, 4);
    a.bc("cc", bytes);
    a.ldr(r3, r0);
    a.ldr(r4, r2, { post: 4 });
    a.eor(r3, r3, r4);
    a.str(r3, r0, { post: 4 });
    a.subs(r1, r1, 4);
    a.cmp(r2, r12);
    a.bc("ne", words);
    a.b(next);
    a.label(bytes);
    a.subs(r1, r1, 1);
    a.bc("cc", end);
    a.ldrb(r3, r0);
    a.ldrb(r4, r2, { post: 1 });
    a.eor(r3, r3, r4);
    a.strb(r3, r0, { post: 1 });
    a.b(bytes);
    a.label(end);
    a.popRegisters(pc);
  });
}

export function chacha(a: Code): void {
  blockFunction(a);
  stream(a);
}
