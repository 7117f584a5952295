/** Times of ISO 14443-3 type A at 106 kbit/s, in cycles of the processor. */

import { HZ } from "../base/time.js";

/** One period of the field. */
export const CARRIER = HZ / 13_560_000;
const BIT = 128 * CARRIER;
const CRC = 2;

/** A standard frame: start, eight bits and parity a byte, CRC, end. */
export function frameTime(bytes: number, crc = true): number {
  return ((bytes + (crc ? CRC : 0)) * 9 + 2) * BIT;
}
/** A short frame of some bits: ACK and NAK. */
export function shortTime(bits: number): number {
  return (bits + 2) * BIT;
}
/** REQA, two cascade levels of anticollision and SELECT, with the reader's pauses. */
export const SELECTION = 3.2 * (HZ / 1000);
