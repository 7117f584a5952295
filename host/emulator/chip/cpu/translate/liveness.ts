/** Which flags each instruction of a region must really set: those that something may read. */

import { ALL_FLAGS, reads, writes } from "../../../arm/decode/flags.js";
import { ALWAYS } from "../../../arm/decode/instruction.js";
import { leaves } from "./region.js";
import type { Placed, Region } from "./region.js";

/** True if the code behind the region, or an exception's frame, may see what flags are then. */
function mayLeave(i: Placed): boolean {
  return leaves(i) || i.op === "cbz";
}

export function neededFlags({ code, targets }: Region): number[] {
  const needed = new Array<number>(code.length).fill(0);
  const liveAt = new Map<number, number>();
  let live = ALL_FLAGS;
  for (let at = code.length - 1; at >= 0; at--) {
    const i = code[at] as Placed;
    if (mayLeave(i)) {
      const inside = (i.op === "b" || i.op === "cbz") && targets.has(i.target);
      const there = inside ? (liveAt.get(i.target) as number) : ALL_FLAGS;
      const goesOn = i.op === "cbz" || i.condition !== ALWAYS;
      live = goesOn ? live | there : there;
    }
    const set = writes(i);
    needed[at] = set & live;
    if (i.condition === ALWAYS) live &= ~set;
    live |= reads(i);
    liveAt.set(i.address, live);
  }
  return needed;
}

/** True if the region has to do with flags at all. */
export function usesFlags({ code }: Region): boolean {
  return code.some((i) => reads(i) || writes(i));
}
