/** Whole backups through mailboxes, one reader, cards held to it in turn. */
import assert from "node:assert/strict";
import { run } from "../host/relay/cards.js";
import { needsBundle } from "../host/support.js";
import { cardsOff, tapped } from "./cards.js";
import { FAMILIES } from "./reader.js";
import { PART, some } from "../support/full.js";

describe("nfc: backups by taps", function () {
  needsBundle(this);
  const sets = [
    [2, "S D1 S D1 S"],
    [3, "S D1 D2 S D1 D2 S"],
  ] as const;
  for (const family of FAMILIES)
    for (const [size, order] of some(family, sets, 1))
      it(`${size} cards on a ${family} reader: ${order}${PART}`, async () => {
        const cards = await cardsOff(size, `nfc ${family} ${size}`);
        const taps: string[] = [];
        const result = await run(cards, { present: tapped(cards, family, taps) });
        assert.equal(result.complete, true);
        assert.equal(taps.join(" "), order);
      });
});
