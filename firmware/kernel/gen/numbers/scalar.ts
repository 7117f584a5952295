/**
 * Arithmetic mod n, the order of secp256k1: multiplication, reading keys. (The inverse:
 * inverse.ts.)
 *
 * Source: reduction by folding, Handbook of Applied Cryptography 14.3.4. Results are canonical (0
 * .. n-1); factors may be any 256-bit numbers. No branch and no address depends on a value.
 */

import { lr, pc, r0, r1, r2, r3, registers, sp } from "../../asm/registers.js";
import { FOLD_WORDS } from "../curve/constants.js";
import type { Code } from "../frame.js";

/** Of sc_mul's stack: the product, then how many folds are left. */
const FOLDS = 64;

/**
 * 2^256 = c mod n, c < 1.3 * 2^128. high * 2^256 + low = high * c + low, three times: of eight
 * words (leaving less than 1.3 * 2^128 + 1 above 2^256), of those five words (leaving at most 2),
 * of that; the value is then below 2^256 + 2 c < 2 n.
 */
function multiply(a: Code): void {
  const high = registers(3, 10);
  a.routine("sc_mul", "[r0] = [r1] * [r2] mod n", () => {
    const fold = a.local("fold");
    a.pushRegisters(r0, lr);
    a.sub(sp, sp, FOLDS + 4);
    a.mov(r0, sp);
    a.bl("wide_mul");
    a.movs(r2, 3);
    a.label(fold);
    a.str(r2, sp, FOLDS);
    a.add(r0, sp, 32);
    a.ldm(r0, high);
    a.comment("c has five words: the last three of the next high half are 0");
    a.movs(r2, 0);
    for (const at of [52, 56, 60]) a.str(r2, sp, at);
    a.mov(r0, sp);
    a.adr(r1, "c_fold");
    a.movs(r2, FOLD_WORDS);
    a.bl("mul_add");
    a.ldr(r2, sp, FOLDS);
    a.subs(r2, r2, 1);
    a.bc("ne", fold);
    a.ldr(lr, sp, 32);
    a.ldm(sp, registers(4, 11));
    a.add(sp, sp, FOLDS + 4);
    a.popRegisters(r0);
    a.adr(r2, "c_n");
    a.mov(r3, r2);
    a.join("mod_sub.core", "mod_sub");
  });
}

/** Keys: read, checked; r0 = all ones when 1 <= k < n. */
function keys(a: Code): void {
  a.routine("sc_read", "[r0] = [r1] big-endian; r0 = all ones when 1 <= it < n, else 0", () => {
    a.pushRegisters(r0, r1, r2, lr);
    a.sub(sp, sp, 32);
    a.bl("swap8");
    a.mov(r0, sp);
    a.ldr(r1, sp, 32);
    a.adr(r2, "c_n");
    a.mov(r3, r2);
    a.bl("mod_sub");
    a.str(r0, sp, 40);
    a.ldr(r0, sp, 32);
    a.bl("zero8");
    a.ldr(r1, sp, 40);
    a.bic(r0, r1, r0);
    a.add(sp, sp, 44);
    a.popRegisters(pc);
  });
}

export function scalar(a: Code): void {
  multiply(a);
  keys(a);
}
