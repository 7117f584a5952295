/** Seeed XIAO BLE: listed so that it is refused with a reason. boards/XIAOBLE.py. */
import { NRF52840 } from "../chips.js";
import type { Board } from "./board.js";

export const XIAOBLE: Board = {
  id: "xiaoble",
  title: "Seeed XIAO BLE",
  boardName: "XIAOBLE",
  chip: NRF52840,
  jsVars: 14000,
  storage: { address: 0x60000000, pages: 512 },
  binary: "espruino_%v_xiaoble.uf2",
  nfc: { library: false, antenna: "wire" },
  leds: ["D11", "D13", "D12"],
  buttons: ["D1"],
  serial: undefined,
  pins: { D11: 26, D13: 30, D12: 6, D1: 3 },
  activeLow: ["D11", "D13", "D12"],
  usb: true,
  bluetooth: "XIAOBLE",
  modules: ["Flash", "Storage", "neopixel", "crypto", "AES"],
  unsupported:
    "its Storage is an external chip that is not mapped into memory: " +
    "the kernel can't run in place and the key would lie where two probes read it",
};
