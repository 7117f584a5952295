/** What NFC frames cost the card, as checked in: `npm run bench -- --only nfc --write`. */

import type { FrameCosts, FrameKind } from "../../../emulator/air/reader.js";
import { checkedIn } from "../figures.js";

const KINDS: readonly FrameKind[] = ["READ", "FAST_READ", "WRITE", "LONG_WRITE", "NAK"];

/** Thumb-2 instructions. Throws where one is not checked in. */
export function frameCosts(): FrameCosts {
  const known = checkedIn();
  const of = (name: string): number => {
    const count = known[`nfc.${name}`];
    if (count === undefined) throw new Error(`figures.json has no nfc.${name}`);
    return count;
  };
  const frames = Object.fromEntries(KINDS.map((kind) => [kind, of(`frame.${kind}`)]));
  return { frames: frames as Record<FrameKind, number>, rest: { GO: of("rest.GO") } };
}
