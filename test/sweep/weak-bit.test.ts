/**
 * I6 where a cut left one weak bit in a bank that is blank but for it: the bit reads as 1 now and
 * as 0 a moment later, and a card must not take that for damage.
 */
import assert from "node:assert/strict";
import { LAYOUTS } from "../../host/sdk/wire/generated.js";
import { TestCard } from "../support/world.js";

const { Bank } = LAYOUTS;
const BOOTS = 40;

describe("a bank that is blank but for a weak bit", () => {
  for (const bank of [1, 2])
    it(`I6: a card that was never personalised is BLANK at every boot (bank ${bank})`, () => {
      const card = new TestCard("weak bit", { quick: true });
      const fresh = card.board.flash.snapshot();
      for (let boot = 0; boot < BOOTS; boot++) {
        card.board.powerOff();
        const weak = fresh.weak.slice();
        weak[bank * Bank.SIZE + 4] = 1;
        card.board.flash.restore({ ...fresh, weak });
        card.boot();
        assert.equal(card.state, "BLANK", `boot ${boot}`);
      }
      card.certify();
      assert.equal(card.state, "EMPTY");
    });
});
