/**
 * A board's console over Bluetooth LE: Nordic's UART service, which Espruino serves while no card runs
 * on it (Espruino 2v29, targets/nrf5x/bluetooth.c). For flashing; cards have a service of their own.
 *
 * A page can't learn the connection's MTU: 20 bytes a write, which every connection carries, one
 * after the other, and none while the board says XOFF.
 */

import { LinkError } from "../../../links/link.js";
import { FlowControl, UART } from "../../../links/espruino-uart.js";
import { makeDuplex } from "../../../links/feed.js";
import type { Duplex } from "../../../links/link.js";
import { chooserError } from "./duplex.js";
import type { Characteristic, WebBluetoothDevice } from "./web-bluetooth.js";

const WRITE_MOST = 20;

interface Chooser {
  requestDevice(options: {
    filters: ({ services: string[] } | { namePrefix: string })[];
    optionalServices: string[];
  }): Promise<WebBluetoothDevice>;
}

/** Shows the browser's chooser with boards that advertise the service, or one of these names. */
export async function chooseUartDevice(names: readonly string[]): Promise<WebBluetoothDevice> {
  const { bluetooth } = navigator as Navigator & { bluetooth?: Chooser };
  if (!bluetooth) throw new LinkError("open", "this browser has no Bluetooth for pages");
  try {
    return await bluetooth.requestDevice({
      filters: [{ services: [UART.SERVICE] }, ...names.map((namePrefix) => ({ namePrefix }))],
      optionalServices: [UART.SERVICE],
    });
  } catch (error) {
    throw chooserError(error, "Bluetooth");
  }
}

export async function openUart(device: WebBluetoothDevice): Promise<Duplex> {
  const { gatt } = device;
  if (!gatt) throw new LinkError("open", "this Bluetooth device offers nothing to talk to");
  try {
    const server = await gatt.connect();
    const service = await server.getPrimaryService(UART.SERVICE);
    const toBoard = await service.getCharacteristic(UART.TO_BOARD);
    const fromBoard = await service.getCharacteristic(UART.FROM_BOARD);
    return await duplexOf(device, toBoard, fromBoard);
  } catch (error) {
    gatt.disconnect();
    const text = `Bluetooth could not reach the board's console: ${(error as Error).message}`;
    throw new LinkError("open", text, { cause: error });
  }
}

async function duplexOf(
  device: WebBluetoothDevice,
  toBoard: Characteristic,
  fromBoard: Characteristic,
) {
  const flow = new FlowControl();
  let lost: Error | undefined;
  let queue: Promise<void> = Promise.resolve();
  const send = async (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; at += WRITE_MOST) {
      await flow.ready();
      if (lost) throw lost;
      await toBoard.writeValueWithResponse(bytes.slice(at, at + WRITE_MOST));
    }
  };
  const [duplex, feed] = makeDuplex({
    // one write at a time, or the browser refuses; a failed one must not block the next
    write: (bytes) => {
      const sent = queue.then(() => send(bytes));
      queue = sent.catch(() => undefined);
      return sent;
    },
    close: () => device.gatt?.disconnect(),
  });
  fromBoard.addEventListener("characteristicvaluechanged", () => {
    const { value } = fromBoard;
    if (!value) return;
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const data = flow.take(bytes);
    if (data.length) feed.data(data.slice());
  });
  const end = () => {
    lost = new Error("Bluetooth lost the board");
    flow.end();
    feed.closed(lost);
  };
  device.addEventListener("gattserverdisconnected", end, { once: true });
  await fromBoard.startNotifications();
  return duplex;
}
