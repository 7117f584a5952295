/**
 * A backup whose source has on-card consent (docs/protocol.md 14): the relay carries the run, both
 * boards blink the same, and only the source's button lets the key go.
 */

import assert from "node:assert/strict";
import { type BackupEvent } from "../../../host/sdk/core.js";
import { SOURCE } from "../../../host/sdk/relay/visits/role.js";
import { CONSENT } from "../../../host/sdk/wire/generated.js";
import { look } from "../../support/consent.js";
import { demoMaker, accessCode, COST, MAKER, needsBundle, TestCard } from "../support.js";
import { run, stops, tapped } from "./cards.js";

async function consenting(name: string): Promise<TestCard> {
  const card = await TestCard.make(name);
  const request = await card.session.personalise();
  await card.session.certify(demoMaker().certify(request, { consent: true }).bytes);
  await card.session.openChannel({ maker: MAKER });
  await card.session.activate(accessCode(), { cost: COST });
  return card;
}
async function setOf(size: number, name: string): Promise<TestCard[]> {
  const cards = [await consenting(`consent relay: ${name}`)];
  for (let copy = 1; copy < size; copy++) {
    cards.push(await TestCard.empty(`consent relay: ${name} ${copy}`));
  }
  // No run begins in the seconds after power-up.
  for (const { board } of cards) board.advance(11);
  return cards;
}

describe("a backup with on-card consent", function () {
  this.timeout(120_000);
  needsBundle(this);

  for (const size of [2, 3]) {
    it(`${size} cards: each copy is compared, then the source's button is held`, async () => {
      const cards = await setOf(size, `whole ${size}`);
      const [source] = cards as [TestCard];
      let compared = 0;
      const onEvent = (event: BackupEvent) => {
        if (event.type !== "gesture" || source.board.leds.LED1 === undefined) return;
        assert.deepEqual([event.role, event.consent?.kind], [SOURCE, "copy"]);
        const copy = cards[event.consent?.kind === "copy" ? event.consent.index + 1 : 0]!;
        if (event.hold < 2) return;
        const seen = look(source.board);
        assert.equal(seen.length, 8, JSON.stringify(seen));
        assert.deepEqual(look(copy.board), seen);
        compared++;
        source.board.advance(0.2);
        source.board.press();
        source.board.advance(2.3);
        source.board.release();
      };
      const result = await run(cards, { onEvent });
      assert.ok(result.complete);
      assert.equal(result.source?.certificate.consent, true);
      assert.equal(compared, size - 1);
    });
  }

  it("nobody presses: CONSENT or PRESENCE, and the source has given nothing", async () => {
    const cards = await setOf(2, "nobody");
    const [source] = cards as [TestCard];
    const onEvent = ({ type }: BackupEvent) => {
      if (type === "gesture") source.board.advance(15);
    };
    await assert.rejects(run(cards, { onEvent }), stops("card/CONSENT"));
    assert.equal((await source.session.status()).state, "WALLET");
  });

  it("a card that takes no run yet is waited for", async () => {
    const cards = await setOf(2, "wait");
    const [source, copy] = cards as [TestCard, TestCard];
    copy.board.powerOff();
    copy.board.powerOn();
    const waits: number[] = [];
    const onEvent = (event: BackupEvent) => {
      if (event.type === "wait") waits.push(event.seconds);
      if (event.type !== "gesture") return;
      source.board.advance(0.2);
      source.board.press();
      source.board.advance(2.3);
      source.board.release();
    };
    const wait = async (seconds: number) => {
      for (const { board } of cards) board.advance(seconds);
    };
    assert.ok((await run(cards, { onEvent, wait })).complete);
    assert.deepEqual(waits, [CONSENT.RUN_S]);
  });

  it("one reader for all cards: it is said, and nothing is given", async () => {
    const cards = await setOf(2, "apart");
    await assert.rejects(
      run(cards, { present: tapped(cards, []) }),
      stops("backup/apart", { kind: "copy", index: 0 }),
    );
  });
});
