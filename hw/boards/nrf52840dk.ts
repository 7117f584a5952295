/** Nordic's nRF52840 Development Kit: serial and Bluetooth only. boards/NRF52840DK.py. */
import { NRF52840 } from "../chips.js";
import type { Board } from "./board.js";

export const NRF52840DK: Board = {
  id: "nrf52840dk",
  title: "nRF52840 Development Kit",
  boardName: "NRF52840DK",
  chip: NRF52840,
  jsVars: 12500,
  storage: { address: 0xec000, pages: 10 },
  binary: "espruino_%v_nrf52840.hex",
  nfc: { library: false, antenna: "plug-in" },
  leds: ["D13", "D14", "D15", "D16"],
  buttons: ["D11", "D12", "D24", "D25"],
  serial: { rx: "D8", tx: "D6", baud: 9600 },
  activeLow: ["D13", "D14", "D15", "D16", "D11", "D12", "D24", "D25"],
  usb: true,
  // the build names no prefix: Espruino's default
  bluetooth: "Espruino",
  modules: ["Flash", "Storage", "neopixel"],
};
