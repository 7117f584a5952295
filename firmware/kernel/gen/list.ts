/**
 * A list of calls of other entries, done one after the other: what the interpreter would need
 * 8,000 instructions for each. firmware/build/passes/lists.ts makes the lists from the card's own
 * statements.
 *
 * One call: a byte (entry's number, 5 bits; arguments less one, 2 bits; bit 7 = a 0 ends the list
 * with 0), then two bytes an argument, low one first (14 bits of number; bit 15 = base is added,
 * bit 14 = x is added). Number 0 stores the second argument's byte at the first. A 0 ends it with 1.
 * Which calls are made depends on the list and on what those with bit 7 answer.
 */

import { KERNEL_ENTRIES } from "../abi.js";
import { lr, pc, r0, r1, r2, r3, r4, r5, r6, r7, r12, sp, LSL } from "../asm/registers.js";
import type { Code } from "./frame.js";

const ARGUMENTS = 16;
const [BASE, X] = [0x8000, 0x4000];

export function list(a: Code): void {
  a.routine("entry_list", "makes the calls listed at r0; base r1, x r2", () => {
    const [next, argument, noBase, noX] = ["next", "argument", "nobase", "nox"].map((name) =>
      a.local(name),
    ) as [string, string, string, string];
    const [call, end] = [a.local("call"), a.local("end")];
    a.comment("r3 for a stack of whole double words");
    a.pushRegisters(r3, r4, r5, r6, r7, lr);
    a.sub(sp, sp, ARGUMENTS);
    a.mov(r4, r0);
    a.mov(r5, r1);
    a.mov(r6, r2);
    a.label(next);
    a.ldrb(r7, r4, { post: 1 });
    a.movs(r0, 1);
    a.cmp(r7, 0);
    a.bc("eq", end);
    a.ubfx(r3, r7, 5, 2);
    a.mov(r2, sp);
    a.label(argument);
    a.ldrb(r0, r4, { post: 1 });
    a.ldrb(r1, r4, { post: 1 });
    a.orr(r1, r0, LSL(r1, 8));
    a.ubfx(r0, r1, 0, 14);
    a.tst(r1, BASE);
    a.bc("eq", noBase);
    a.adds(r0, r0, r5);
    a.label(noBase);
    a.tst(r1, X);
    a.bc("eq", noX);
    a.adds(r0, r0, r6);
    a.label(noX);
    a.str(r0, r2, { post: 4 });
    a.subs(r3, r3, 1);
    a.bc("cs", argument);
    a.ldm(sp, [r0, r1, r2, r3]);
    a.tst(r7, 31);
    a.bc("ne", call);
    a.strb(r1, r0);
    a.b(next);
    a.label(call);
    a.adr(r12, "kernel");
    a.and(r3, r7, 31);
    a.add(r12, r12, LSL(r3, 2));
    a.comment("the bit that says Thumb");
    a.add(r12, r12, 1);
    a.ldr(r3, sp, 12);
    const others = KERNEL_ENTRIES.filter(({ name }) => name !== "list");
    a.blx(
      r12,
      others.map(({ name }) => `entry_${name}`),
    );
    a.cmp(r0, 0);
    a.bc("ne", next);
    a.tst(r7, 0x80);
    a.bc("eq", next);
    a.label(end);
    a.add(sp, sp, ARGUMENTS);
    a.popRegisters(r3, r4, r5, r6, r7, pc);
  });
}
