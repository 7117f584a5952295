/**
 * Scalars made ready for the main loop: GLV halves, signed bits, wNAF.
 *
 * Sources: curve/curve.ts (GLV), curve/constants.ts (signed bits). All but the wNAF is for secrets:
 * no branch and no address depends on a value.
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
  r12,
  registers,
  sp,
  LSL,
  type Register,
} from "../../asm/registers.js";
import { WINDOW_TOP } from "../curve/constants.js";
import type { Code } from "../frame.js";
import { NAF, NAF_BYTES, SLOT, T, V1, V2, VG } from "../curve/slots.js";

/** VG's digits for the comb: VG = (VG - 1) / 2 mod n. Bit 259 is set by the main loop. */
export function recodeComb(a: Code): void {
  a.on("sc_mul", VG, VG, "c_half");
  a.on("mod_sub", VG, VG, "c_half", "c_n");
}

/** Recoding of scalars into all-signed bits: see constants.ts. */
function recode(a: Code): void {
  a.onFrame("recode_split", "V1, V2 = the GLV halves of V1, recoded", 0, () => {
    a.pushRegisters(lr);
    a.on("sc_mul", V1, V1, "c_half");
    a.on("mod_sub", V1, V1, "c_split_offset", "c_n");
    a.onSame("split");
    a.on("mod_sub", V1, V1, "c_minus_2_128", "c_n");
    a.on("mod_sub", V2, V2, "c_minus_2_128", "c_n");
    a.popRegisters(pc);
  });
  a.onFrame(
    "split",
    "V1, V2 = s1, s2 mod n with s1 + s2 lambda = V1, below 2^128 either way",
    4,
    () => {
      a.pushRegisters(lr);
      a.on("mul_shift", T[0], V1, "c_g1");
      a.on("mul_shift", T[1], V1, "c_g2");
      a.on("sc_mul", T[0], T[0], "c_b1");
      a.on("sc_mul", T[1], T[1], "c_b2");
      a.on("mod_sub", V2, T[0], T[1], "c_n");
      a.on("sc_mul", T[0], V2, "c_lambda");
      a.on("mod_sub", V1, V1, T[0], "c_n");
      a.popRegisters(pc);
    },
  );
  a.onFrame("recode_public", "the wNAF digits of V1's GLV halves", 0, () => {
    a.pushRegisters(lr);
    a.onSame("split");
    for (const half of [0, 1]) {
      a.at(r0, V1 + SLOT * half);
      a.at(r1, NAF + NAF_BYTES * half);
      a.bl("recode_naf");
    }
    a.popRegisters(pc);
  });
  a.routine("mul_shift", "[r0] = round([r1] * [r2] / 2^384), 4 words and 4 of 0", () => {
    a.pushRegisters(r0, lr);
    a.sub(sp, sp, 64);
    a.mov(r0, sp);
    a.bl("wide_mul");
    const words = registers(4, 11);
    a.ldr(r1, sp, 44);
    a.add(r12, sp, 48);
    a.ldm(r12, words.slice(0, 4));
    for (const word of words.slice(4)) a.mov(word, 0);
    a.comment("bit 383 rounds");
    a.lsrs(r1, r1, 31);
    a.adds(words[0] as Register, words[0] as Register, r1);
    for (const word of words.slice(1, 5)) a.adcs(word, word, 0);
    a.ldr(r0, sp, 64);
    a.stm(r0, words);
    a.add(sp, sp, 68);
    a.popRegisters(pc);
  });
}

/**
 * wNAF of width 5: digits 0 or odd, -15 .. 15, at most one of five in a row not 0 (Hankerson,
 * Menezes, Vanstone, "Guide to Elliptic Curve Cryptography", algorithm 3.35). Public data only.
 */
function recodePublic(a: Code): void {
  const [positive, clear, bit, zero, store, end] = a.locals(
    "positive",
    "clear",
    "bit",
    "zero",
    "store",
    "end",
  );
  a.routine("recode_naf", "[r1] = wNAF of [r0], below 2^128 or above n - 2^128", () => {
    a.pushRegisters(r0, r1, lr);
    a.ldr(r4, r0, 28);
    a.pushRegisters(r4);
    a.cmp(r4, 0);
    a.bc("eq", positive);
    a.comment("negative: of n minus it, and all digits change their sign");
    a.mov(r2, r0);
    a.adr(r1, "c_n");
    a.mov(r3, r1);
    a.bl("mod_sub");
    a.label(positive);
    a.popRegisters(r2);
    a.popRegisters(r0, r1);
    a.movs(r3, NAF_BYTES);
    a.movs(r4, 0);
    a.label(clear);
    a.subs(r3, r3, 4);
    a.str(r4, r1, r3);
    a.bc("ne", clear);
    a.comment("r3 = bit, r4 = carry");
    a.label(bit);
    a.cmp(r3, WINDOW_TOP + 1);
    a.bc("cs", end);
    a.lsrs(r5, r3, 5);
    a.add(r5, r0, LSL(r5, 2));
    a.ldm(r5, [r6, r7]);
    a.and(r5, r3, 31);
    a.lsrs(r6, r6, r5);
    a.rsb(r5, r5, 32);
    a.lsls(r7, r7, r5);
    a.orrs(r6, r6, r7);
    a.and(r5, r6, 1);
    a.cmp(r5, r4);
    a.bc("eq", zero);
    a.and(r6, r6, 31);
    a.adds(r6, r6, r4);
    a.lsrs(r4, r6, 4);
    a.sub(r6, r6, LSL(r4, 5));
    a.cmp(r2, 0);
    a.bc("eq", store);
    a.rsbs(r6, r6, 0);
    a.label(store);
    a.strb(r6, r1, r3);
    a.adds(r3, r3, 5);
    a.b(bit);
    a.label(zero);
    a.adds(r3, r3, 1);
    a.b(bit);
    a.label(end);
    a.popRegisters(pc);
  });
}

export function recoding(a: Code): void {
  recode(a);
  recodePublic(a);
}
