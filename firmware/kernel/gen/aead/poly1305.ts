/**
 * Poly1305 (RFC 8439, 2.5) with 32-bit limbs, r clamped.
 *
 * h has five words (the fifth stays below 8), r four. Clamping makes r1, r2, r3 multiples of 4, so
 * 2^128 r_i = 5/4 r_i mod 2^130 - 5 is exact as s_i = r_i + (r_i >> 2); and products
 * stay below 2^62, so a column's sum fits 64 bits. No branch and no address depends on data.
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
  LSR,
} from "../../asm/registers.js";
import { Aead, INNER } from "./chacha.js";
import type { Code } from "../frame.js";

function block(a: Code): void {
  const h = [r4, r5, r6, r7, r8] as const;
  const r = [r0, r1, r2, r3] as const;
  const [s1, s2, s3] = [r9, r10, r11] as const;
  const [low, high] = [r12, lr] as const;
  a.onFrame("poly_block", "H = (H + [r0] + 2^128) r, 16 bytes at r0", INNER + 4, () => {
    a.pushRegisters(lr);
    a.ldm(r0, [r0, r1, r2, r3]);
    a.at(r12, Aead.H);
    a.ldm(r12, h);
    a.adds(r4, r4, r0);
    a.adcs(r5, r5, r1);
    a.adcs(r6, r6, r2);
    a.adcs(r7, r7, r3);
    a.adc(r8, r8, 1);
    a.at(r12, Aead.R);
    a.ldm(r12, r);
    a.add(s1, r1, LSR(r1, 2));
    a.add(s2, r2, LSR(r2, 2));
    a.add(s3, r3, LSR(r3, 2));
    const columns = [
      [r[0], s3, s2, s1],
      [r[1], r[0], s3, s2, s1],
      [r[2], r[1], r[0], s3, s2],
      [r[3], r[2], r[1], r[0], s3],
    ] as const;
    columns.forEach((factors, column) => {
      factors.forEach((factor, i) => {
        const limb = h[i] as (typeof h)[number];
        if (column === 0 && i === 0) a.umull(low, high, limb, factor);
        else a.umlal(low, high, limb, factor);
      });
      if (column === 3) return;
      a.store(low, Aead.PRODUCTS + 4 * column);
      a.mov(low, high);
      a.mov(high, 0);
    });
    a.mla(lr, r8, r0, lr);
    a.comment("above 2^130: times 5");
    a.bic(r0, lr, 3);
    a.add(r0, r0, LSR(lr, 2));
    a.and(r8, lr, 3);
    a.mov(r7, r12);
    a.at(r12, Aead.PRODUCTS);
    a.ldm(r12, [r4, r5, r6]);
    a.adds(r4, r4, r0);
    a.adcs(r5, r5, 0);
    a.adcs(r6, r6, 0);
    a.adcs(r7, r7, 0);
    a.adc(r8, r8, 0);
    a.at(r12, Aead.H);
    a.stm(r12, h);
    a.popRegisters(pc);
  });
}

function wholeInput(a: Code): void {
  const [next, part, end, byte] = a.locals("next", "part", "end", "byte");
  a.onFrame("poly_input", "takes [r0], r1 bytes, the last block padded with 0", INNER, () => {
    a.pushRegisters(lr);
    a.label(next);
    a.cmp(r1, 16);
    a.bc("cc", part);
    a.add(r2, r0, 16);
    a.store(r2, Aead.POINTER);
    a.subs(r1, r1, 16);
    a.store(r1, Aead.LEFT);
    a.onSame("poly_block");
    a.load(r0, Aead.POINTER);
    a.load(r1, Aead.LEFT);
    a.b(next);
    a.label(part);
    a.cbz(r1, end);
    a.at(r2, Aead.BLOCK);
    a.movs(r3, 0);
    for (let i = 0; i < 4; i++) a.str(r3, r2, 4 * i);
    a.label(byte);
    a.ldrb(r3, r0, { post: 1 });
    a.strb(r3, r2, { post: 1 });
    a.subs(r1, r1, 1);
    a.bc("ne", byte);
    a.at(r0, Aead.BLOCK);
    a.onSame("poly_block");
    a.label(end);
    a.popRegisters(pc);
  });
}

/** Start from the first 32 bytes of STREAM; end with TAG. */
function ends(a: Code): void {
  a.onFrame("poly_start", "r and s from STREAM, H = 0", INNER, () => {
    a.at(r0, Aead.STREAM);
    a.ldm(r0, [r1, r2, r3, r4, r5, r6, r7, r8]);
    a.constant(r9, 0x0ffffffc);
    a.bic(r1, r1, 0xf0000000);
    a.and(r2, r2, r9);
    a.and(r3, r3, r9);
    a.and(r4, r4, r9);
    a.at(r0, Aead.R);
    a.stm(r0, [r1, r2, r3, r4], true);
    for (const register of [r9, r10, r11, r12]) a.mov(register, 0);
    a.movs(r1, 0);
    a.str(r1, r0, { post: 4 });
    a.stm(r0, [r9, r10, r11, r12], true);
    a.stm(r0, [r5, r6, r7, r8]);
    a.bx(lr);
  });
  a.onFrame("poly_end", "TAG = (H mod 2^130 - 5) + s mod 2^128", INNER, () => {
    a.at(r0, Aead.H);
    a.ldm(r0, registers(1, 5));
    a.comment("H + 5: when that reaches 2^130 it is the reduced value");
    a.adds(r6, r1, 5);
    a.adcs(r7, r2, 0);
    a.adcs(r8, r3, 0);
    a.adcs(r9, r4, 0);
    a.adc(r5, r5, 0);
    a.lsrs(r5, r5, 2);
    a.rsb(r5, r5, 0);
    (
      [
        [r1, r6],
        [r2, r7],
        [r3, r8],
        [r4, r9],
      ] as const
    ).forEach(([kept, reduced]) => {
      a.eor(reduced, reduced, kept);
      a.and(reduced, reduced, r5);
      a.eor(kept, kept, reduced);
    });
    a.at(r0, Aead.PAD);
    a.ldm(r0, registers(6, 9));
    a.adds(r1, r1, r6);
    a.adcs(r2, r2, r7);
    a.adcs(r3, r3, r8);
    a.adcs(r4, r4, r9);
    a.at(r0, Aead.TAG);
    a.stm(r0, registers(1, 4));
    a.bx(lr);
  });
}

export function poly1305(a: Code): void {
  block(a);
  wholeInput(a);
  ends(a);
}
