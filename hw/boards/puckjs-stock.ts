/** Puck.js with the build it comes with: 40 KB of Storage. boards/PUCKJS.py. */
import type { Board } from "./board.js";
import { PUCKJS } from "./puckjs.js";

export const PUCKJS_STOCK: Board = {
  ...PUCKJS,
  id: "puckjs-stock",
  title: "Puck.js, stock build",
  storage: { address: 0x6c000, pages: 10 },
  binary: "espruino_%v_puckjs.hex",
  modules: ["timer", "Flash", "Storage", "heatshrink", "neopixel", "crypto", "AES"],
};
