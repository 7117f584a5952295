/**
 * Bluetooth and NFC of emulated boards in place of this machine's, for one run of the program:
 *
 *   KINCARD_BLE=tcp:HOST:PORT,...   airs that `kincard virtual --ble` serves
 *   KINCARD_NFC=tcp:HOST:PORT,...   coils that `kincard virtual --nfc` serves
 *
 * Then every `ble:` and `pcsc:` link leads there, and to nothing else.
 */

import { replaceBle } from "../../../sdk/links/ble/package.js";
import { replacePcsc } from "../../../sdk/links/pcsc/package.js";
import { EmulatedRadio } from "../../../emulator/reach/radio.js";
import { emulatedReaders } from "../../../emulator/reach/reader.js";
import { usageError } from "../failure.js";

const places = (list: string | undefined): string[] =>
  (list ?? "").split(",").flatMap((uri) => uri.trim() || []);

function named<T>(variable: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw usageError(`${variable}: ${(error as Error).message}`);
  }
}

export function useEmulated({ KINCARD_BLE, KINCARD_NFC }: NodeJS.ProcessEnv): void {
  const [airs, coils] = [places(KINCARD_BLE), places(KINCARD_NFC)];
  if (airs.length) {
    const radio = named("KINCARD_BLE", () => new EmulatedRadio(airs));
    replaceBle(async () => radio);
  }
  if (coils.length) {
    const readers = named("KINCARD_NFC", () => emulatedReaders(coils));
    replacePcsc(readers);
  }
}
