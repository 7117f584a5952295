/**
 * The cycle model of a Cortex-M4 without wait states, as the project's figures use it: 1 for
 * arithmetic, multiplications and stores; a single-register load 2, or 1 right after another such
 * load; LDRD/STRD 3; LDM/STM/PUSH/POP 1 + registers; +2 for a branch that is taken. Checked by its
 * authors against published nRF52840 figures of another library: 1 to 5 % low.
 *
 * Limits: no flash wait states, no bus contention, no write-buffer or alignment effects, IT not
 * folded; in an IT block a skipped instruction costs 1, and a load after a skipped load still
 * counts as "after another load".
 */

import { endsBlock, isLoad } from "./decode/block.js";
import { ALWAYS } from "./decode/instruction.js";
import type { Instruction } from "./decode/instruction.js";

/** Extra cycles to refill the pipeline. */
export const TAKEN = 2;

/** Cycles if executed, a conditional branch's refill apart. */
export function cyclesOf(i: Instruction, previous: Instruction | undefined): number {
  const refill = endsBlock(i) && i.op !== "cbz" && i.condition === ALWAYS ? TAKEN : 0;
  switch (i.op) {
    case "load":
    case "literal":
      return (previous && isLoad(previous) ? 1 : 2) + refill;
    case "dual":
      return 3;
    case "multiple":
      return 1 + i.list.length + refill;
    case "tb":
      return 2 + refill;
    default:
      return 1 + refill;
  }
}
