/** Whoever holds the card: its button, released first, then held for as long as the card says. */
import type { CardSession } from "../../sdk/card/session.js";

export interface Hand {
  button(held: boolean): void | Promise<void>;
  /** Lets seconds pass, where time is emulated. */
  time?(seconds: number): void | Promise<void>;
}

/** Runs `act`, making the gesture that it asks for. */
export async function withHand<T>(
  session: CardSession,
  hand: Hand,
  act: () => Promise<T>,
): Promise<T> {
  let asked = 0;
  session.onGesture = ({ hold }) => {
    // The first time the card has yet to see that the button is up.
    if (++asked === 1) void hand.time?.(0.2);
    if (asked !== 2) return;
    void hand.button(true);
    void hand.time?.(hold + 0.3);
  };
  try {
    return await act();
  } finally {
    session.onGesture = undefined;
    if (asked > 1) await hand.button(false);
  }
}
