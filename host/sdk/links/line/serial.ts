/**
 * Byte links over a serial port (USB boards). Node only; the `serialport` package is loaded when
 * the first port is opened.
 *
 * Modem lines are a courtesy: pseudo terminals and some adapters have none (ENOTTY), which is fine.
 */

import { LinkError } from "../link.js";
import type { Duplex } from "../link.js";

export async function openSerial(path: string, baudRate: number): Promise<Duplex> {
  const { SerialPort } = await import("serialport").catch((error: unknown) => {
    throw new LinkError("link/package-missing", { package: "serialport" }, { cause: error });
  });
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (!error) return resolve();
      reject(explain(`serial:${path}`, error));
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

/** The package has no codes of its own: the system's words are all there is. */
function explain(link: string, cause: Error): LinkError {
  const { message } = cause;
  if (/no such file|cannot find/i.test(message))
    return new LinkError("link/no-port", { link }, { cause });
  if (/permission|access denied/i.test(message))
    return new LinkError("link/no-permission", { link }, { cause });
  if (/lock|busy/i.test(message)) return new LinkError("link/in-use", { link }, { cause });
  return new LinkError("link/open", { link, detail: message }, { cause });
}
