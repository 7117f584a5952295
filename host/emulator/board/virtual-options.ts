/** What a virtual board can be made with, and what it says of itself. */

import type { AirOptions } from "../air/air.js";
import type { RandomSource } from "../entropy.js";
import type { Bundle } from "../espruino/bundle.js";
import type { ClockKind } from "../espruino/clock.js";
import type { KernelFactory } from "../espruino/life.js";
import type { NorFlash } from "../flash/nor.js";
import type { BoardStatus } from "./board.js";

/** Printed by whatever starts one. */
export const WARNING =
  "An emulation of a card, which protects nothing: the flash file holds its keys in the clear.";

/** What a board's LEDs are from this moment on, by their names; none: it has no power. */
export interface Lit {
  readonly leds: Readonly<Record<string, boolean>>;
  /** Since its power-on. */
  readonly seconds: number;
}

export interface BoardOptions {
  /** The bundle, or a path; the build's unless told otherwise. */
  readonly bundle?: Bundle | string;
  readonly flash: NorFlash | string;
  readonly kernel?: KernelFactory;
  readonly random?: RandomSource;
  /** Whether the board has a button (default: yes). */
  readonly button?: boolean;
  /** How many LEDs it has, 0..3 (default: 3, red, green and blue). */
  readonly lights?: number;
  /** Whether a board with Bluetooth has NFC too (default: yes). */
  readonly nfc?: boolean;
  /** "virtual" (default): time stands still but for `advance`; "real": it runs. */
  readonly clock?: ClockKind;
  /** Flash in the address space, as on boards (default), or not, as on Linux. */
  readonly mapped?: boolean;
  /** Bytes in one 'data' event (64 on an nRF52832). */
  readonly chunk?: number;
  /** A virtual clock moves on by up to so many seconds to run timers after each input. */
  readonly settle?: number;
  /** Keeps every buffer that the bundle makes until power-off, for `ram()`: for tests. */
  readonly keepRam?: boolean;
  /** Bluetooth: false for boards without (default: where flash is mapped, as on boards). */
  readonly bluetooth?: AirOptions | false;
}

export interface VirtualStatus extends BoardStatus {
  /** Seconds since power-on. */
  readonly time: number;
  /** The board's light (LED1) is on. */
  readonly light: boolean;
  /** By name: LED1 red, LED2 green, LED3 blue. */
  readonly leds: Readonly<Record<string, boolean>>;
  /** Flash operations since the emulation started. */
  readonly operations: number;
  /** What ended the last run before its time, if anything did. */
  readonly lastEnd: string | null;
  /** The newest error of the bundle. */
  readonly failure: string | null;
  /** SHA-256, in hex. */
  readonly bundle: string;
  readonly kernel: string | null;
}
