/**
 * copy, zero, equal, filled, version: bytes at any address.
 * Time depends on the length only (`equal` and `filled` collect differences with OR).
 */

import { KERNEL_ABI } from "../abi.js";
import { lr, pc, r0, r1, r2, r3, r4, r12 } from "../asm/registers.js";
import type { Code } from "./frame.js";

/** The loop of all four: `each` handles one byte; r2 counts down to 0. */
function bytes(a: Code, each: () => void): void {
  const [next, end] = [a.local("byte"), a.local("end")];
  a.label(next);
  a.subs(r2, r2, 1);
  a.bc("cc", end);
  each();
  a.b(next);
  a.label(end);
}

export function memory(a: Code): void {
  a.routine("entry_version", "returns the ABI's number", () => {
    a.movs(r0, KERNEL_ABI);
    a.bx(lr);
  });
  a.routine("entry_copy", "[r0] = [r1], r2 bytes, forwards", () => {
    bytes(a, () => {
      a.ldrb(r3, r1, { post: 1 });
      a.strb(r3, r0, { post: 1 });
    });
    a.movs(r0, 1);
    a.movs(r3, 0);
    a.bx(lr);
  });
  a.routine("entry_zero", "[r0] = 0, r1 bytes", () => {
    a.mov(r2, r1);
    a.movs(r3, 0);
    bytes(a, () => a.strb(r3, r0, { post: 1 }));
    a.movs(r0, 1);
    a.bx(lr);
  });
  /** r12 = OR of all differences becomes r0 = 1 when there was none. */
  const verdict = () => {
    a.clz(r0, r12);
    a.lsrs(r0, r0, 5);
    a.movs(r3, 0);
    a.mov(r12, r3);
  };
  a.routine("entry_equal", "r0 = 1 when [r0] = [r1], r2 bytes", () => {
    a.pushRegisters(r4, lr);
    a.mov(r12, 0);
    bytes(a, () => {
      a.ldrb(r3, r0, { post: 1 });
      a.ldrb(r4, r1, { post: 1 });
      a.eors(r3, r3, r4);
      a.orr(r12, r12, r3);
    });
    verdict();
    a.popRegisters(r4, pc);
  });
  a.routine("entry_filled", "r0 = 1 when each of r1 bytes at r0 is r2", () => {
    a.pushRegisters(r4, lr);
    a.uxtb(r4, r2);
    a.mov(r2, r1);
    a.mov(r12, 0);
    bytes(a, () => {
      a.ldrb(r3, r0, { post: 1 });
      a.eors(r3, r3, r4);
      a.orr(r12, r12, r3);
    });
    verdict();
    a.popRegisters(r4, pc);
  });
}
