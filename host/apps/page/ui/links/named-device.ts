/** Web Bluetooth's chooser for the one card whose digits a tap told (web-nfc.ts). */

import { GATT } from "../../../../sdk/wire/generated.js";
import { chooserError } from "./duplex.js";
import type { WebBluetoothDevice } from "./web-bluetooth.js";

interface Chooser {
  requestDevice(options: {
    filters: { name: string }[];
    optionalServices: string[];
  }): Promise<WebBluetoothDevice>;
}

/** As the card advertises itself. */
export const airName = (digits: string) => `Kincard ${digits}`;

/** Shows the browser's chooser; needs a click or a key press. */
export async function chooseNamedDevice(digits: string): Promise<WebBluetoothDevice> {
  const { bluetooth } = navigator as Navigator & { bluetooth: Chooser };
  const names = [airName(digits), airName(digits.toUpperCase())];
  try {
    return await bluetooth.requestDevice({
      filters: [...new Set(names)].map((name) => ({ name })),
      optionalServices: [GATT.SERVICE],
    });
  } catch (error) {
    throw chooserError(error, "Bluetooth");
  }
}
