/**
 * A byte link to a board over Bluetooth LE: Web Bluetooth (W3C Community Group), in Chromium
 * browsers; a card has Kincard's own GATT service (docs/protocol.md 9). A page can't learn the
 * connection's MTU: host/sdk/links/gatt.ts writes what every connection carries.
 */

import type { FlowControl } from "../../../../sdk/links/espruino-uart.js";
import { gattDuplex } from "../../../../sdk/links/gatt.js";
import { LinkError } from "../../../../sdk/links/link.js";
import type { Duplex } from "../../../../sdk/links/link.js";
import { GATT } from "../../../../sdk/wire/generated.js";
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

/** A service with one characteristic each way, and what it is called before people. */
export interface GattWays {
  readonly service: string;
  readonly toBoard: string;
  readonly fromBoard: string;
  readonly what: string;
  /** Bytes that tell when to wait with writing, mixed into what comes. */
  readonly flow?: () => FlowControl;
}
const CARD: GattWays = {
  ...{ service: GATT.SERVICE, toBoard: GATT.TO_CARD, fromBoard: GATT.FROM_CARD },
  what: "the card",
};

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

export function openBluetoothDevice(device: WebBluetoothDevice): Promise<Duplex> {
  return openGatt(device, CARD);
}

/** Connects to the device's service; each way a characteristic. */
export async function openGatt(device: WebBluetoothDevice, wanted: GattWays): Promise<Duplex> {
  const { gatt } = device;
  if (!gatt) throw new LinkError("link/unusable", { link: wanted.what });
  try {
    const server = await gatt.connect();
    const service = await server.getPrimaryService(wanted.service);
    const to = await service.getCharacteristic(wanted.toBoard);
    const from = await service.getCharacteristic(wanted.fromBoard);
    const flow = wanted.flow?.();
    const [duplex, feed] = gattDuplex({
      write: async (bytes) => {
        await flow?.ready();
        await to.writeValueWithResponse(bytes);
      },
      close: () => gatt.disconnect(),
    });
    from.addEventListener("characteristicvaluechanged", () => {
      const { value } = from;
      if (!value) return;
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
      feed.data(flow ? flow.take(bytes) : bytes);
    });
    const lost = () => {
      flow?.end();
      feed.closed();
    };
    device.addEventListener("gattserverdisconnected", lost, { once: true });
    await from.startNotifications();
    return duplex;
  } catch (error) {
    gatt.disconnect();
    const detail = (error as Error).message;
    throw new LinkError("link/open", { link: wanted.what, detail }, { cause: error });
  }
}
