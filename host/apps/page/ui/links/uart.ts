/**
 * A board's console over Bluetooth LE: Nordic's UART service, which Espruino serves while no card
 * runs on it (Espruino 2v29, targets/nrf5x/bluetooth.c). For flashing; cards have a service of
 * their own.
 */

import { LinkError } from "../../../../sdk/links/link.js";
import { FlowControl, UART } from "../../../../sdk/links/ble/uart.js";
import type { Duplex } from "../../../../sdk/links/link.js";
import { chooserError } from "./duplex.js";
import type { OpeningOptions } from "./gatt-opening.js";
import { openGatt } from "./web-bluetooth.js";
import type { GattWays, WebBluetoothDevice } from "./web-bluetooth.js";

const CONSOLE: GattWays = {
  ...{ service: UART.SERVICE, toBoard: UART.TO_BOARD, fromBoard: UART.FROM_BOARD },
  what: "the board's console",
  flow: () => new FlowControl(),
};

interface Chooser {
  requestDevice(options: {
    filters: ({ services: string[] } | { namePrefix: string })[];
    optionalServices: string[];
  }): Promise<WebBluetoothDevice>;
}

/** Shows the browser's chooser with boards that advertise the service, or one of these names. */
export async function chooseUartDevice(names: readonly string[]): Promise<WebBluetoothDevice> {
  const { bluetooth } = navigator as Navigator & { bluetooth?: Chooser };
  if (!bluetooth) throw new LinkError("link/no-api", { api: "Bluetooth" });
  try {
    return await bluetooth.requestDevice({
      filters: [{ services: [UART.SERVICE] }, ...names.map((namePrefix) => ({ namePrefix }))],
      optionalServices: [UART.SERVICE],
    });
  } catch (error) {
    throw chooserError(error, "Bluetooth");
  }
}

export function openUart(device: WebBluetoothDevice, options?: OpeningOptions): Promise<Duplex> {
  return openGatt(device, CONSOLE, options);
}
