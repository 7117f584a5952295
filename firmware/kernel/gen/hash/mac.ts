/**
 * HMAC (RFC 2104) with a 32-byte key over SHA-256 or SHA-512, HKDF (RFC 5869), and the entries of
 * hashes and MACs. No branch and no address depends on key or data.
 */

import { lr, pc, r0, r1, r2, r3, r4, r5, r6, sp } from "../../asm/registers.js";
import type { Code } from "../frame.js";
import { Hash, SHA256, SHA512 } from "./hash.js";

export const INNER = 0x36363636;
export const OUTER = 0x5c5c5c5c;

function hmac(a: Code): void {
  const [word, plain] = [a.local("word"), a.local("plain")];
  a.routine("hmac_start", "context r0: HMAC with key [r1], blocks of r2 bytes", () => {
    a.constant(r3, INNER);
    a.fallInto("hmac_pad");
  });
  a.routine("hmac_pad", "the same with pad word r3", () => {
    a.pushRegisters(r0, r1, r2, r3, lr);
    a.mov(r1, r2);
    a.bl("hash_start");
    a.popRegisters(r0, r1, r2, r3);
    a.str(r2, r0, Hash.COUNT);
    a.comment("the first block: key, then zeros, all with the pad");
    a.movs(r4, 0);
    a.add(r5, r0, Hash.BLOCK);
    a.label(word);
    a.mov(r6, r3);
    a.cmp(r4, 32);
    a.bc("cs", plain);
    a.ldr(r6, r1, r4);
    a.eors(r6, r6, r3);
    a.label(plain);
    a.str(r6, r5, r4);
    a.adds(r4, r4, 4);
    a.cmp(r4, r2);
    a.bc("ne", word);
    a.bl("hash_block");
    a.popRegisters(pc);
  });
  a.routine("hmac_finish", "[r2] = the MAC of context r0 with key [r1]", () => {
    a.pushRegisters(r0, r1, r2, lr);
    a.sub(sp, sp, 64);
    a.mov(r1, sp);
    a.bl("hash_final");
    a.ldr(r0, sp, 64);
    a.ldr(r1, sp, 68);
    a.ldr(r2, r0, Hash.KIND);
    a.constant(r3, OUTER);
    a.bl("hmac_pad");
    a.ldr(r0, sp, 64);
    a.ldr(r2, r0, Hash.KIND);
    a.lsrs(r2, r2, 1);
    a.mov(r1, sp);
    a.bl("hash_update");
    a.ldr(r0, sp, 64);
    a.ldr(r1, sp, 72);
    a.bl("hash_final");
    a.add(sp, sp, 76);
    a.popRegisters(pc);
  });
}

/** r1, r2 = a label whose first byte is its length (pointer in r1): all of it, length included. */
export function wholeLabel(a: Code): void {
  a.ldrb(r2, r1, 0);
  a.adds(r2, r2, 1);
}

export function macEntries(a: Code): void {
  const CONTEXT = 0;
  for (const [name, kind] of [
    ["sha256", SHA256],
    ["sha512", SHA512],
  ] as const) {
    a.entry(name, [r0, r1], Hash.SIZE, () => {
      a.at(r0, CONTEXT);
      a.movs(r1, kind);
      a.bl("hash_start");
      a.at(r0, CONTEXT);
      a.argument(r1, 1);
      a.argument(r2, 2);
      a.bl("hash_update");
      a.at(r0, CONTEXT);
      a.argument(r1, 0);
      a.bl("hash_final");
      a.movs(r0, 1);
    });
  }
  a.entry("hmac", [r0, r1, r2], Hash.SIZE, () => {
    a.at(r0, CONTEXT);
    a.argument(r1, 1);
    a.movs(r2, SHA256);
    a.bl("hmac_start");
    a.at(r0, CONTEXT);
    a.argument(r1, 2);
    a.argument(r2, 3);
    a.bl("hash_update");
    a.at(r0, CONTEXT);
    a.argument(r1, 1);
    a.argument(r2, 0);
    a.bl("hmac_finish");
    a.movs(r0, 1);
  });
  const PRK = Hash.SIZE;
  const ONE = PRK + 32;
  a.entry("hkdf", [r0, r1, r2, r3], ONE + 4, () => {
    a.comment("extract: PRK = HMAC(salt, ikm)");
    a.at(r0, CONTEXT);
    a.argument(r1, 2);
    a.movs(r2, SHA256);
    a.bl("hmac_start");
    a.at(r0, CONTEXT);
    a.argument(r1, 1);
    a.movs(r2, 32);
    a.bl("hash_update");
    a.at(r0, CONTEXT);
    a.argument(r1, 2);
    a.at(r2, PRK);
    a.bl("hmac_finish");
    a.comment("expand, first block: HMAC(PRK, info || 1)");
    a.at(r0, CONTEXT);
    a.at(r1, PRK);
    a.movs(r2, SHA256);
    a.bl("hmac_start");
    a.at(r0, CONTEXT);
    a.argument(r1, 3);
    wholeLabel(a);
    a.bl("hash_update");
    a.movs(r0, 1);
    a.store(r0, ONE);
    a.at(r0, CONTEXT);
    a.at(r1, ONE);
    a.movs(r2, 1);
    a.bl("hash_update");
    a.at(r0, CONTEXT);
    a.at(r1, PRK);
    a.argument(r2, 0);
    a.bl("hmac_finish");
    a.movs(r0, 1);
  });
}

export function mac(a: Code): void {
  hmac(a);
  macEntries(a);
}
