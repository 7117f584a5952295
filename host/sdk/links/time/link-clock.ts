/**
 * The clock that a host's waits for a card run on. It is the machine's, unless the card is emulated
 * in time of its own: then a busy machine must not look like a silent card. Browser-safe.
 */

import { now } from "../clock.js";

export interface LinkClock {
  /** Milliseconds from some moment on. */
  now(): number;
  /** Calls back once, later; returns how to call that off. */
  after(milliseconds: number, act: () => void): () => void;
}

export const MACHINE: LinkClock = {
  now,
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
};
