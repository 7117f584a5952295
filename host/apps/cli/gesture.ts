/** What a person is told while a card waits for its button: what to do, then a countdown. */

import type { Gesture, OnGesture } from "../../sdk/card/gesture.js";
import type { Output } from "./output.js";

/** One line when it begins, one for each second that the button is held. */
export function tellGesture(out: Output): OnGesture {
  let before: Gesture | undefined;
  return (asked) => {
    const { hold, left } = asked;
    out.heard();
    if (!before || left > before.left) {
      out.say(`  Release the card's button, then hold it for ${hold} s, within ${left} s.`);
    } else if (hold < before.hold) {
      out.say(`  Held: ${hold} s more`);
    } else if (hold > before.hold) {
      out.say(`  Released too early: hold it for ${hold} s, within ${left} s.`);
    }
    before = asked;
  };
}
