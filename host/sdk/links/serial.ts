/**
 * Byte links over a serial port (USB boards). Node only; the `serialport` package is loaded when
 * the first port is opened.
 *
 * Modem lines are a courtesy: pseudo terminals and some adapters have none (ENOTTY), which is fine.
 */

import { LinkError } from "./link.js";
import type { Duplex } from "./link.js";

export async function openSerial(path: string, baudRate: number): Promise<Duplex> {
  const { SerialPort } = await import("serialport").catch((error: unknown) => {
    throw new LinkError("missing", "serial ports need the serialport package", { cause: error });
  });
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (!error) return resolve();
      reject(new LinkError("open", `serial:${path}: ${explain(error)}`, { cause: error }));
    });
  });
  port.set({ dtr: true, rts: true }, () => undefined);
  let failure: Error | undefined;
  port.on("error", (error: Error) => (failure = error));
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        port.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    onData: (listener) => void port.on("data", (data: Uint8Array) => listener(data.slice())),
    onClose: (listener) =>
      void port.once("close", (error?: Error | null) => listener(error ?? failure)),
    close: () =>
      new Promise((resolve) => {
        if (!port.isOpen) return resolve();
        port.close(() => resolve());
      }),
  };
}

function explain(error: Error): string {
  if (/no such file|cannot find/i.test(error.message)) return "no such port";
  if (/permission|access denied/i.test(error.message)) {
    return "no permission to open it (on Linux: be in the group dialout)";
  }
  if (/lock|busy/i.test(error.message)) return "another program has it open";
  return error.message;
}
