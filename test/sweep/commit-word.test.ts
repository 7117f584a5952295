/**
 * I6 under a torn commit word: the boot after it finds no commit and clears the bank; that boot is
 * cut as well, and the weak bits then fall the other way. The half-cleared bank must not pass for a
 * record.
 */
import assert from "node:assert/strict";
import { LAYOUTS } from "../../host/sdk/wire/generated.js";
import { byte, cat } from "../vectors/suite.js";
import { COST, STRETCHED, must, wallet, type TestCard } from "../support/world.js";
import { times } from "../support/full.js";

const { Bank, Rec } = LAYOUTS;
const SEEDS = process.env.KINCARD_SWEEP === "full" ? 300 : times(100, 24);
const commit = (card: TestCard) => card.secure("CHANGE_CODE", cat(byte(COST), STRETCHED));
const ready = (card: TestCard) => must("SALT", card.unlock().secure("SALT"));
/** Which flash operation of a commit writes the first commit word: a second bank has one then. */
function commitWord(card: TestCard): number {
  const start = card.snapshot();
  const committed = () => {
    const view = new DataView(card.board.dump().buffer);
    const words = [1, 2].map((bank) => view.getInt32(bank * Bank.SIZE + Rec.COMMIT, true));
    return words.every((word) => word === Bank.COMMITTED);
  };
  for (let n = 1; ; n++) {
    card.restore(start);
    ready(card);
    assert.ok(
      card.cutDuring(n, "after", {}, () => commit(card)),
      "a commit without its word",
    );
    if (committed()) return n;
  }
}

describe("I6 a torn commit word and a torn boot", function () {
  this.timeout(60_000);

  it("I6: leave the wallet as it was or as it would be, never damaged", () => {
    const card = wallet("commit word", { standIn: true, keepRam: false });
    const key = card.publicKey();
    const start = card.snapshot();
    const word = commitWord(card);
    for (let seed = 0; seed < SEEDS; seed++) {
      card.restore(start);
      ready(card);
      const cut = card.cutDuring(word, "inside", { seed }, () => commit(card));
      assert.ok(cut, "the cut did not come");
      card.board.cut(1 + (seed % 2), "inside", { seed: `boot ${seed}` });
      card.board.powerOn();
      card.board.powerOff();
      card.boot();
      assert.equal(card.state, "WALLET", `seed ${seed}`);
    }
    assert.deepEqual(card.publicKey(), key);
  });
  it("I6: hold when the second word, which the boot writes, is as weak as the first", () => {
    const card = wallet("two commit words", { standIn: true, keepRam: false });
    const { flash } = card.board;
    const start = card.snapshot();
    const word = commitWord(card);
    let weak = 0;
    for (let seed = 0; seed < SEEDS / 2; seed++) {
      flash.weakBits = "any";
      card.restore(start);
      ready(card);
      const cut = card.cutDuring(word, "inside", { seed }, () => commit(card));
      assert.ok(cut, "the cut did not come");
      // Both words read as written at one boot, which kills the older record; then neither does.
      flash.weakBits = "zeros";
      card.board.cut(1, "inside", { seed });
      card.board.powerOn();
      card.board.powerOff();
      weak = Math.max(weak, flash.weakWords);
      for (const reading of ["zeros", "ones"] as const) {
        flash.weakBits = reading;
        card.boot();
        assert.equal(card.state, "WALLET", `seed ${seed}, ${reading}`);
        card.board.powerOff();
      }
    }
    assert.ok(weak > 1, "no seed left both words weak");
  });
});
