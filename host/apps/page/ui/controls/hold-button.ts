/**
 * A virtual card's button: down for as long as it is pressed here, with a finger, a mouse or the
 * space bar.
 */

import type { CardLink } from "../cards/deck.js";
import { h } from "./dom.js";

/** Nothing for a real card. */
export function holdButton({ name, press }: CardLink): HTMLElement | undefined {
  if (!press) return undefined;
  const set = (down: boolean) => {
    made.classList.toggle("held-down", down);
    press(down);
  };
  const key = (down: boolean) => (event: Event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== " ") return;
    event.preventDefault();
    if (!event.repeat) set(down);
  };
  const made = h(
    "button",
    {
      ...{ type: "button", class: "main hold-button" },
      pointerdown: (event) => {
        made.setPointerCapture((event as PointerEvent).pointerId);
        set(true);
      },
      ...{ pointerup: () => set(false), pointercancel: () => set(false), blur: () => set(false) },
      ...{ keydown: key(true), keyup: key(false), contextmenu: (event) => event.preventDefault() },
    },
    `Hold ${name}'s button`,
  );
  return made;
}
