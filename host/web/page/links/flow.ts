/**
 * Software flow control, as Espruino's console has it over Bluetooth: XOFF (0x13) among the bytes that
 * come in means stop, XON (0x11) go on; neither is data. Source: Espruino 2v29,
 * targets/nrf5x/bluetooth.c, and src/jsdevices.c (the input is 70 % full, or 30 % again).
 */

import { LinkError } from "../../../links/link.js";

const XON = 0x11;
const XOFF = 0x13;

export class FlowControl {
  private stopped = false;
  private waiting: (() => void)[] = [];

  /** `mostMs`: how long the other side may hold up what is sent. */
  constructor(private readonly mostMs = 20_000) {}

  /** What came in, without the two. */
  filter(bytes: Uint8Array): Uint8Array {
    for (const byte of bytes) {
      if (byte === XOFF) this.stopped = true;
      else if (byte === XON) this.resume();
    }
    return bytes.filter((byte) => byte !== XON && byte !== XOFF);
  }

  /** When the next bytes may go out. */
  async ready(): Promise<void> {
    if (!this.stopped) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve, reject) => {
      this.waiting.push(resolve);
      const text = `the board takes no more input (for ${this.mostMs / 1000} s)`;
      timer = setTimeout(() => reject(new LinkError("timeout", text)), this.mostMs);
    }).finally(() => clearTimeout(timer));
  }

  /** XON, or the end of the link: nobody must wait for ever. */
  resume(): void {
    this.stopped = false;
    for (const go of this.waiting.splice(0)) go();
  }
}
