/** Espruino's Linux build: the real interpreter without a board, for tests. boards/LINUX.py. */
import { LINUX } from "../chips.js";
import type { Board } from "./board.js";

export const LINUX_BUILD: Board = {
  id: "linux",
  title: "Espruino for Linux",
  boardName: "LINUX",
  chip: LINUX,
  jsVars: 4096,
  storage: { address: 0x10000000, pages: 256 },
  binary: "espruino",
  nfc: { library: false, antenna: "none" },
  leds: [],
  buttons: [],
  serial: undefined,
  usb: false,
  bluetooth: undefined,
  modules: ["Flash", "Storage"],
};
