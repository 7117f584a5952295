/** RuuviTag. boards/RUUVITAG.py. */
import { NRF52832 } from "../chips.js";
import type { Board } from "./board.js";

export const RUUVITAG: Board = {
  id: "ruuvitag",
  title: "RuuviTag",
  boardName: "RUUVITAG",
  chip: NRF52832,
  jsVars: 2250,
  storage: { address: 0x69000, pages: 10 },
  binary: "espruino_%v_ruuvitag.hex",
  nfc: { library: true, antenna: "on board" },
  leds: ["D17", "D19"],
  buttons: ["D13"],
  serial: { rx: "D5", tx: "D4", baud: 9600 },
  activeLow: ["D17", "D19", "D13"],
  usb: false,
  bluetooth: "RuuviTag",
  modules: ["Flash", "Storage", "neopixel", "crypto"],
};
