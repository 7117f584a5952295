/** Pixl.js. boards/PIXLJS.py. */
import { NRF52832 } from "../chips.js";
import type { Board } from "./board.js";

export const PIXLJS: Board = {
  id: "pixljs",
  title: "Pixl.js",
  boardName: "PIXLJS",
  chip: NRF52832,
  jsVars: 2950,
  storage: { address: 0x6d000, pages: 9 },
  binary: "espruino_%v_pixljs.hex",
  nfc: { library: true, antenna: "on board" },
  leds: ["H0"],
  buttons: ["H1", "H2", "H3", "H4"],
  serial: { rx: "D0", tx: "D1", baud: 9600 },
  pins: { D0: 25, D1: 26, H0: 16, H1: 23, H2: 21, H3: 22, H4: 24 },
  activeLow: ["H0", "H1", "H2", "H3", "H4"],
  usb: false,
  bluetooth: "Pixl.js",
  modules: ["Flash", "Storage", "neopixel", "crypto"],
};
