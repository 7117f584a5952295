/** Nordic Thingy:52. Its LEDs hang on an I/O expander (V pins). boards/THINGY52.py. */
import { NRF52832 } from "../chips.js";
import type { Board } from "./board.js";

export const THINGY52: Board = {
  id: "thingy52",
  title: "Nordic Thingy:52",
  boardName: "THINGY52",
  chip: NRF52832,
  jsVars: 2500,
  storage: { address: 0x6c000, pages: 10 },
  binary: "espruino_%v_thingy52.hex",
  nfc: { library: true, antenna: "on board" },
  leds: ["V7", "V5", "V6"],
  buttons: ["D11"],
  serial: { rx: "D3", tx: "D2", baud: 9600 },
  activeLow: ["V7", "V5", "V6", "D11"],
  usb: false,
  bluetooth: "Thingy",
  modules: ["Flash", "Storage"],
};
