/**
 * An offer has an age after which the app has it dropped (docs/protocol.md 6): its link key would
 * open a TRANSFER that somebody recorded, and nobody seems to need it any more.
 */

import assert from "node:assert/strict";
import { commands, type BackupEvent } from "../../../host/sdk/core.js";
import { OFFER_AGE_H } from "../../../host/sdk/relay/relay.js";
import { LAYOUTS } from "../../../host/sdk/wire/generated.js";
import { needsBundle, type TestCard } from "../support.js";
import { cardsFor, run } from "./cards.js";
import { OpenRun, runUntil } from "./interrupted.js";

const { Offer } = LAYOUTS;
const HOUR_MS = 3_600_000;

/** The number that the card gave the OFFER which the run carries. */
async function counterIn(store: OpenRun): Promise<number> {
  const offer = (await store.load())?.copies[0]?.offer as Uint8Array;
  return new DataView(offer.buffer, offer.byteOffset).getUint32(Offer.COUNTER);
}

describe("a ceremony that is taken up late", function () {
  this.timeout(60_000);
  needsBundle(this);

  for (const [when, hours, counter] of [
    ["before its offer is too old, keeps it", OFFER_AGE_H - 0.1, 1],
    ["after, has it dropped by the button and makes another", OFFER_AGE_H + 0.1, 2],
  ] as const) {
    it(when, async () => {
      const cards = await cardsFor(2, `late ${counter}`);
      const { board } = cards[1] as TestCard;
      const store = new OpenRun();
      await runUntil(cards, commands.SEAL, store, "before");
      assert.equal(await counterIn(store), 1);
      const seen: number[] = [];
      const hold = async ({ type }: BackupEvent) => {
        if (type === "done") seen.push(await counterIn(store).catch(() => 0));
        if (type !== "gesture") return;
        board.advance(0.2);
        board.press();
        board.advance(1.2);
        board.release();
      };
      const later = () => new Date(Date.parse("2026-01-01") + hours * HOUR_MS);
      await store.change(({ copies: [copy] }) => {
        (copy as { offered?: string }).offered = "2026-01-01T00:00:00.000Z";
      });
      const result = await run(cards, {
        ...{ store, now: later, onEvent: (event) => void hold(event) },
        approve: async () => true,
      });
      assert.ok(result.complete && result.copies[0]?.confirmed);
      assert.equal(Math.max(...seen), counter);
    });
  }

  it("with a TRANSFER in hand the card takes that, however old the offer is", async () => {
    const cards = await cardsFor(2, "late transfer");
    const store = new OpenRun();
    await runUntil(cards, commands.ACCEPT, store, "before");
    await store.change(({ copies: [copy] }) => {
      (copy as { offered?: string }).offered = "2020-01-01T00:00:00.000Z";
    });
    assert.ok((await run(cards, { store })).complete);
  });
});
