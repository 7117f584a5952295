/** Small things that every screen says or does. */

import { button } from "../controls/dom.js";

export const go = (hash: string) => void (location.hash = hash);
export const homeButton = () => button("Back to the start", () => go("#/"));

export function seconds(ms: number): string {
  const whole = Math.max(1, Math.round(ms / 1000));
  return whole === 1 ? "1 second" : `${whole} seconds`;
}
