/**
 * Time: answers within 4.83 ms at the cost that the real interpreter's bench counted for each kind
 * of frame, silence beyond it, and readers that look at the card while it computes.
 */
import assert from "node:assert/strict";
import { CardSession } from "../../host/sdk/core.js";
import { MailboxTransport } from "../../host/sdk/links/nfc/mailbox.js";
import { MAILBOX, MAILBOX_BUSY, TAG } from "../../host/sdk/wire/generated.js";
import { accessCode, MAKER, needsBundle } from "../host/support.js";
import { cardsOff, tap } from "./cards.js";
import { COSTS, DELAY_MOST_MS, FAMILIES, Reader, Silence, tagOn } from "./reader.js";

const CERTIFICATE = Uint8Array.of(0x80, 0x16, 0, 0);
const CYCLES_MS = 64_000;

describe("nfc: time", function () {
  needsBundle(this);

  it("every kind of frame is answered in time, with a fifth to spare", () => {
    for (const [kind, instructions] of Object.entries(COSTS.frames)) {
      const ms = (instructions * 1.3) / CYCLES_MS;
      console.log(`        ${kind}: ${instructions} instructions, ${ms.toFixed(2)} ms`);
      assert.ok(ms < 0.8 * DELAY_MOST_MS, `${kind} takes ${ms.toFixed(2)} ms`);
    }
    const rest = (COSTS.rest.GO * 1.3) / CYCLES_MS;
    assert.ok(rest < MAILBOX.START_MS, `the work begins before the "go" is done: ${rest} ms`);
  });
  for (const family of FAMILIES)
    it(`no frame of a whole visit is late (${family})`, async () => {
      const [card] = await cardsOff(2, `in time ${family}`);
      const { reader, link } = await tap(card!, family);
      const session = new CardSession(link);
      await session.greet();
      await session.openChannel({ maker: MAKER });
      await session.enterCode(accessCode());
      await session.ledger();
      assert.ok(reader.frames > 20, `only ${reader.frames} frames`);
      assert.equal(reader.late, 0);
    });
  it("no frame of a long visit waits for a collection of garbage", async () => {
    const [card] = await cardsOff(2, "garbage");
    const { link, reader } = await tap(card!, "read-write");
    for (let i = 0; i < 45; i++) await link.transmit(CERTIFICATE);
    assert.ok(reader.frames > 500, `only ${reader.frames} frames`);
    assert.equal(card!.board.nfc.garbageLate, 0);
  });
  it("a slower interpreter is too late: silence, and an end to the wait", async () => {
    const [card] = await cardsOff(2, "slow");
    const most = Math.min(...Object.values(COSTS.frames));
    const slow = (1.01 * DELAY_MOST_MS * CYCLES_MS) / 1.3 / most;
    const reader = new Reader(card!.board, { slow });
    reader.field(true);
    assert.throws(() => reader.exchange(Uint8Array.of(TAG.READ, 0)), Silence);
    assert.equal(reader.late, 1);
    const link = MailboxTransport.connect(tagOn(reader, "raw"), { clock: reader.clock });
    await assert.rejects(link, /no tag answers within 10 s/);
  });
  it("a reader that checks for presence while the card computes hears nothing, then its answer", async () => {
    const [card] = await cardsOff(2, "presence");
    const told: number[] = [];
    const { reader, link } = await tap(card!, "raw", { onBusy: (ms) => void told.push(ms) });
    const { sleep } = reader.clock;
    let heard = 0;
    Object.assign(reader.clock, {
      // In place of sleeping it asks every 5 ms.
      sleep: async (ms: number) => {
        for (let end = reader.clock.now() + ms; reader.clock.now() < end;) {
          try {
            reader.exchange(Uint8Array.of(TAG.READ, 0));
            heard++;
          } catch (error) {
            assert.ok(error instanceof Silence);
          }
          await sleep(5);
        }
      },
    });
    const session = new CardSession(link);
    await session.openChannel({ maker: MAKER });
    assert.ok(reader.silences > 5, `${reader.silences} silences`);
    assert.ok(heard > 0);
    assert.ok(told.includes(MAILBOX.BUSY_MS * MAILBOX_BUSY.OPEN), "OPEN's own estimate");
    assert.equal((await link.transmit(CERTIFICATE)).length, 105);
  });
});
