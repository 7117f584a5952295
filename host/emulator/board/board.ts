/**
 * What every kind of board offers to those who hold it: its power, its button, its link and what
 * its flash holds. Kinds: virtual.ts (the bundle in an emulated Espruino), interpreter/ (the real
 * interpreter on this machine).
 *
 * A virtual board does at once what others take time for: wait for what these calls return.
 */

import type { Duplex } from "../../sdk/links/link.js";
import type { CutMode, CutOptions } from "../flash/nor.js";

/** Bits a second on a serial line, as they are set now; undefined: whatever the other side has. */
export type Rate = () => number | undefined;

export interface Board {
  readonly on: boolean;
  readonly hasButton: boolean;
  /** How often its power came. */
  readonly powerOns: number;
  powerOn(): void | Promise<void>;
  powerOff(): void | Promise<void>;
  /** The button, until `release`. Throws when there is none. */
  press(): void;
  release(): void;
  /**
   * The link's bytes. It stays open, and silent, while the power is off. One user at a time. Where
   * the board has a UART that is executed, `rate` is the user's; without it the card's own.
   */
  duplex(rate?: Rate): Duplex | Promise<Duplex>;
  /**
   * Told of power on (true) and off (false), for whatever reason. Returns a function that ends it.
   */
  onPower(listener: (on: boolean) => void): () => void;
  /** A copy of the flash's cells. */
  dump(): Uint8Array;
  status(): BoardStatus;
}

/** For machines, as JSON. */
export interface BoardStatus {
  readonly power: "on" | "off";
  readonly button: boolean;
}

/** A board whose flash and time are emulated, so that both can be steered. */
export interface SteerableBoard extends Board {
  /** Cuts the power at the n-th flash operation from now. */
  cut(n: number, mode?: CutMode, options?: CutOptions): void;
  /** Cuts it so many microseconds from now, where time is executed that finely. */
  cutAfterMicroseconds?(n: number): void;
  /** Lets time pass, in seconds. */
  advance(seconds: number): void;
}

export const isSteerable = (board: Board): board is SteerableBoard =>
  "cut" in board && "advance" in board;
