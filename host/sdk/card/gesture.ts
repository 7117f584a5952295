/**
 * A physical act on the card's button, docs/protocol.md 6: the card arms what it was asked for and
 * answers PRESENCE until its button was released and then held long enough; the same command is
 * asked again until then. Browser-safe.
 */

import { deadline } from "../links/clock.js";
import { CONSENT, GESTURE } from "../wire/generated.js";
import { isCardError } from "./words.js";

/** What the card waits for, in whole seconds. */
export interface Gesture {
  /** How long the button must still be held; at first, all of it. */
  readonly hold: number;
  /** Until the card forgets what it was asked for. */
  readonly left: number;
}
export type OnGesture = (asked: Gesture) => void;

const POLL_MS = 500;
/** A card that keeps counting anew is not asked for ever. */
const MOST_MS = (Math.max(GESTURE.WITHIN_S, CONSENT.RUN_S) + 5) * 1000;

/**
 * Runs `act` until the card carries it out. Throws what `act` throws; CardError PRESENCE when
 * nobody held the button in time. With nobody to tell (`onGesture`), it is asked but once.
 */
export async function withGesture<T>(act: () => Promise<T>, onGesture?: OnGesture): Promise<T> {
  const isOver = deadline(MOST_MS);
  let last = Infinity;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!onGesture || !isCardError(error, "PRESENCE")) throw error;
      const { hold, left } = error.facts;
      // More time left than before: the card has forgotten, and begins anew.
      const late = left === undefined || left > last || isOver();
      if (hold === undefined || late) throw error;
      last = left;
      onGesture({ hold, left });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
