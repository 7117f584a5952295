/** Puck.js with Espruino's official minimal build: the first board. boards/PUCKJS_MINIMAL.py. */
import { NRF52832 } from "../chips.js";
import type { Board } from "./board.js";

export const PUCKJS: Board = {
  id: "puckjs",
  title: "Puck.js, minimal build",
  boardName: "PUCKJS",
  chip: NRF52832,
  jsVars: 2630,
  storage: { address: 0x5e000, pages: 24 },
  binary: "espruino_%v_puckjs_minimal.hex",
  nfc: { library: true, antenna: "on board" },
  leds: ["D5", "D4", "D3"],
  buttons: ["D0"],
  serial: { rx: "D29", tx: "D28", baud: 9600 },
  usb: false,
  bluetooth: "Puck.js",
  modules: ["timer", "Flash", "Storage", "heatshrink", "neopixel"],
};
