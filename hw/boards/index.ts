/** Every board that there is a file for, the first choice first. */
import type { Board } from "./board.js";
import { JOLTJS } from "./joltjs.js";
import { LINUX_BUILD } from "./linux.js";
import { MDBT42Q } from "./mdbt42q.js";
import { NRF52832DK } from "./nrf52832dk.js";
import { NRF52840DK } from "./nrf52840dk.js";
import { PIXLJS } from "./pixljs.js";
import { PUCKJS_STOCK } from "./puckjs-stock.js";
import { PUCKJS } from "./puckjs.js";
import { RUUVITAG } from "./ruuvitag.js";
import { THINGY52 } from "./thingy52.js";
import { XIAOBLE } from "./xiaoble.js";

export const BOARDS: readonly Board[] = [
  ...[PUCKJS, PUCKJS_STOCK, PIXLJS, MDBT42Q, NRF52832DK, THINGY52, RUUVITAG],
  ...[NRF52840DK, JOLTJS, XIAOBLE, LINUX_BUILD],
];

/** Throws one sentence for a name that is no board's. */
export function boardById(id: string): Board {
  const board = BOARDS.find((known) => known.id === id);
  if (board) return board;
  throw new RangeError(
    `"${id}" is not a board known here: ${BOARDS.map((known) => known.id).join(", ")}`,
  );
}
