/**
 * Byte links over a GATT service (docs/protocol.md 9.1), whoever's Bluetooth carries them: the
 * page's or Node's. Browser-safe.
 *
 * To a card each frame goes in packets that begin with how many are to come; of an answer's packets
 * every so many are acknowledged, so that the card's radio never has more than its queue holds. Each
 * packet has what the connection is known to carry, its MTU less 3 (Core 5.4 Vol 3 Part F 3.4); where
 * the platform does not say, one long packet is tried: a card refuses long writes. The card learns
 * from the length of what it takes how much it may send at a time.
 */

import { concat } from "../../crypto/bytes.js";
import { GATT_BYTES, PACKET } from "../../wire/generated.js";
import { makeDuplex, type Feed } from "../line/feed.js";
import { FRAME_MOST } from "../line/line.js";
import type { Duplex } from "../link.js";

const ATT_HEADER = 3;
/**
 * Before a frame is sent again: below ATT the radio repeats what is lost, and a slow connection
 * takes seconds for the longest answer.
 */
const RESEND_MS = 8000;

export interface GattEnds {
  /**
   * Writes one packet; resolves when the other side has it, or with `command`, when the next may be
   * written: a write without response, where the platform has it.
   */
  write(bytes: Uint8Array, command: boolean): Promise<void>;
  /** The connection's MTU, once the platform knows and says it. */
  mtu?(): number | null | undefined;
  close(): void | Promise<void>;
}

/** One write at a time, or a browser refuses; a failed one does not block the next. */
function inTurn<T extends unknown[]>(write: (...what: T) => Promise<void>): typeof write {
  let queue: Promise<void> = Promise.resolve();
  return (...what) => {
    const sent = queue.then(() => write(...what));
    queue = sent.catch(() => undefined);
    return sent;
  };
}

/** Bytes as they come, as the interpreter's own service has them: 20 at a time. */
export function gattDuplex({ write, close }: GattEnds): [Duplex, Feed] {
  const inParts = async (bytes: Uint8Array) => {
    const size = GATT_BYTES.LEAST;
    for (let at = 0; at < bytes.length; at += size) await write(bytes.slice(at, at + size), false);
  };
  return makeDuplex({ write: inTurn(inParts), close, resendMs: RESEND_MS });
}

/** A frame in packets of at most `size` bytes. */
export function packets(frame: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(frame.length / (size - 1));
  return Array.from({ length: count }, (_, index) => {
    const head = count - 1 - index + (index === 0 ? PACKET.FIRST : 0);
    const at = index * (size - 1);
    return concat(Uint8Array.of(head), frame.subarray(at, at + size - 1));
  });
}

/** Puts frames together again; a packet that is not the next one due ends what was begun. */
export class Packets {
  #parts: Uint8Array[] = [];
  #due = -1;

  /** The frame that this packet completes. */
  push(packet: Uint8Array): Uint8Array | undefined {
    const head = packet[0] ?? PACKET.GO_ON;
    if (head >= PACKET.FIRST) {
      this.#parts = [];
      this.#due = head - PACKET.FIRST;
    } else if (head !== this.#due) this.#due = -1;
    if (this.#due < 0) return undefined;
    this.#parts.push(packet.slice(1));
    const length = this.#parts.reduce((sum, part) => sum + part.length, 0);
    if (this.#due-- > 0 && length <= FRAME_MOST) return undefined;
    this.#due = -1;
    return length <= FRAME_MOST ? concat(...this.#parts) : undefined;
  }
  /** Whether the other side waits for word, after this many packets of the frame. */
  get windowIsFull(): boolean {
    return this.#due >= 0 && this.#parts.length % PACKET.WINDOW === 0;
  }
}

/** The link to a card: whole frames each way. */
export function cardDuplex({ write: each, mtu, close }: GattEnds): [Duplex, Feed] {
  // GO ON goes between the packets of a frame, too.
  const write = inTurn(each);
  let size: number | undefined;
  const carried = () => {
    const known = (mtu?.() ?? 0) - ATT_HEADER;
    return Math.min(GATT_BYTES.MOST, Math.max(GATT_BYTES.LEAST, known));
  };
  /** A long packet that asks for nothing tells the card; where nobody knows what fits, us too. */
  const tried = async () => {
    const known = mtu?.() ? carried() : undefined;
    const packet = new Uint8Array(known ?? GATT_BYTES.TRIED);
    packet[0] = PACKET.GO_ON;
    const taken = write(packet, known !== undefined).then(() => packet.length);
    return taken.catch(() => GATT_BYTES.LEAST);
  };
  const inPackets = async (frame: Uint8Array) => {
    size ??= await tried();
    const all = packets(frame, size);
    for (const [index, packet] of all.entries()) {
      // So many without word; the last one's word is the answer.
      const more = index < all.length - 1;
      await write(packet, !more || (index + 1) % PACKET.WINDOW !== 0);
    }
  };
  const send = inTurn(inPackets);
  const [duplex, feed] = makeDuplex({ frames: "whole", write: send, close, resendMs: RESEND_MS });
  const came = new Packets();
  const data = (packet: Uint8Array) => {
    const frame = came.push(packet);
    if (frame) feed.data(frame);
    // A link that can't be written any more says so itself.
    else if (came.windowIsFull) write(Uint8Array.of(PACKET.GO_ON), true).catch(() => undefined);
  };
  return [duplex, { ...feed, data }];
}
