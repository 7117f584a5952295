/** Jolt.js: Bluetooth (and USB) only, its NFC is not in Espruino's build. boards/JOLTJS.py. */
import { NRF52840 } from "../chips.js";
import type { Board } from "./board.js";

export const JOLTJS: Board = {
  id: "joltjs",
  title: "Jolt.js",
  boardName: "JOLTJS",
  chip: NRF52840,
  jsVars: 12000,
  storage: { address: 0x91000, pages: 100 },
  binary: "espruino_%v_joltjs.hex",
  nfc: { library: false, antenna: "wire" },
  leds: ["D6", "D8", "D41"],
  buttons: ["D0"],
  serial: undefined,
  activeLow: ["D6", "D8", "D41"],
  usb: true,
  bluetooth: "Jolt.js",
  modules: ["Flash", "Storage", "neopixel"],
};
