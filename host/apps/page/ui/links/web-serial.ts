/**
 * A byte link to a board on a USB cable: Web Serial (WICG, "Serial API"), in Chromium browsers on a
 * computer; on Android where the browser has it.
 *
 * The port is chosen once in the browser's own chooser and may be opened again later without it.
 */

import { BAUD_DEFAULT } from "../../../../sdk/links/registry.js";
import { LinkError } from "../../../../sdk/links/link.js";
import type { Duplex } from "../../../../sdk/links/link.js";
import { makeDuplex } from "../../../../sdk/links/line/feed.js";
import { ended, within } from "../../../../sdk/links/time/waits.js";
import { chooserError } from "./duplex.js";

/** The part of the API that is used here (TypeScript's DOM library has none of it). */
export interface WebSerialPort {
  readonly readable: ReadableStream<Uint8Array> | null;
  readonly writable: WritableStream<Uint8Array> | null;
  open(options: { baudRate: number }): Promise<void>;
  close(): Promise<void>;
  setSignals?(signals: { dataTerminalReady: boolean; requestToSend: boolean }): Promise<void>;
}
interface WebSerial {
  requestPort(): Promise<WebSerialPort>;
  getPorts(): Promise<WebSerialPort[]>;
}

const PORT = "the USB port";
/** A driver's own wait may have no end. */
const OPEN_MS = 15_000;
const api = () => (navigator as Navigator & { serial?: WebSerial }).serial;
export const hasWebSerial = () => api() !== undefined;

/** Ports that the user chose at an earlier visit and that are plugged in. */
export async function knownSerialPorts(): Promise<WebSerialPort[]> {
  return (
    (await api()
      ?.getPorts()
      .catch(() => [])) ?? []
  );
}

/** Shows the browser's chooser; needs a click or a key press. */
export async function chooseSerialPort(): Promise<WebSerialPort> {
  try {
    return await (api() as WebSerial).requestPort();
  } catch (error) {
    throw chooserError(error, "USB");
  }
}

export async function openSerialPort(
  port: WebSerialPort,
  baudRate = BAUD_DEFAULT,
): Promise<Duplex> {
  const opening = port.open({ baudRate });
  const late = () => new LinkError("link/silent", { link: PORT, seconds: OPEN_MS / 1000 });
  try {
    await within(opening, { ms: OPEN_MS, late });
  } catch (error) {
    opening.then(() => port.close()).catch(() => undefined);
    if (error instanceof LinkError) throw error;
    throw new LinkError("link/in-use", { link: PORT }, { cause: error });
  }
  // A courtesy: some adapters have no such lines.
  const signals = { dataTerminalReady: true, requestToSend: true };
  await ended(port.setSignals?.(signals) ?? Promise.resolve());
  if (!port.readable || !port.writable) throw new LinkError("link/unusable", { link: PORT });
  const reader = port.readable.getReader();
  const writer = port.writable.getWriter();
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= shut());
  const shut = async () => {
    await reader.cancel().catch(() => undefined);
    reader.releaseLock();
    // Not `close`, which waits for ever for a board that takes nothing any more.
    await ended(writer.abort());
    writer.releaseLock();
    await ended(port.close());
  };
  const [duplex, feed] = makeDuplex({ write: (bytes) => writer.write(bytes.slice()), close });
  void pump(reader, feed.data).then(feed.closed).then(close);
  return duplex;
}

/** Until the cable is pulled or the port closed; what ended it. */
async function pump(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  data: (bytes: Uint8Array) => void,
): Promise<Error | undefined> {
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return undefined;
      data(value);
    }
  } catch (error) {
    return error as Error;
  }
}
