/** What a person is told while a card waits for its button: what to do, then a countdown. */

import type { Gesture, OnGesture } from "../../../sdk/card/gesture.js";
import type { Output } from "../output.js";

/**
 * One line when it begins, one for each second that the button is held. `what` says what to do, for
 * how long, within what time.
 */
export function tellGesture(out: Output, what: readonly string[] = HOLD): OnGesture {
  let before: Gesture | undefined;
  return (asked) => {
    const { hold, left } = asked;
    out.heard();
    if (!before || left > before.left) {
      const time = `for ${hold} s, within ${left} s.`;
      for (const [index, line] of what.entries()) {
        out.say(index === what.length - 1 ? `  ${line} ${time}` : `  ${line}`);
      }
    } else if (hold < before.hold) {
      out.say(`  Held: ${hold} s more`);
    } else if (hold > before.hold) {
      out.say(`  Released too early: hold it for ${hold} s, within ${left} s.`);
    }
    before = asked;
  };
}
const HOLD = ["Release the card's button, then hold it"];

/** On-card consent: what the user compares, and what to do when it is not the same. */
export const COMPARE = [
  "Look at the two boards: red once, green twice, blue three times, eight of these in each round.",
  "Only if BOTH blink the same: release the source's button, then hold it",
];
export const DIFFERENT =
  "If they differ, do not press: something stands between them. Nothing was given away.";
