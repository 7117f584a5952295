/**
 * A byte link to a board over Bluetooth LE: Web Bluetooth (W3C Community Group), in Chromium
 * browsers. The GATT service is Kincard's own (docs/web.md): the host writes to one characteristic
 * and the card notifies on the other; both carry the bytes of docs/protocol.md 9, cut anywhere.
 *
 * A page can't learn the connection's MTU, so each write has at most 20 bytes, which every
 * connection carries (23 less 3 of ATT, Core 5.4 Vol 3 Part F 3.4). The card may notify more.
 */

import { LinkError } from "../../../links/link.js";
import type { Duplex } from "../../../links/link.js";
import { chooserError, makeDuplex } from "./duplex.js";

export const GATT = {
  SERVICE: "6b696e63-6172-4400-8000-000000000001",
  TO_CARD: "6b696e63-6172-4400-8000-000000000002",
  FROM_CARD: "6b696e63-6172-4400-8000-000000000003",
} as const;
const WRITE_MOST = 20;

/** The part of the API that is used here (TypeScript's DOM library has none of it). */
interface Characteristic extends EventTarget {
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
    let queue: Promise<void> = Promise.resolve();
    const [duplex, feed] = makeDuplex({
      // One write at a time, or the browser refuses; a failed one must not block the next.
      write: (bytes) => {
        const sent = queue.then(() => inParts(toCard, bytes));
        queue = sent.catch(() => undefined);
        return sent;
      },
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

async function inParts(characteristic: Characteristic, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += WRITE_MOST) {
    await characteristic.writeValueWithResponse(bytes.slice(at, at + WRITE_MOST));
  }
}
