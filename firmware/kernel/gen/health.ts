/**
 * Health tests of the noise source: NIST SP 800-90B, 4.4.1 (repetition count) and 4.4.2 (adaptive
 * proportion) over 8-bit samples, for H = 4 bits a sample and alpha = 2^-20: cutoffs 1 + 20/4 = 6,
 * and 62 in a window of 512. The state lives between calls; see abi.ts for its words.
 *
 * Branches on samples: they are judged here, not used; what passes is conditioned later.
 */

import { lr, pc, r0, r1, r2, r3, r4, r5, r6, r7, r8, r12, LSL } from "../asm/registers.js";
import type { Code } from "./frame.js";

export const REPETITION_CUTOFF = 6;
export const PROPORTION_CUTOFF = 62;
export const PROPORTION_WINDOW = 512;

export function health(a: Code): void {
  const [next, same, counted, open, other, inside, end] = a.locals(
    "next",
    "same",
    "counted",
    "open",
    "other",
    "inside",
    "end",
  );
  const [last, run, first, seen, count] = [r4, r5, r6, r7, r3] as const;
  a.routine("entry_health", "the entry health", () => {
    a.refuseUnaligned([r0, r1]);
    a.pushRegisters(r4, r5, r6, r7, r8, lr);
    a.mov(r12, r0);
    a.ldr(last, r12, 0);
    a.ldr(run, r12, 4);
    a.ldr(first, r12, 8);
    a.lsrs(seen, first, 16);
    a.ubfx(first, first, 0, 16);
    a.ldr(count, r12, 12);
    a.movs(r0, 1);
    a.label(next);
    a.subs(r2, r2, 1);
    a.bc("cc", end);
    a.ldrb(r8, r1, { post: 1 });
    a.comment("repetition: last is kept + 1");
    a.add(lr, r8, 1);
    a.cmp(last, lr);
    a.bc("eq", same);
    a.movs(run, 0);
    a.label(same);
    a.mov(last, lr);
    a.adds(run, run, 1);
    a.cmp(run, REPETITION_CUTOFF);
    a.bc("cc", open);
    a.movs(r0, 0);
    a.label(open);
    a.comment("proportion: a window starts with the sample it counts");
    a.cmp(seen, 0);
    a.bc("ne", inside);
    a.mov(first, r8);
    a.movs(count, 0);
    a.label(inside);
    a.adds(seen, seen, 1);
    a.cmp(first, r8);
    a.bc("ne", other);
    a.adds(count, count, 1);
    a.label(other);
    a.cmp(count, PROPORTION_CUTOFF);
    a.bc("cc", counted);
    a.movs(r0, 0);
    a.label(counted);
    a.cmp(seen, PROPORTION_WINDOW);
    a.bc("ne", next);
    a.movs(first, 0);
    a.movs(seen, 0);
    a.movs(count, 0);
    a.b(next);
    a.label(end);
    a.orr(first, first, LSL(seen, 16));
    a.str(last, r12, 0);
    a.str(run, r12, 4);
    a.str(first, r12, 8);
    a.str(count, r12, 12);
    a.popRegisters(r4, r5, r6, r7, r8, pc);
  });
}
