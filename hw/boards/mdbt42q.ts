/** MDBT42Q breakout. boards/MDBT42Q.py. */
import { NRF52832 } from "../chips.js";
import type { Board } from "./board.js";

export const MDBT42Q: Board = {
  id: "mdbt42q",
  title: "MDBT42Q breakout",
  boardName: "MDBT42Q",
  chip: NRF52832,
  jsVars: 2950,
  storage: { address: 0x6c000, pages: 10 },
  binary: "espruino_%v_mdbt42q.hex",
  nfc: { library: true, antenna: "wire" },
  leds: ["D1", "D2"],
  buttons: ["D0"],
  serial: { rx: "D8", tx: "D6", baud: 9600 },
  usb: false,
  bluetooth: "MDBT42Q",
  modules: ["Flash", "Storage", "neopixel", "crypto"],
};
