/**
 * I8 under torn log words: the write of a TRY, of a CLEAR, of SOLID is cut inside the word in many
 * ways, and the weak bits that this leaves fall differently at each of the boots that follow.
 */
import assert from "node:assert/strict";
import { STRETCHED, WRONG, wallet } from "../support/world.js";
import { PART, someOf } from "../support/full.js";

describe("I8 torn words of the try log", function () {
  this.timeout(60_000);
  const card = wallet("log", { standIn: true, keepRam: false }).unlock();
  card.open();
  card.secure("CODE", WRONG);
  const start = card.snapshot();

  /** Cuts the n-th flash operation of a try; the misses that the boots after it count. */
  function boots(code: Uint8Array, operation: number, seed: number): number[] {
    card.restore(start);
    card.open();
    const cut = card.cutDuring(operation, "inside", { seed }, () => void card.secure("CODE", code));
    assert.ok(cut, "the cut did not come");
    return Array.from({ length: 6 }, (_, boot) => {
      // The second boot is torn as well, at whatever it writes first.
      if (boot === 1) {
        card.board.cut(1, "inside", { seed: seed + 1000 });
        card.board.powerOn();
        card.board.powerOff();
      }
      card.boot();
      const { misses } = card.status();
      card.board.powerOff();
      return misses;
    });
  }

  it(`I8: a torn TRY never takes a miss away, boot after boot${PART}`, () => {
    for (const seed of someOf("torn TRY", 60, 5)) {
      const counts = boots(WRONG, 1, seed);
      counts.reduce((before, after) => {
        assert.ok(after >= before, `seed ${seed}: ${counts.join(" ")}`);
        return after;
      }, 1);
    }
  });
  it(`I8: a torn CLEAR leaves 0 misses or more, and the code still works${PART}`, () => {
    for (const seed of someOf("torn CLEAR", 60, 5)) {
      const counts = boots(STRETCHED, 2, seed);
      for (const count of counts) assert.ok(count === 0 || count >= 2, counts.join(" "));
      card.boot();
      card.wait();
      card.unlock(STRETCHED);
      assert.equal(card.status().misses, 0);
    }
  });
});
