/**
 * SHA-256 and SHA-512 as streams: start, update, final over one context. Source: FIPS 180-4.
 *
 * The context (`Hash.SIZE` bytes): chaining value, block buffer, bytes so far, bytes in a block
 * (64 = SHA-256, 128 = SHA-512). 64-bit values lie low word first. The buffer is also the message
 * schedule (16 words, used in a circle). Limits: messages below 2^32 bytes.
 *
 * No branch and no address depends on data; lengths are public.
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
  r6,
  r7,
  r8,
  r9,
  r10,
  r11,
  r12,
  registers,
  LSL,
  LSR,
  ROR,
} from "../../asm/registers.js";
import type { Code } from "../frame.js";

export const Hash = { STATE: 0, BLOCK: 64, COUNT: 192, KIND: 196, SIZE: 200 } as const;
export const SHA256 = 64;
export const SHA512 = 128;

function start(a: Code): void {
  const [next, single] = [a.local("value"), a.local("single")];
  a.routine("hash_start", "context r0 for a hash of blocks of r1 bytes", () => {
    a.str(r1, r0, Hash.KIND);
    a.movs(r2, 0);
    a.str(r2, r0, Hash.COUNT);
    a.adr(r2, "h_iv");
    a.add(r12, r2, 64);
    a.label(next);
    a.ldm(r2, [r3, r4], true);
    a.cmp(r1, SHA256);
    a.bc("eq", single);
    a.str(r3, r0, { post: 4 });
    a.label(single);
    a.str(r4, r0, { post: 4 });
    a.cmp(r2, r12);
    a.bc("ne", next);
    a.bx(lr);
  });
}

function update(a: Code): void {
  const [next, end] = [a.local("byte"), a.local("end")];
  a.routine("hash_update", "context r0 takes [r1], r2 bytes, any alignment", () => {
    a.pushRegisters(lr);
    a.ldr(r3, r0, Hash.COUNT);
    a.label(next);
    a.subs(r2, r2, 1);
    a.bc("cc", end);
    a.ldr(r6, r0, Hash.KIND);
    a.subs(r6, r6, 1);
    a.and(r5, r3, r6);
    a.adds(r5, r5, r0);
    a.ldrb(r4, r1, { post: 1 });
    a.strb(r4, r5, Hash.BLOCK);
    a.adds(r3, r3, 1);
    a.tst(r3, r6);
    a.bc("ne", next);
    a.pushRegisters(r0, r1, r2, r3);
    a.bl("hash_block");
    a.popRegisters(r0, r1, r2, r3);
    a.b(next);
    a.label(end);
    a.str(r3, r0, Hash.COUNT);
    a.popRegisters(pc);
  });
}

function final(a: Code): void {
  const [pad, noBlock, words, done] = a.locals("pad", "no_block", "words", "done");
  a.routine("hash_final", "[r1] = digest of context r0, big-endian, word aligned", () => {
    a.pushRegisters(r0, r1, lr);
    a.ldr(r5, r0, Hash.KIND);
    a.ldr(r6, r0, Hash.COUNT);
    a.subs(r3, r5, 1);
    a.ands(r3, r3, r6);
    a.movs(r4, 0x80);
    a.comment("0x80, then 0 up to where the length goes (56 or 112)");
    a.label(pad);
    a.adds(r2, r0, r3);
    a.strb(r4, r2, Hash.BLOCK);
    a.movs(r4, 0);
    a.adds(r3, r3, 1);
    a.cmp(r3, r5);
    a.bc("ne", noBlock);
    a.pushRegisters(r0, r5, r6);
    a.bl("hash_block");
    a.popRegisters(r0, r5, r6);
    a.movs(r3, 0);
    a.movs(r4, 0);
    a.label(noBlock);
    a.sub(r1, r5, LSR(r5, 3));
    a.cmp(r3, r1);
    a.bc("ne", pad);
    a.comment("length in bits; SHA-512 has 8 more bytes of it, always 0");
    a.add(r1, r0, r5);
    a.str(r4, r0, Hash.BLOCK + 112);
    a.str(r4, r0, Hash.BLOCK + 116);
    a.lsrs(r2, r6, 29);
    a.rev(r2, r2);
    a.str(r2, r1, Hash.BLOCK - 8);
    a.lsls(r2, r6, 3);
    a.rev(r2, r2);
    a.str(r2, r1, Hash.BLOCK - 4);
    a.bl("hash_block");
    a.popRegisters(r0, r1);
    a.ldr(r5, r0, Hash.KIND);
    a.movs(r4, 8);
    a.cmp(r5, SHA256);
    a.comment("these flags live through the loop");
    a.label(words);
    a.bc("eq", `${words}.single`);
    a.ldm(r0, [r2, r3], true);
    a.rev(r3, r3);
    a.rev(r2, r2);
    a.str(r3, r1, { post: 4 });
    a.b(`${words}.low`);
    a.label(`${words}.single`);
    a.ldr(r2, r0, { post: 4 });
    a.rev(r2, r2);
    a.label(`${words}.low`);
    a.str(r2, r1, { post: 4 });
    a.sub(r4, r4, 1);
    a.cbz(r4, done);
    a.b(words);
    a.label(done);
    a.popRegisters(pc);
  });
}

/** SHA-256's block. r4 .. r11 = a .. h; r0 = schedule, r2 = round, r3 = its constant's place. */
function block256(a: Code): void {
  const [A, B, C, D, E, F, G, H] = [r4, r5, r6, r7, r8, r9, r10, r11] as const;
  const [round, expand, mix] = a.locals("round", "expand", "mix");
  const schedule = (to: typeof r1, plus: number) => {
    a.add(to, r2, plus);
    a.and(to, to, 15);
    a.ldr(to, r0, LSL(to, 2));
  };
  a.routine("hash_block", "context r0 takes its full block buffer", () => {
    a.ldr(r1, r0, Hash.KIND);
    a.cmp(r1, SHA256);
    a.bc("ne", "hash_block_512.entry");
    a.recordTail("hash_block_512");
    a.pushRegisters(r0, lr);
    a.ldm(r0, registers(4, 11));
    a.adds(r0, r0, Hash.BLOCK);
    a.adr(r3, "h_k");
    a.adds(r3, r3, 4);
    a.movs(r2, 0);
    a.label(round);
    a.cmp(r2, 16);
    a.bc("cs", expand);
    a.ldr(r1, r0, LSL(r2, 2));
    a.rev(r1, r1);
    a.str(r1, r0, LSL(r2, 2));
    a.b(mix);
    a.label(expand);
    schedule(r1, 1);
    a.ror(r12, r1, 7);
    a.eor(r12, r12, ROR(r1, 18));
    a.eor(r12, r12, LSR(r1, 3));
    schedule(r1, 14);
    a.ror(lr, r1, 17);
    a.eor(lr, lr, ROR(r1, 19));
    a.eor(lr, lr, LSR(r1, 10));
    a.add(r12, r12, lr);
    schedule(r1, 9);
    a.add(r12, r12, r1);
    a.and(lr, r2, 15);
    a.ldr(r1, r0, LSL(lr, 2));
    a.add(r1, r1, r12);
    a.str(r1, r0, LSL(lr, 2));
    a.label(mix);
    a.comment("the constant is the high word of SHA-512's");
    a.ldr(lr, r3, { post: 8 });
    a.add(H, H, r1);
    a.add(H, H, lr);
    a.ror(lr, E, 6);
    a.eor(lr, lr, ROR(E, 11));
    a.eor(lr, lr, ROR(E, 25));
    a.add(H, H, lr);
    a.eor(lr, F, G);
    a.and(lr, lr, E);
    a.eor(lr, lr, G);
    a.add(H, H, lr);
    a.add(r12, D, H);
    a.ror(lr, A, 2);
    a.eor(lr, lr, ROR(A, 13));
    a.eor(lr, lr, ROR(A, 22));
    a.add(H, H, lr);
    a.eor(lr, A, B);
    a.eor(r1, B, C);
    a.and(lr, lr, r1);
    a.eor(lr, lr, B);
    a.add(lr, lr, H);
    a.comment("a .. h move up one place");
    for (const [to, from] of [
      [H, G],
      [G, F],
      [F, E],
      [E, r12],
      [D, C],
      [C, B],
      [B, A],
      [A, lr],
    ] as const) {
      a.mov(to, from);
    }
    a.adds(r2, r2, 1);
    a.cmp(r2, 64);
    a.bc("ne", round);
    a.popRegisters(r0);
    a.ldm(r0, [r1, r2, r3, r12]);
    for (const [to, by] of [
      [A, r1],
      [B, r2],
      [C, r3],
      [D, r12],
    ] as const)
      a.add(to, to, by);
    a.stm(r0, [A, B, C, D], true);
    a.ldm(r0, [r1, r2, r3, r12]);
    for (const [to, by] of [
      [E, r1],
      [F, r2],
      [G, r3],
      [H, r12],
    ] as const)
      a.add(to, to, by);
    a.stm(r0, [E, F, G, H]);
    a.popRegisters(pc);
  });
}

export function hash(a: Code): void {
  start(a);
  update(a);
  final(a);
  block256(a);
}
