/**
 * The deep sweep, its quick part (`npm run test:sweep -- --depth 2` is the whole): two steps, each
 * cut everywhere once; and a step that says what is not so, so that it is known to see something.
 */
import assert from "node:assert/strict";
import { DeepSweep, Violation } from "./deep.js";
import { LIFE } from "./life.js";
import { advance, newSet } from "./planted.js";
import { FULL, PART, some } from "../support/full.js";

describe("power cuts in a set of three (I6, I7, I8)", function () {
  this.timeout(120_000);

  it("the life of a set of three has every state and every message, and comes to its end", () => {
    const sweep = new DeepSweep(newSet("life", "nRF52832"), 1);
    for (const step of LIFE) {
      assert.equal(sweep.set.cards[step.card].state, step.from, step.name);
      advance(sweep, step);
      assert.equal(sweep.set.cards[step.card].state, step.to, step.name);
    }
    const states = new Set(LIFE.flatMap(({ from, to }) => [from, to]));
    assert.deepEqual([...states].sort(), [
      ...["BLANK", "COPY", "EMPTY", "OFFERED", "SHARED", "SHARING", "WALLET"],
    ]);
  });
  it(`a card is whole after any cut at its certificate and at a wrong code${PART}`, () => {
    const sweep = new DeepSweep(newSet("deep", "nRF52832"), 1);
    const cut = some("cut", ["D1 is certified", "S gets a wrong code"], 1);
    for (const step of LIFE.slice(0, 9)) {
      if (cut.includes(step.name)) sweep.step(step);
      else advance(sweep, step);
    }
    console.log(`        ${sweep.cuts} cuts, ${sweep.boots} boots`);
    assert.ok(sweep.cuts > (FULL ? 50 : 3));
  });
  it("a step that leaves the card in neither of its states would be noticed", () => {
    const sweep = new DeepSweep(newSet("noticed", "nRF52832"), 1);
    for (const step of LIFE.slice(0, 3)) advance(sweep, step);
    const lying = { ...LIFE[3]!, from: "WALLET" } as const;
    assert.throws(() => sweep.step(lying), Violation);
  });
});
