/**
 * A byte link to a board over Bluetooth LE: Web Bluetooth (W3C Community Group), in Chromium
 * browsers; a card has Kincard's own GATT service (docs/protocol.md 9.1). A page can't learn the
 * connection's MTU: host/sdk/links/ble/gatt.ts tries.
 */

import type { FlowControl } from "../../../../sdk/links/ble/uart.js";
import { cardDuplex, gattDuplex } from "../../../../sdk/links/ble/gatt.js";
import { LinkError } from "../../../../sdk/links/link.js";
import type { Duplex } from "../../../../sdk/links/link.js";
import { GATT } from "../../../../sdk/wire/generated.js";
import { chooserError } from "./duplex.js";
import { Opening } from "./gatt-opening.js";
import type { OpeningOptions } from "./gatt-opening.js";

/** The part of the API that is used here (TypeScript's DOM library has none of it). */
export interface Characteristic extends EventTarget {
  readonly value?: DataView;
  writeValueWithResponse(bytes: Uint8Array): Promise<void>;
  /** Chromium 85 and later. */
  writeValueWithoutResponse?(bytes: Uint8Array): Promise<void>;
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

export function openBluetoothDevice(
  device: WebBluetoothDevice,
  options?: OpeningOptions,
): Promise<Duplex> {
  return openGatt(device, CARD, options);
}

/** Connects to the device's service, each way a characteristic; every step of it has an end. */
export async function openGatt(
  device: WebBluetoothDevice,
  wanted: GattWays,
  options?: OpeningOptions,
): Promise<Duplex> {
  const { gatt } = device;
  if (!gatt) throw new LinkError("link/unusable", { link: wanted.what });
  const opening = new Opening(device, gatt, wanted.what, options);
  try {
    return await open(device, gatt, wanted, opening);
  } catch (error) {
    opening.drop();
    if (error instanceof LinkError) throw error;
    const detail = (error as Error).message;
    throw new LinkError("link/open", { link: wanted.what, detail }, { cause: error });
  }
}

async function open(
  device: WebBluetoothDevice,
  gatt: NonNullable<WebBluetoothDevice["gatt"]>,
  wanted: GattWays,
  opening: Opening,
): Promise<Duplex> {
  const server = await opening.step("connect", () => gatt.connect());
  const service = await opening.step("services", () => server.getPrimaryService(wanted.service));
  const characteristic = (uuid: string) =>
    opening.step("services", () => service.getCharacteristic(uuid));
  const to = await characteristic(wanted.toBoard);
  const from = await characteristic(wanted.fromBoard);
  const flow = wanted.flow?.();
  const [duplex, feed] = (wanted.flow ? gattDuplex : cardDuplex)({
    write: async (bytes, command) => {
      await flow?.ready();
      if (!opening.isCurrent) throw new LinkError("link/closed", { link: wanted.what });
      if (command && to.writeValueWithoutResponse) await to.writeValueWithoutResponse(bytes);
      else await to.writeValueWithResponse(bytes);
    },
    close: () => opening.drop(),
  });
  const changed = () => {
    const { value } = from;
    if (!value || !opening.isCurrent) return;
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
    feed.data(flow ? flow.take(bytes) : bytes);
  };
  const lost = () => {
    from.removeEventListener("characteristicvaluechanged", changed);
    flow?.end();
    feed.closed();
  };
  from.addEventListener("characteristicvaluechanged", changed);
  device.addEventListener("gattserverdisconnected", lost, { once: true });
  try {
    await opening.step("subscribe", () => from.startNotifications());
  } catch (error) {
    device.removeEventListener("gattserverdisconnected", lost);
    lost();
    throw error;
  }
  return duplex;
}
