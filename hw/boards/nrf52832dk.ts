/** Nordic's nRF52 Development Kit (PCA10040). boards/NRF52832DK.py. */
import { NRF52832 } from "../chips.js";
import type { Board } from "./board.js";

export const NRF52832DK: Board = {
  id: "nrf52832dk",
  title: "nRF52 Development Kit",
  boardName: "NRF52832DK",
  chip: NRF52832,
  jsVars: 2630,
  storage: { address: 0x6c000, pages: 10 },
  binary: "espruino_%v_nrf52832.hex",
  nfc: { library: true, antenna: "plug-in" },
  leds: ["D17", "D18", "D19", "D20"],
  buttons: ["D13", "D14", "D15", "D16"],
  serial: { rx: "D8", tx: "D6", baud: 9600 },
  activeLow: ["D17", "D18", "D19", "D20", "D13", "D14", "D15", "D16"],
  usb: false,
  bluetooth: "Espruino",
  modules: ["Flash", "Storage"],
};
