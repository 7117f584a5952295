/**
 * Who takes part in a ceremony: the cards that the user named and confirmed, in their right states.
 */

import assert from "node:assert/strict";
import {
  AccessCode,
  type AnyFailure,
  type CardError,
  type FailureCode,
  formatLabel,
  memoryRun,
  toHex,
} from "../../../host/sdk/core.js";
import { copyRole } from "../../../host/sdk/relay/visits/role.js";
import { needsBundle, TestCard } from "../support.js";
import { cardsFor, connected, run, stops, tapped } from "./cards.js";

const stateOf = async (card: TestCard) => (await card.session.status()).state;
async function identify(card: TestCard): Promise<Uint8Array> {
  return (await card.session.certificate()).id;
}

describe("backup: its cards", function () {
  this.timeout(60_000);
  needsBundle(this);

  it("asks the user before anything is sealed, by the cards' own ids", async () => {
    const cards = await cardsFor(3);
    const seen: string[][] = [];
    const refused = run(cards, {
      approve: async ({ source, copies }) => {
        seen.push([source, ...copies].map(toHex));
        return false;
      },
    });
    await assert.rejects(refused, stops("backup/not-approved"));
    const ids = await Promise.all(cards.map(identify));
    assert.deepEqual(seen, [ids.map(toHex)]);
    assert.equal(await stateOf(cards[0] as TestCard), "WALLET");
  });

  it("finds the cards that the user named, in whatever order they are connected", async () => {
    const cards = await cardsFor(3);
    const ids = await Promise.all(cards.map(identify));
    const [source, first, second] = cards as [TestCard, TestCard, TestCard];
    const expectCopies = [formatLabel(ids[1] as Uint8Array), ids[2] as Uint8Array];
    const result = await run([second, source, first], { expectCopies, expectSource: ids[0] });
    assert.deepEqual(
      result.copies.map(({ id }) => id),
      ids.slice(1),
    );
  });

  it("takes the user's names in any order when it goes on, and no card beside them", async () => {
    const cards = await cardsFor(3);
    const ids = await Promise.all(cards.map(identify));
    const store = memoryRun();
    const cut = run(cards, { store, approve: async () => false });
    await assert.rejects(cut, stops("backup/not-approved"));
    const strangers = [new Uint8Array(16), ids[2]];
    await assert.rejects(run(cards, { store, expectCopies: strangers }), stops("backup/unnamed"));
    const result = await run(cards, { store, expectCopies: [ids[2], ids[1]] });
    assert.ok(result.complete);
  });

  it("stops at a card that the user did not name", async () => {
    const cards = await cardsFor(2);
    const named = run(cards, { expectCopies: [new Uint8Array(16)] });
    await assert.rejects(named, (error) => {
      const { why } = (error as AnyFailure<"backup/absent">).facts;
      return stops("backup/absent")(error) && why?.code === "verify/other-card";
    });
    assert.equal(await stateOf(cards[1] as TestCard), "EMPTY");
    const source = run(cards, { expectSource: new Uint8Array(16) });
    await assert.rejects(source, stops("backup/absent"));
  });

  it("asks for another card when a tapped one is not the one that is needed", async () => {
    const cards = await cardsFor(2);
    const taps: string[] = [];
    const right = tapped(cards, taps);
    const wrong = tapped([cards[1] as TestCard, cards[0] as TestCard], taps);
    const problems: (FailureCode | undefined)[] = [];
    const result = await run(cards, {
      present: (request) => {
        problems.push(request.problem?.code);
        const swap = request.role.kind === "copy" && request.attempt === 1;
        return (swap ? wrong : right)(request);
      },
    });
    assert.ok(result.complete);
    assert.ok(problems.includes("verify/other-role"));
  });

  it("needs one source, and empty cards beside it", async () => {
    const [a, b] = [await TestCard.empty("a"), await TestCard.empty("b")];
    await assert.rejects(connected([a, b]).arrange(), stops("backup/no-source"));
    const wallets = [await TestCard.wallet("c"), await TestCard.wallet("d")];
    await assert.rejects(connected(wallets).arrange(), stops("backup/many-sources"));
    const blank = [wallets[0] as TestCard, await TestCard.make("e")];
    await assert.rejects(run(blank), stops("backup/cannot-take"));
  });

  it("stops at a copy of another wallet", async () => {
    const [source, copy] = (await cardsFor(2, "one")) as [TestCard, TestCard];
    await run([source, copy]);
    const other = await TestCard.wallet("other");
    await assert.rejects(run([other, copy]), stops("verify/copy", copyRole(0)));
    const third = await TestCard.empty("third");
    const giving = run([copy, third], {
      setSize: 2,
      present: connected([copy, third]).present,
    });
    await assert.rejects(giving, stops("backup/absent"));
  });

  it("stops at a wrong code with the count, and goes on with the right one", async () => {
    const cards = await cardsFor(2);
    const code = AccessCode.from("not this one");
    const wrong = run(cards, { code });
    await assert.rejects(
      wrong,
      (error) => stops("card/WRONG_CODE")(error) && (error as CardError).facts.misses === 1,
    );
    assert.ok((await run(cards)).complete);
  });
});
