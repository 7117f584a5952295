/**
 * The authenticated channel (docs/protocol.md section 5) as pure functions: key schedule, the
 * sealed command and the sealed answer. Used by the vectors and by the tests that drive real cards.
 */
import { H, VERSION_SUITE, byte, cat, hkdf, label, seal, type Bytes } from "./suite.js";

export interface ChannelKeys {
  readonly t1: Bytes;
  /** What t1 is the hash of, and the card signs. */
  readonly transcript: Bytes;
  readonly toCard: Bytes;
  readonly toHost: Bytes;
}
export function helloKeys(z: Bytes, host: Bytes, card: Bytes): { t0: Bytes; khello: Bytes } {
  const t0 = H(label("kincard/hello/1"), VERSION_SUITE, host, card);
  return { t0, khello: hkdf(z, t0, "kincard/khello/1") };
}
export function channelKeys(z: Bytes, cert: Bytes, host: Bytes, card: Bytes): ChannelKeys {
  const transcript = cat(label("kincard/channel/1"), VERSION_SUITE, cert, host, card);
  const t1 = H(transcript);
  const toCard = hkdf(z, t1, "kincard/ktocard/1");
  return { t1, transcript, toCard, toHost: hkdf(z, t1, "kincard/ktohost/1") };
}
/** A 32-bit little-endian counter, then eight zeros. */
export function nonce(count: number): Bytes {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setUint32(0, count, true);
  return bytes;
}
export const channelHeader = (ins: number, p1 = 0): Bytes => byte(0x84, ins, p1, 0);

export function sealCommand(key: Bytes, count: number, head: Bytes, data: Bytes): Bytes {
  return seal(key, nonce(count), head, data);
}
export function sealAnswer(key: Bytes, count: number, head: Bytes, data: Bytes, sw: number): Bytes {
  return seal(key, nonce(count), head, cat(data, byte(sw >> 8, sw & 255)));
}
/** Header, Lc and data of a short APDU. */
export function shortApdu(head: Bytes, data: Bytes): Bytes {
  return data.length ? cat(head, byte(data.length), data) : head;
}
