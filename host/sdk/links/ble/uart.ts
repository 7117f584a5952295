/**
 * Espruino's console over Bluetooth LE: Nordic's UART service, and its flow control. The board
 * sends XOFF (0x13) among its bytes when its input is 70 % full and XON (0x11) at 30 %; neither is
 * data. Browser-safe.
 *
 * Source: Espruino 2v29, targets/nrf5x/bluetooth.c and src/jsdevices.c.
 */

import { LinkError } from "../link.js";
import { within } from "../time/waits.js";

export const UART = {
  SERVICE: "6e400001-b5a3-f393-e0a9-e50e24dcca9e",
  TO_BOARD: "6e400002-b5a3-f393-e0a9-e50e24dcca9e",
  FROM_BOARD: "6e400003-b5a3-f393-e0a9-e50e24dcca9e",
} as const;

const XON = 0x11;
const XOFF = 0x13;

export class FlowControl {
  readonly #mostMs: number;
  #stopped = false;
  #waiting: (() => void)[] = [];

  /** `mostMs`: how long the other side may hold up what is sent. */
  constructor(mostMs = 20_000) {
    this.#mostMs = mostMs;
  }

  /** What came in, without the two. */
  take(bytes: Uint8Array): Uint8Array {
    for (const byte of bytes) {
      if (byte === XOFF) this.#stopped = true;
      else if (byte === XON) this.end();
    }
    return bytes.filter((byte) => byte !== XON && byte !== XOFF);
  }

  /** When the next bytes may go out. */
  async ready(): Promise<void> {
    if (!this.#stopped) return;
    const ms = this.#mostMs;
    const late = () => new LinkError("link/held-up", { seconds: ms / 1000 });
    await within(new Promise<void>((resolve) => this.#waiting.push(resolve)), { ms, late });
  }

  /** XON, or the end of the link: nobody must wait for ever. */
  end(): void {
    this.#stopped = false;
    for (const go of this.#waiting.splice(0)) go();
  }
}
