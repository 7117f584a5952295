/**
 * The byte link over a GATT service (docs/protocol.md 9), whoever's Bluetooth carries it: the
 * page's or Node's. Browser-safe.
 *
 * Each write has what the connection is known to carry, its MTU less 3 (Core 5.4 Vol 3 Part F 3.4):
 * 20 bytes as long as nobody knows, since a card refuses long writes. The card learns from their
 * length how much it may send at a time.
 */

import { GATT_BYTES } from "../wire/generated.js";
import { makeDuplex, type Feed } from "./feed.js";
import type { Duplex } from "./link.js";

const ATT_HEADER = 3;
/**
 * Before a line is sent again: below ATT the radio repeats what is lost, and a slow connection
 * takes seconds for the longest answer (60 ms a packet).
 */
const RESEND_MS = 8000;

export interface GattEnds {
  /** Writes one packet, with response. */
  write(bytes: Uint8Array): Promise<void>;
  /** The connection's MTU, once the platform knows and says it. */
  mtu?(): number | null | undefined;
  close(): void | Promise<void>;
}

/** The link, and where the platform's events are to go. */
export function gattDuplex({ write, mtu, close }: GattEnds): [Duplex, Feed] {
  const most = () => {
    const carried = (mtu?.() ?? 0) - ATT_HEADER;
    return Math.min(GATT_BYTES.MOST, Math.max(GATT_BYTES.LEAST, carried));
  };
  const inParts = async (bytes: Uint8Array) => {
    const size = most();
    for (let at = 0; at < bytes.length; at += size) await write(bytes.slice(at, at + size));
  };
  // One write at a time, or a browser refuses; a failed one must not block the next.
  let queue: Promise<void> = Promise.resolve();
  return makeDuplex({
    write: (bytes) => {
      const sent = queue.then(() => inParts(bytes));
      queue = sent.catch(() => undefined);
      return sent;
    },
    close,
    resendMs: RESEND_MS,
  });
}
