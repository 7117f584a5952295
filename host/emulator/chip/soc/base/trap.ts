/** What ends a chip's run: its firmware did what it must not, or what nobody emulated. */

import { BoardTrap } from "../../../faults.js";

export class ChipTrap extends BoardTrap {
  override readonly name = "BoardTrap";
}

/** A mode or call that this emulator does not have: the run ends, it never goes on wrong. */
export function missing(what: string): never {
  throw new ChipTrap(`${what} is not emulated`);
}
