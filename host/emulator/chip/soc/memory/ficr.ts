/**
 * FICR and UICR (nRF52832 Product Specification v1.4, chapters FICR, UICR), and the debug
 * component's ID words by which the start-up code tells the revisions apart.
 *
 * What differs between chips comes from its seed: DEVICEID, DEVICEADDR, the NFC tag's UID.
 */

import { Seeded } from "../../../seeded.js";
import { Words } from "./words.js";

export interface Identity {
  /** Two words, 64 bits. */
  readonly deviceId: readonly [number, number];
  /** The random static address as stored: two words, the upper 16 bits unused. */
  readonly address: readonly [number, number];
  /** MFGID, then six bytes: the NFC tag's UID. */
  readonly uid: Uint8Array;
}

/** NXP's 0x04 is somebody else's: Nordic's manufacturer number is 0x5f. */
const NORDIC = 0x5f;

export function identity(seed: number | string): Identity {
  const random = new Seeded(`chip ${seed}`);
  const word = () => random.next32() >>> 0;
  const uid = Uint8Array.of(NORDIC, ...Array.from({ length: 6 }, () => random.below(256)));
  return { deviceId: [word(), word()], address: [word(), 0xffff0000 | (word() & 0xffff)], uid };
}

const PAGE = 4096;
const PAGES = 128;

export function ficr({ deviceId, address, uid }: Identity): Words {
  const [m = 0, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = uid;
  const le = (...bytes: number[]) =>
    bytes.reduce((all, byte, i) => all | (byte << (8 * i)), 0) >>> 0;
  return new Words("FICR", 0x1000, {
    0x010: PAGE,
    0x014: PAGES,
    0x060: deviceId[0],
    0x064: deviceId[1],
    // 1 = a random static address.
    0x0a0: 0xffffffff,
    0x0a4: address[0],
    0x0a8: address[1],
    0x100: 0x52832,
    0x104: 0x41414530,
    0x108: 0x2000,
    0x10c: 64,
    0x110: 512,
    // The temperature sensor's line (A0..5, B0..5, T0..4): a typical chip's.
    ...Object.fromEntries(
      [0x320, 0x343, 0x35d, 0x400, 0x452, 0x37b].map((v, i) => [0x404 + 4 * i, v]),
    ),
    ...Object.fromEntries(
      [0x3fcc, 0x3f98, 0x3f98, 0x12, 0x6a, 0x3dd0].map((v, i) => [0x41c + 4 * i, v]),
    ),
    ...Object.fromEntries([0xe2, 0, 0x14, 0x19, 0x50].map((v, i) => [0x434 + 4 * i, v])),
    0x450: le(m, a, b, 0xff),
    0x454: le(c, d, e, f),
  });
}

/** A board's own configuration: boot loader and its settings' page, NFC pins for NFC. */
export function uicr(): Words {
  return new Words("UICR", 0x1000, { 0x014: 0x78000, 0x018: 0x7e000 });
}

/** Part 006, revision 0x50. */
export function debugIds(): Words {
  return new Words("debug IDs", 0x20, { 0x00: 6, 0x04: 0, 0x08: 0x50 }, 0);
}
