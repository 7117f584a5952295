/** A check that fails leaves its card to the next one: no link of it stays open. */
import assert from "node:assert/strict";
import type { Card } from "../../host/apps/conform/card.js";
import { cardsOf, perform, type Check } from "../../host/apps/conform/check.js";
import { missingBundle } from "../support/boards.js";
import { virtualRack } from "./racks.js";

const check = (run: Check["run"]): Check => ({
  ...{ group: "links", title: "a link", cards: [0], roles: [""], run },
});

describe("conformance: a check that fails", function () {
  const reason = missingBundle();
  before(function () {
    if (reason) this.skip();
  });

  for (const [what, open] of [
    ["a wire", (card: Card) => card.wire()],
    ["a session", (card: Card) => card.session()],
  ] as const)
    it(`with ${what} open costs the next one nothing`, async () => {
      const rack = await virtualRack(["a check that fails"]);
      try {
        const cards = cardsOf(rack);
        const failing = check(async (card) => {
          await open(card);
          throw new Error("no");
        });
        const { outcome, why } = await perform(failing, cards);
        assert.deepEqual([outcome, why], ["failed", "no"]);
        const next = check(async (card) => void (await card.status()));
        assert.deepEqual((await perform(next, cards)).why, "");
      } finally {
        await rack.close();
      }
    });
});
