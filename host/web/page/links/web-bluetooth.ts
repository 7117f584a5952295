/**
 * A byte link to a board over Bluetooth LE: Web Bluetooth (W3C Community Group), in Chromium
 * browsers, with Kincard's own GATT service (docs/protocol.md 9). A page can't learn the
 * connection's MTU: host/links/gatt.ts writes what every connection carries.
 */

import { gattDuplex } from "../../../links/gatt.js";
import { LinkError } from "../../../links/link.js";
import type { Duplex } from "../../../links/link.js";
import { GATT } from "../../../wire/generated.js";
import { chooserError } from "./duplex.js";

/** The part of the API that is used here (TypeScript's DOM library has none of it). */
export interface Characteristic extends EventTarget {
  readonly value?: DataView;
  writeValueWithResponse(bytes: Uint8Array): Promise<void>;
  startNotifications(): Promise<unknown>;
}
interface Service {
  getCharacteristic(uuid: string): Promise<Characteristic>;
}
export interface WebBluetoothDevice extends EventTarget {
  readonly name?: string;
  readonly gatt?: {
    connect(): Promise<{ getPrimaryService(uuid: string): Promise<Service> }>;
    disconnect(): void;
  };
}
interface WebBluetooth {
  requestDevice(options: { filters: { services: string[] }[] }): Promise<WebBluetoothDevice>;
}

const api = () => (navigator as Navigator & { bluetooth?: WebBluetooth }).bluetooth;
export const hasWebBluetooth = () => api() !== undefined;

/** Shows the browser's chooser; needs a click or a key press. */
export async function chooseBluetoothDevice(): Promise<WebBluetoothDevice> {
  try {
    return await (api() as WebBluetooth).requestDevice({
      filters: [{ services: [GATT.SERVICE] }],
    });
  } catch (error) {
    throw chooserError(error, "Bluetooth");
  }
}

export async function openBluetoothDevice(device: WebBluetoothDevice): Promise<Duplex> {
  const { gatt } = device;
  if (!gatt) throw new LinkError("open", "this Bluetooth device offers nothing to talk to");
  try {
    const server = await gatt.connect();
    const service = await server.getPrimaryService(GATT.SERVICE);
    const toCard = await service.getCharacteristic(GATT.TO_CARD);
    const fromCard = await service.getCharacteristic(GATT.FROM_CARD);
    const [duplex, feed] = gattDuplex({
      write: (bytes) => toCard.writeValueWithResponse(bytes),
      close: () => gatt.disconnect(),
    });
    fromCard.addEventListener("characteristicvaluechanged", () => {
      const { value } = fromCard;
      if (!value) return;
      feed.data(new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice());
    });
    const lost = () => feed.closed(new Error("Bluetooth lost the card"));
    device.addEventListener("gattserverdisconnected", lost, { once: true });
    await fromCard.startNotifications();
    return duplex;
  } catch (error) {
    gatt.disconnect();
    const text = `Bluetooth could not reach the card: ${(error as Error).message}`;
    throw new LinkError("open", text, { cause: error });
  }
}
