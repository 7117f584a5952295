/**
 * The board's Bluetooth LE radio: Espruino's NRF (libs/bluetooth/jswrap_bluetooth.c, 2v29) with one
 * GATT service of the card's own. Executed on the emulated chip, not yet on a board.
 *
 * updateServices loses a notification without a word when the radio's queue is full
 * (BLE_ERROR_NO_TX_PACKETS is passed over), and nothing tells a program when one has gone out: so
 * no more are handed over at a time than the queue holds, and the other side says when it has them.
 */
import type { Flag } from "../types.js";
import { GATT_FROM_CARD, GATT_SERVICE, GATT_TO_CARD, GattBytes } from "../wire/generated.js";
import { digits } from "./board.js";

const enum Interval {
  MS = 15,
}
const answer: EspruinoCharacteristic = { maxLen: GattBytes.MOST, notify: true };
/** What setServices was told; updateServices takes the same, for its new value. */
const services: EspruinoServices = {};

/**
 * `over` is told when a connection begins and when it ends. The radio calls itself something else
 * than the factory did: a random static address (Core 5.4 Vol 6 Part B 1.3.2.1), for this boot,
 * since that class may not change while the board has power. Restarts the radio; who is connected
 * already has the card without its cache until the next boot.
 *
 * Nobody is to be bonded with: each bond would be written into flash, by any stranger, and one too
 * many for its page hangs the chip. Where Espruino's refusal comes too late (on an nRF52832 the
 * peer manager has said yes before, targets/nrf5x/bluetooth.c ble_evt_dispatch), whoever begins to
 * pair is sent away before there is anything to keep, and what came while the card was busy is
 * erased as soon as nobody is there.
 */
export function startRadio(over: () => void): void {
  let address = "";
  while (address.length < 17) {
    const four = digits(address ? 0 : 0xc000);
    address += (address ? ":" : "") + four.substr(0, 2) + ":" + four.substr(2);
  }
  NRF.setSecurity({ pair: false });
  NRF.restart(cache);
  NRF.setAddress(address + " random");
  NRF.on("connect", over);
  NRF.on("connect", hasten);
  NRF.on("disconnect", over);
  NRF.on("bond", NRF.disconnect);
  NRF.on("disconnect", NRF.eraseBonds);
}
/**
 * The instruction cache, which stock Espruino leaves off: NVMC's ICACHECNF (nRF52832 and nRF52840
 * Product Specification, chapter NVMC). Only while the SoftDevice is disabled: a write to one of
 * its peripherals is a fault to it (NRF_FAULT_ID_APP_MEMACC), after which Espruino starts anew.
 */
function cache(): void {
  poke32(0x4001e540, 1);
}
/**
 * Asks for a connection interval that every central grants (Android, and Apple's rules: 15 ms); the
 * firmware's own wish, 7.5 ms, is refused by some. "auto": it may ask for a slow one when idle.
 */
function hasten(): void {
  NRF.setConnectionInterval(Interval.MS);
  NRF.setConnectionInterval("auto");
}
export function hasRadio(): Flag {
  return typeof NRF === "undefined" ? 0 : 1;
}
/** A packet has 31 bytes: the name goes in the first, the service in the scan response. */
export function advertise(name: string): void {
  NRF.setAdvertising({}, { name });
}
/**
 * The card's service, and with `console` the interpreter's own beside it (who connects then has the
 * prompt; there is no room to advertise both). Whoever connected meanwhile is sent away: services
 * change only while nobody is there.
 */
export function offerService(onWrite: (event: EspruinoWrite) => void, console: Flag): void {
  const service: EspruinoServices[""] = {};
  service[GATT_TO_CARD] = { maxLen: GattBytes.MOST, writable: true, onWrite };
  service[GATT_FROM_CARD] = answer;
  services[GATT_SERVICE] = service;
  NRF.disconnect();
  NRF.setServices(services, console ? {} : { uart: false, advertise: [GATT_SERVICE] });
}
/** What a write brought, as 8-bit characters. */
export function written(event: object): string {
  return E.toString((event as EspruinoWrite).data) || "";
}
/** Hands one packet over to the radio. */
export function notify(text: string): void {
  answer.value = text;
  NRF.updateServices(services);
}
