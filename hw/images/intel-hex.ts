/**
 * Intel HEX, what SWD programmers take: 16 bytes a record, extended linear addresses.
 * Source: Intel, Hexadecimal Object File Format Specification, revision A (1988).
 */
import type { Segment } from "./read-intel-hex.js";

const RECORD = 16;
const DATA = 0;
const END = 1;
const LINEAR = 4;

function record(type: number, address: number, data: Uint8Array): string {
  const bytes = [data.length, (address >> 8) & 255, address & 255, type, ...data];
  const sum = bytes.reduce((a, b) => a + b, 0);
  const hex = [...bytes, -sum & 255].map((byte) => byte.toString(16).padStart(2, "0"));
  return `:${hex.join("").toUpperCase()}\r\n`;
}

/** `bytes` from `address` on; erased bytes too, so that what was there goes. `more`: behind it. */
export function intelHex(address: number, bytes: Uint8Array, ...more: Segment[]): string {
  let text = "";
  let high = -1;
  for (const { address: start, bytes: run } of [{ address, bytes }, ...more])
    for (let at = 0; at < run.length; at += RECORD) {
      const here = start + at;
      if (here >>> 16 !== high) {
        high = here >>> 16;
        text += record(LINEAR, 0, Uint8Array.of(high >> 8, high & 255));
      }
      text += record(DATA, here & 0xffff, run.subarray(at, at + RECORD));
    }
  return text + record(END, 0, new Uint8Array(0));
}
