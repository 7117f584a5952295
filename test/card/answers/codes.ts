/** Answers on the access code and what it opens (docs/protocol.md 13). */
import assert from "node:assert/strict";
import { LAYOUTS } from "../../../host/sdk/wire/generated.js";
import { statusWord } from "../../support/words.js";
import { CURVE_N, H, byte, cat, toNumber, verifyDigest } from "../../vectors/suite.js";
import { COST, STRETCHED, WRONG, certified, must, wallet } from "../../support/world.js";
import { challenge, says, type Answers } from "./support.js";

const { Miss } = LAYOUTS;

export const CODES: Answers = {
  A6() {
    const card = wallet("A6");
    const waits = Array.from({ length: 14 }, () => card.miss().wait);
    assert.deepEqual(waits, [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
  },
  A7() {
    const card = wallet("A7");
    for (let i = 0; i < 4; i++) card.miss();
    card.board.advance(0.5);
    assert.equal(card.status().wait, 2, "1.5 s are left");
    card.open();
    const { data, sw } = card.secure("CODE", STRETCHED);
    assert.deepEqual([statusWord(sw), data[Miss.COUNT], data[2]], ["WAIT", 4, 2]);
    card.board.advance(1);
    assert.equal(card.status().wait, 1);
    card.board.advance(1);
    card.unlock();
  },
  A8() {
    const card = certified("A8").open();
    const first = must("SALT", card.secure("SALT"));
    const second = must("SALT", card.secure("SALT"));
    assert.notDeepEqual(first, second);
    must("ACTIVATE", card.secure("ACTIVATE", cat(byte(COST), STRETCHED)));
    card.unlock();
    assert.deepEqual(card.live.salt, second);
    must("SALT", card.secure("SALT"));
    must("CHANGE_CODE", card.secure("CHANGE_CODE", cat(byte(COST), STRETCHED)));
    says(card.secure("CHANGE_CODE", cat(byte(COST), STRETCHED)), "STATE", "the salt is spent");
  },
  A9() {
    const card = wallet("A9").unlock();
    const salt = must("SALT", card.secure("SALT"));
    must("CHANGE_CODE", card.secure("CHANGE_CODE", cat(byte(12), WRONG)));
    assert.equal(must("LEDGER", card.secure("LEDGER", challenge)).length, 280);
    card.unlock(WRONG);
    assert.deepEqual([card.live.salt, card.live.cost], [salt, 12]);
  },
  A10() {
    const card = certified("A10", { button: false });
    const data = (cost: number) => cat(byte(cost), STRETCHED);
    const S = wallet("A10 S");
    card.offerTo(S);
    for (let drops = 0; drops < 2; drops++) {
      card.open();
      must("NAME_SOURCE", card.secure("NAME_SOURCE", new Uint8Array(32).fill(drops)));
    }
    card.open();
    says(card.secure("ACTIVATE", data(9)), "DATA", "before salt and drop");
    card.open();
    says(card.secure("ACTIVATE", data(10)), "STATE", "before the drop");
    card.open();
    must("SALT", card.secure("SALT"));
    says(card.secure("ACTIVATE", data(10)), "WAIT");
    const W = wallet("A10 W").unlock();
    says(W.secure("CHANGE_CODE", data(21)), "DATA");
  },
  A11() {
    const card = wallet("A11").unlock();
    const key = must("PUBLIC_KEY", card.secure("PUBLIC_KEY", byte(0))).slice(0, 33);
    const parities = new Set<number>();
    for (let i = 0; i < 16; i++) {
      const digest = H(byte(i));
      const signed = must("SIGN", card.secure("SIGN", cat(byte(0), digest)));
      assert.ok(toNumber(signed.subarray(32, 64)) <= (CURVE_N - 1n) / 2n, "low s");
      assert.ok(verifyDigest(signed.subarray(0, 64), digest, key));
      assert.ok(signed[64]! <= 3);
      parities.add(signed[64]! & 1);
    }
    assert.equal(parities.size, 2, "the recovery id goes with s");
  },
};
