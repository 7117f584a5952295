/**
 * The board's Bluetooth LE radio: Espruino's NRF (libs/bluetooth/jswrap_bluetooth.c, 2v29) with one
 * GATT service of the card's own. Not run on a board.
 *
 * Indications, not notifications: when its queue is full, updateServices loses a notification
 * without a word, and nothing tells when one has gone out. An indication that can't be sent yet
 * throws (BUSY), so it can be sent again later and nothing is lost.
 */
import { GATT_FROM_CARD, GATT_SERVICE, GATT_TO_CARD, GattBytes } from "../wire/generated.js";
import { digits } from "./board.js";

/** What updateServices is told: made once, only the value changes. */
const part: EspruinoCharacteristic = { indicate: true };
const update: EspruinoServices = {};

export function hasRadio(): number {
  return typeof NRF === "undefined" ? 0 : 1;
}

function pair(text: string, at: number): string {
  return text.substr(at, 2) + ":";
}
/**
 * Calls itself something else than the factory did: a random static address (Core 5.4 Vol 6 Part B
 * 1.3.2.1), for this boot; that class may not change while the board has power. Restarts the radio.
 */
export function newAddress(): void {
  const a = digits(0xc000) + digits(0) + digits(0);
  NRF.setAddress(
    pair(a, 0) + pair(a, 2) + pair(a, 4) + pair(a, 6) + pair(a, 8) + a.substr(10) + " random",
  );
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
export function offerService(onWrite: (event: EspruinoWrite) => void, console: number): void {
  const service: EspruinoServices[""] = {};
  service[GATT_TO_CARD] = { maxLen: GattBytes.MOST, writable: true, onWrite };
  service[GATT_FROM_CARD] = { maxLen: GattBytes.MOST, indicate: true };
  const services: EspruinoServices = {};
  services[GATT_SERVICE] = service;
  update[GATT_SERVICE] = {};
  update[GATT_SERVICE][GATT_FROM_CARD] = part;
  NRF.disconnect();
  if (console) NRF.setServices(services, { uart: true });
  else NRF.setServices(services, { uart: false, advertise: [GATT_SERVICE] });
}
export function onLink(connected: () => void, disconnected: () => void): void {
  NRF.on("connect", connected);
  NRF.on("disconnect", disconnected);
}
/** What a write brought, as 8-bit characters. */
export function written(event: object): string {
  return E.toString((event as EspruinoWrite).data) || "";
}
/** 1 if this part is on its way, 0 if the one before is not confirmed yet. */
export function indicate(text: string): number {
  part.value = text;
  try {
    NRF.updateServices(update);
  } catch (e) {
    return 0;
  }
  return 1;
}
