/**
 * The frame of docs/protocol.md 9, seq || APDU || CRC32, and the line that a wire carries it in:
 * base64(frame) LF. Browser-safe.
 *
 * Reading is noise tolerant: flow-control bytes that a console mixes in (XON, XOFF) and CR are
 * dropped, whatever stands before the last run of base64 characters is skipped, and a line that
 * still is not a good frame is silence. The CRC finds noise, not attackers.
 */

import { concat, equal, uint32 } from "../../crypto/bytes.js";
import { LIMITS } from "../../wire/generated.js";
import { crc32 } from "./crc32.js";

/** Longest line without its LF; both sides ignore a longer one. */
export const LINE_MOST = LIMITS.LINE;
/** Bytes of the longest APDU that fits a line. */
export const APDU_MOST = LIMITS.FRAME - 5;
/** Bytes of the longest frame. */
export const FRAME_MOST = LIMITS.FRAME;
const LF = 10;
const CR = 13;
const XON = 17;
const XOFF = 19;

export interface Frame {
  readonly seq: number;
  readonly apdu: Uint8Array;
}

/** As it is, where a link carries whole frames. */
export function encodeRaw({ seq, apdu }: Frame): Uint8Array {
  const body = concat(Uint8Array.of(seq), apdu);
  return concat(body, uint32(crc32(body)));
}
/** The line, with its LF. */
export function encodeFrame(frame: Frame): Uint8Array {
  return new TextEncoder().encode(btoa(String.fromCharCode(...encodeRaw(frame))) + "\n");
}
/** Undefined for what is no good frame. */
export function decodeRaw(framed: Uint8Array): Frame | undefined {
  if (framed.length < 5) return undefined;
  const body = framed.slice(0, -4);
  if (!equal(uint32(crc32(body)), framed.subarray(framed.length - 4))) return undefined;
  return { seq: body[0] as number, apdu: body.slice(1) };
}

/** The frame on a line (without LF), or undefined for anything else. */
export function decodeFrame(line: string): Frame | undefined {
  // cut first: looked for from each place of a long line the run would cost its square
  const text = /[A-Za-z0-9+/]+={0,2}$/.exec(line.slice(-LINE_MOST - 1))?.[0];
  if (!text || text.length % 4 || text.length > LINE_MOST) return undefined;
  const decoded = atob(text);
  // One line for these bytes (RFC 4648 3.5): no bits left over before the padding.
  if (btoa(decoded) !== text) return undefined;
  return decodeRaw(Uint8Array.from(decoded, (c) => c.charCodeAt(0)));
}

/** Cuts a byte stream into lines; a line that grows too long is dropped up to its LF. */
export class LineSplitter {
  #line = "";
  #tooLong = false;

  /** The lines that these bytes complete. */
  push(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    for (const byte of bytes) {
      if (byte === LF) {
        if (!this.#tooLong) lines.push(this.#line);
        this.#line = "";
        this.#tooLong = false;
      } else if (byte !== CR && byte !== XON && byte !== XOFF && !this.#tooLong) {
        this.#line += String.fromCharCode(byte);
        // Twice the limit: noise may stand before a good frame.
        this.#tooLong = this.#line.length > 2 * LINE_MOST;
        if (this.#tooLong) this.#line = "";
      }
    }
    return lines;
  }
}
