/**
 * I6 under a torn commit word: the boot after it finds no commit and clears the bank; that boot is
 * cut as well, and the weak bits then fall the other way. The half-cleared bank must not pass for a
 * record.
 */
import assert from "node:assert/strict";
import { byte, cat } from "../vectors/suite.js";
import { COST, STRETCHED, must, wallet } from "../support/world.js";

const SEEDS = process.env.KINCARD_SWEEP === "full" ? 300 : 100;

describe("I6 a torn commit word and a torn boot", function () {
  this.timeout(60_000);

  it("I6: leave the wallet as it was or as it would be, never damaged", () => {
    const card = wallet("commit word", { standIn: true, keepRam: false });
    const key = card.publicKey();
    const start = card.snapshot();
    /** The first commit after a boot: erase, four writes of the record, then the commit word. */
    const COMMIT_WORD = 6;
    for (let seed = 0; seed < SEEDS; seed++) {
      card.restore(start);
      must("SALT", card.unlock().secure("SALT"));
      const cut = card.cutDuring(COMMIT_WORD, "inside", { seed }, () => {
        card.secure("CHANGE_CODE", cat(byte(COST), STRETCHED));
      });
      assert.ok(cut, "the cut did not come");
      card.board.cut(1 + (seed % 2), "inside", { seed: `boot ${seed}` });
      card.board.powerOn();
      card.board.powerOff();
      card.boot();
      assert.equal(card.state, "WALLET", `seed ${seed}`);
    }
    assert.deepEqual(card.publicKey(), key);
  });
});
