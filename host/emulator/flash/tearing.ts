/**
 * What is left in flash cells when the power goes while they are being changed.
 *
 * The model is wider than what one chip does: in a torn word each bit that was to fall has either
 * fallen, or not, or is weak (reads as 0 or 1 by chance until it is programmed or erased); in a
 * torn page erase each word is old, erased, or has some of its bits risen, some of them weak.
 */

import type { Seeded } from "../seeded.js";

export interface Torn {
  /** What the word now holds; a weak bit counts as 1 here. */
  readonly word: number;
  readonly weak: number;
}

/**
 * A word torn while it went from `old` towards `old & data`: anything between a few weak bits (the
 * pulse had just begun; it mostly reads as if nothing was written) and all but a few fallen (it
 * mostly reads as if all was). The ends matter: there a word may read as either of two good values.
 */
export function tearWrite(old: number, data: number, random: Seeded): Torn {
  const falling = old & ~data;
  const few = falling & random.next32() & random.next32() & random.next32();
  const half = falling & random.next32();
  switch (random.below(3)) {
    case 0:
      return { word: old, weak: few };
    case 1:
      return { word: old & ~(falling & ~few), weak: few };
    default:
      return { word: old & ~half, weak: falling & ~half & random.next32() };
  }
}

/** A word of a page whose erase was torn. `progress` 0..255: how far the erase got. */
export function tearErase({ word: old, weak: was }: Torn, progress: number, random: Seeded): Torn {
  const fate = random.below(256);
  if (fate > 255 - ((255 - progress) >> 1)) return { word: old, weak: was };
  if (fate < progress >> 1) return { word: 0xffffffff, weak: 0 };
  const risen = ~old & random.next32();
  const weak = risen & random.next32();
  return { word: old | risen, weak };
}
