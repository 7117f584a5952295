/**
 * Arithmetic mod n, the order of secp256k1: multiplication, inverse, reading keys.
 *
 * Source: reduction by folding, Handbook of Applied Cryptography 14.3.4. Results are canonical
 * (0 .. n-1); factors may be any 256-bit numbers. No branch and no address depends on a value.
 */

import {
  lr,
  pc,
  r0,
  r1,
  r2,
  r3,
  r11,
  r12,
  registers,
  sp,
  type Register,
} from "../asm/registers.js";
import type { Code } from "./frame.js";
import { POWER, POWER_BASE } from "./slots.js";

/**
 * 2^256 = c = c' + 2^128 mod n with c' of four words, so high * 2^256 + low = high * c' +
 * high * 2^128 + low. Three folds: of eight words (leaving 1.3 * 2^128 above 2^256), of those five
 * words (leaving at most 2), of that; the value is then below 2^256 + 2 c < 2 n.
 */
function multiply(a: Code): void {
  const foldWords = registers(3, 6);
  /** window += word * c'; its lowest word is finished and stored. */
  const row = (window: readonly Register[], carry: Register, word: Register, at: number) => {
    window.forEach((register, i) => a.umaal(register, carry, word, foldWords[i] as Register));
    const [done, ...rest] = window as [Register, ...Register[]];
    a.str(done, sp, at);
    return { window: [...rest, carry], done };
  };
  a.routine("sc_mul", "[r0] = [r1] * [r2] mod n", () => {
    a.pushRegisters(r0, lr);
    a.sub(sp, sp, 64);
    a.bl("wide_mul");
    a.adr(r1, "c_fold");
    a.ldm(r1, foldWords);
    a.comment("fold 1: high half; the flags carry a sum of their own through all rows");
    let window = registers(7, 10);
    let [carry, spare] = [r12, r2];
    for (const register of window) a.mov(register, 0);
    for (let i = 0; i < 8; i++) {
      if (i % 2 === 0) {
        a.ldrd(r0, r11, sp, 32 + 4 * i);
        a.ldr(carry, sp, 4 * i);
        a.ldr(spare, sp, 4 * i + 4);
      }
      if (i >= 4 && i % 2 === 0) {
        a.ldrd(r1, lr, sp, 16 + 4 * i);
        if (i === 4) a.adds(carry, carry, r1);
        else a.adcs(carry, carry, r1);
        a.adcs(spare, spare, lr);
      }
      const result = row(window, carry, i % 2 === 0 ? r0 : r11, 4 * i);
      window = result.window;
      [carry, spare] = [spare, result.done];
    }
    a.ldrd(r1, lr, sp, 48);
    const high = window;
    [r1, lr, r0, r11].forEach((word, i) => {
      const register = high[i] as Register;
      a.adcs(register, register, word);
    });
    const fifth = spare;
    a.mov(fifth, 0);
    a.adc(fifth, fifth, 0);
    a.comment("fold 2: the five words above; first their 2^128 part");
    high.forEach((word, i) => {
      a.ldr(r0, sp, 16 + 4 * i);
      if (i === 0) a.adds(r0, r0, word);
      else a.adcs(r0, r0, word);
      a.str(r0, sp, 16 + 4 * i);
    });
    a.adc(r0, fifth, 0);
    a.str(r0, sp, 32);
    window = [r0, r1, r11, lr];
    for (const register of window) a.mov(register, 0);
    for (let i = 0; i < 4; i++) {
      a.ldr(carry, sp, 4 * i);
      const result = row(window, carry, high[i] as Register, 4 * i);
      window = result.window;
      carry = result.done;
    }
    const [top, word] = [carry, high[0] as Register];
    window.forEach((register, i) => {
      a.ldr(word, sp, 16 + 4 * i);
      if (i === 0) a.adds(register, register, word);
      else a.adcs(register, register, word);
    });
    a.ldr(top, sp, 32);
    a.adc(top, top, 0);
    a.rsb(fifth, fifth, 0);
    window.forEach((register, i) => {
      a.and(word, fifth, foldWords[i] as Register);
      if (i === 0) a.adds(register, register, word);
      else a.adcs(register, register, word);
    });
    a.adc(top, top, 0);
    a.comment("fold 3: what is above 2^256 now, 0 .. 2");
    const last = high[1] as Register;
    a.mov(last, 0);
    foldWords.forEach((factor, i) => {
      a.ldr(word, sp, 4 * i);
      a.umaal(word, last, top, factor);
      a.str(word, sp, 4 * i);
    });
    a.add(last, last, top);
    window.forEach((register, i) => {
      if (i === 0) a.adds(register, register, last);
      else a.adcs(register, register, 0);
      a.str(register, sp, 16 + 4 * i);
    });
    a.mov(r2, 0);
    a.adc(r2, r2, 0);
    a.ldm(sp, registers(4, 11));
    a.mov(lr, r2);
    a.add(sp, sp, 64);
    a.popRegisters(r0);
    a.adr(r2, "c_n");
    a.mov(r3, r2);
    a.join("mod_sub.core", "mod_sub");
  });
}

/** Powers: base and result in POWER. `displacement`: from where they are called. */
function powers(a: Code): void {
  const raise = (
    name: string,
    displacement: number,
    about: string,
    program: string,
    times: string,
  ) => {
    a.onFrame(name, about, displacement, () => {
      a.pushRegisters(lr);
      a.on("copy8", POWER_BASE, POWER);
      a.adr(r0, program);
      a.at(r1, POWER);
      a.adr(r2, times);
      a.add(r2, r2, 1);
      a.bl("power");
      a.popRegisters(pc);
    });
  };
  raise("fe_invert", 4, "POWER = 1 / POWER mod p", "power_p_minus_2", "fe_mul");
  raise("fe_root", 4, "POWER = square root mod p, if there is one", "power_root", "fe_mul");
  raise("sc_invert", 0, "POWER = 1 / POWER mod n", "power_n_minus_2", "sc_mul");
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
  powers(a);
  keys(a);
}
