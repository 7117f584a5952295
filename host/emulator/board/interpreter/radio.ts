/**
 * The host's side of the radio that a Linux interpreter has in place of its serial port (shim.ts):
 * each packet behind a byte that says how long it is.
 */

import { concat } from "../../../sdk/crypto/bytes.js";
import { cardDuplex } from "../../../sdk/links/ble/gatt.js";
import type { Duplex } from "../../../sdk/links/link.js";

/** What ATT takes of a packet. */
const ATT_HEADER = 3;

/** How many packets went to the card, and came from it. */
export interface PacketCounts {
  in: number;
  out: number;
}

/** `size`: bytes of one packet. */
export function radioDuplex(serial: Duplex, size: number, counts: PacketCounts): Duplex {
  const [duplex, feed] = cardDuplex({
    write: async (packet) => {
      counts.in++;
      await serial.write(concat(Uint8Array.of(packet.length), packet));
    },
    mtu: () => size + ATT_HEADER,
    close: () => serial.close(),
  });
  let came: Uint8Array = new Uint8Array(0);
  serial.onData((bytes) => {
    came = concat(came, bytes);
    for (let length = came[0]; length !== undefined && came.length > length; length = came[0]) {
      counts.out++;
      feed.data(came.slice(1, length + 1));
      came = came.slice(length + 1);
    }
  });
  serial.onClose(feed.closed);
  return duplex;
}
