/**
 * What a board's LEDs did lately, for who asks now and then: a flash of 0.2 s is not missed, however
 * busy the machine is on which both run.
 */
import type { Board } from "./board.js";
import type { Lit } from "./virtual-options.js";

/** Each change: what is lit from then on, and when by the board's time, in seconds. */
export type Blink = readonly [lit: readonly string[], seconds: number];

/** Some rounds of eight digits (docs/protocol.md 14). */
const MOST = 300;

interface Lamps {
  onLit(listener: (lit: Lit) => void): () => void;
}
const hasLamps = (board: Board): board is Board & Lamps => "onLit" in board;

/** Remembers from now on. Undefined for a board whose LEDs nobody can see from here. */
export function watchBlinks(board: Board): readonly Blink[] | undefined {
  if (!hasLamps(board)) return undefined;
  const blinks: Blink[] = [];
  board.onLit(({ leds, seconds }) => {
    const time = Math.round(1000 * seconds) / 1000;
    blinks.push([Object.keys(leds).filter((name) => leds[name]), time]);
    if (blinks.length > MOST) blinks.shift();
  });
  return blinks;
}
