/**
 * I3: what a genuine source sealed is still looked at before it is taken: set id, cost, n and k
 * (docs/protocol.md 6, ACCEPT). Every value of each byte, from a source that signs and seals
 * properly.
 */
import assert from "node:assert/strict";
import { SCRYPT, STATUS_WORDS as SW } from "../../host/sdk/wire/generated.js";
import type { Package } from "../vectors/messages.js";
import type { Bytes } from "../vectors/suite.js";
import { Forger } from "../support/forger.js";
import { must, TestCard } from "../support/world.js";
import { PART, some } from "../support/full.js";

describe("what a genuine source seals", () => {
  const source = new Forger("contents");
  const card = new TestCard("contents D", { standIn: true }).certify();
  let offer: Bytes;
  let start: ReturnType<TestCard["snapshot"]>;
  before(() => {
    card.open();
    must("NAME_SOURCE", card.secure("NAME_SOURCE", source.names));
    offer = must("OFFER", card.plain("OFFER"));
    start = card.rest().snapshot();
  });
  /** What the card says to each of these contents; a refusal must be CRYPTO and change nothing. */
  function taken(contents: Partial<Package>[]): Partial<Package>[] {
    const flash = card.board.dump();
    return contents.filter((content) => {
      const { sw, data } = card.plain("ACCEPT", source.transfer(offer, content));
      if (sw === SW.CRYPTO.value) {
        assert.equal(data.length, 0);
        assert.deepEqual(card.board.dump(), flash, `${JSON.stringify(content)} changed the card`);
        return false;
      }
      assert.equal(sw, 0x9000, JSON.stringify(content));
      const { state, n, k } = card.status();
      assert.deepEqual([state, n, k], ["COPY", content.n ?? 2, content.k ?? 2]);
      card.open();
      assert.equal(card.live.cost, content.cost ?? 10, "the channel says another cost");
      card.restore(start);
      return true;
    });
  }
  const all = Array.from({ length: 256 }, (_, value) => value);

  it(`I3: a cost that no host stretches for is refused, every other is taken${PART}`, () => {
    const { LEAST, MOST } = SCRYPT;
    // all at the limits, and of the rest some
    const near = (cost: number) => cost >= LEAST - 1 && cost <= MOST + 1;
    const far = all.filter((cost) => !near(cost));
    const tried = [...all.filter(near), ...some("costs", far, 20)];
    const costs = taken(tried.map((cost) => ({ cost }))).map(({ cost }) => cost);
    assert.deepEqual(
      costs,
      all.filter((cost) => cost >= LEAST && cost <= MOST),
    );
  });
  it("I3: sets of two and three, and no copy number outside them", () => {
    const numbers = [0, 1, 2, 3, 4, 5, 127, 128, 255];
    const pairs = taken(numbers.flatMap((n) => numbers.map((k) => ({ n, k }))));
    assert.deepEqual(
      pairs.map(({ n, k }) => `${k} of ${n}`),
      ["2 of 2", "2 of 3", "3 of 3"],
    );
  });
  it("I3: no set but the one that was named", () => {
    const other = source.setId.slice();
    other[15]! ^= 1;
    assert.deepEqual(taken([{ setId: other }, { setId: new Uint8Array(16) }]), []);
  });
});
