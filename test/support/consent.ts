/**
 * Cards with on-card consent (docs/protocol.md section 14), an honest relay's four messages, and a
 * person who looks at a board's lights and counts flashes.
 */
import { OPTIONS, STATUS_WORDS, SUITE } from "../../host/sdk/wire/generated.js";
import { commitment, digitsOf as digitsOfHash, patternHash } from "../vectors/consent.js";
import { H, type Bytes } from "../vectors/suite.js";

import { TestCard, must } from "./world.js";
import type { TestBoard } from "./boards.js";

export { commitment };
export const CONSENTING = SUITE | OPTIONS.CONSENT;

/** Eight digits of 0..2. */
export const digitsOf = (ns: Bytes, hOffer: Bytes, nd: Bytes): number[] =>
  digitsOfHash(patternHash(ns, hOffer, nd));

/** A certified card whose maker gave it the option, with a wallet key. */
export function consenting(name: string, options?: TestBoard): TestCard {
  return new TestCard(name, options).certify(undefined, CONSENTING).activate();
}

/** What a person writes down: after each pause, which colour flashed and how often. */
export interface Seen {
  readonly lamp: string;
  readonly flashes: number;
}
/** A board of whatever kind, at which somebody looks. */
interface Blinking {
  readonly time: number;
  readonly leds: Readonly<Record<string, boolean>>;
  advance(seconds: number): void;
}
/** Looks at a board for a whole round from its longest pause on; [] when it stays dark. */
export function look(board: Blinking): Seen[] {
  const seen: Seen[] = [];
  const start = board.time;
  let [litUntil, rounds, last] = [start, 0, ""];
  while (board.time < start + 40 && rounds < 2) {
    // Its clock may go further, to its next timer.
    board.advance(0.05);
    const lit = Object.keys(board.leds)
      .filter((name) => board.leds[name])
      .join("+");
    if (lit && !last) {
      const dark = board.time - litUntil;
      if (dark > 1 && litUntil > start) rounds++;
      if (rounds === 1) {
        const newest = seen.at(-1);
        if (dark < 0.5 && newest?.lamp === lit) {
          seen[seen.length - 1] = { lamp: lit, flashes: newest.flashes + 1 };
        } else seen.push({ lamp: lit, flashes: 1 });
      }
    }
    if (lit) litUntil = board.time;
    last = lit;
  }
  return seen;
}
export const LAMPS = ["LED1", "LED2", "LED3"];
/** What a board with three lights shows of these digits. */
export const shown = (digits: readonly number[], lamps: readonly string[] = LAMPS): Seen[] =>
  digits.map((digit) => ({ lamp: lamps[digit]!, flashes: digit + 1 }));

export interface Run {
  readonly offer: Bytes;
  readonly c: Bytes;
  readonly nd: Bytes;
  readonly ns: Bytes;
}
/** The four messages by an honest relay; the source has the code, its destination is named. */
export function runBetween(source: TestCard, destination: TestCard, offer: Bytes): Run {
  const c = must("c", source.secure("CONSENT", H(offer), 0));
  const nd = must("N_D", destination.secure("CONSENT", c, 0));
  const ns = must("N_S", source.secure("CONSENT", nd, 1));
  must("opened", destination.secure("CONSENT", ns, 1));
  return { offer, c, nd, ns };
}
/** Past the ten seconds after power-up, in which no run begins; channels are opened after it. */
export function settle(...cards: TestCard[]): void {
  for (const card of cards) card.board.advance(11);
}
/** The word by its name, for messages of tests. */
export const word = (sw: number): string =>
  Object.entries(STATUS_WORDS).find(([, { value }]) => value === sw)?.[0] ?? sw.toString(16);
