/** A virtual card as a place of the conformance kit's (host/apps/conform/rack.ts). */
import type { Place } from "../../host/apps/conform/rack.js";
import { writeImage } from "../../host/emulator/board/fresh.js";
import { NorFlash } from "../../host/emulator/flash/nor.js";
import { LineTransport } from "../../host/sdk/core.js";
import { builtKernel, makeBoard } from "./boards.js";

/**
 * A card of its own, blank. Its logic is what the vectors' cases test, and there are hundreds of
 * them: the kernel's entries are answered by the oracle, which is a hundred times faster than its
 * emulated machine, unless KINCARD_VECTORS_KERNEL=built.
 */
export function freshCard(seed: string): Place {
  const flash = new NorFlash();
  const built = process.env.KINCARD_VECTORS_KERNEL === "built";
  writeImage(flash, built ? builtKernel() : undefined);
  const board = makeBoard({ seed, flash });
  board.powerOn();
  const wire = async () => board.duplex();
  return {
    name: seed,
    open: async (options) => LineTransport.connect(await wire(), options),
    wire,
    levers: { time: (seconds) => board.advance(seconds) },
  };
}
