/**
 * The power goes in the middle of a two-card backup: by turns at a moment of the chip's own time,
 * wherever that falls, and inside one of its flash operations, a word torn or a page half erased.
 * Either card loses it. A source that had sealed to the copy is then asked to seal to another card,
 * which it must refuse; afterwards the relay goes on from what the cards hold.
 */
import assert from "node:assert/strict";
import { backup, CardError } from "../../../host/sdk/index.js";
import { toHex } from "../../../host/sdk/crypto/bytes.js";
import { LineTransport } from "../../../host/sdk/links/line/transport.js";
import type { Transport } from "../../../host/sdk/links/link.js";
import { Seeded } from "../../../host/emulator/seeded.js";
import { HZ } from "../../../host/emulator/chip/soc/base/time.js";
import { ChipCard, closeAll, CODE, maker, missing, title } from "./support.js";

const reason = missing();
/** How many: some with each run, hundreds with KINCARD_SWEEP=full or as KINCARD_CUTS says. */
const full = process.env.KINCARD_SWEEP === "full";
const CUTS = Number(process.env.KINCARD_CUTS ?? (full ? 200 : 4));
/** Another relay comes at most so often. */
const TRIES = 4;

describe(title("power cuts in a backup between chips", reason), function () {
  this.timeout(900_000 + CUTS * 30_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  it(`${CUTS} cuts lose nothing and stop nothing`, async () => {
    const source = await ChipCard.certified({ seed: "cut source" });
    const wallet = await source.activate();
    const sourceId = (await source.openChannel()).certificate.id;
    const copy = await ChipCard.certified({ seed: "cut copy" });
    const third = await ChipCard.certified({ seed: "cut third" });
    const thirdId = (await third.openChannel()).certificate.id;
    await third.session.nameSource({ id: sourceId, setId: wallet.setId });
    const thirdOffer = await third.session.offer();
    const cards = [source, copy];
    for (const { session, board } of [...cards, third]) {
      await session.close();
      board.powerOff();
    }
    const before = cards.map(({ board }) => board.flash.snapshot());
    const restore = () =>
      cards.forEach(({ board }, i) => {
        board.powerOff();
        board.flash.restore(before[i]!);
        board.powerOn();
      });

    /** Whether the source had sealed, and then refused the third card. */
    async function refusesThird(): Promise<boolean> {
      await source.connect();
      const { session } = source;
      try {
        if ((await session.status()).state === "WALLET") return false;
        await source.unlock();
        const sealed = session
          .nameDestinations({ setSize: 2, ids: [thirdId] })
          .then(() => session.seal(thirdOffer));
        await assert.rejects(sealed, CardError, "a second card was sealed to");
        return true;
      } finally {
        await session.close();
      }
    }

    /** One relay's run; undefined when the power went under it. */
    async function run() {
      const stop = new AbortController();
      const links: Transport[] = [];
      const ends = cards.map(({ board }) => board.onPower((on) => on || stop.abort()));
      const { signal } = stop;
      try {
        return await backup({
          ...{ maker: maker.publicKey, code: CODE, setSize: 2, signal },
          approve: async () => true,
          present: async ({ role }) => {
            const { board } = role.kind === "source" ? source : copy;
            const options = { name: role.kind, timeoutMs: 4000, signal };
            const link = await LineTransport.connect(board.duplex(), options);
            links.push(link);
            return link;
          },
        });
      } catch (error) {
        if (!signal.aborted) throw error;
        return undefined;
      } finally {
        for (const end of ends) end();
        for (const link of links) await link.close().catch(() => undefined);
      }
    }

    restore();
    const starts = cards.map(({ board: { chip, flash } }) => [
      chip.scheduler.now,
      flash.operations,
    ]);
    assert.equal((await run())?.complete, true);
    const lasts = cards.map(({ board: { chip, flash } }, i) => ({
      seconds: (chip.scheduler.now - starts[i]![0]!) / HZ,
      operations: flash.operations - starts[i]![1]!,
    }));
    const random = new Seeded("cuts of a backup");
    const where = new Map<string, number>();
    let [resumed, refused] = [0, 0];
    for (let i = 0; i < CUTS; i++) {
      const victim = i % 2;
      const { board } = cards[victim]!;
      const { seconds, operations } = lasts[victim]!;
      restore();
      let moment: string;
      if (i & 2) {
        const n = 1 + (Math.floor(i / 4) % operations);
        moment = `inside flash operation ${n}`;
        board.cut(n, "inside", { seed: i });
      } else {
        const at = 0.2 + (random.below(1000) / 1000) * (seconds - 0.2);
        moment = `after ${at.toFixed(3)} s`;
        board.cutAfterMicroseconds(Math.round(at * 1e6));
      }
      const what = `cut ${i}: ${victim ? "the copy" : "the source"} ${moment}`;
      let done = await run();
      const end = board.lastEnd?.message.replace(/\d+/g, "n") ?? "not at all";
      where.set(end, (where.get(end) ?? 0) + 1);
      if (!done) {
        for (const card of cards) card.board.powerOn();
        if (await refusesThird()) refused++;
      }
      for (let tries = 0; !done && tries < TRIES; tries++) {
        for (const card of cards) card.board.powerOn();
        done = await run();
        resumed++;
      }
      assert.equal(done?.complete, true, what);
      assert.equal(toHex(done!.publicKey), toHex(wallet.publicKey), what);
      for (const card of cards) assert.deepEqual(card.board.failures, [], what);
    }
    const places = [...where].map(([end, count]) => `${count} ${end}`).join(", ");
    console.log(
      `        ${CUTS} cuts: ${places}; ${resumed} resumed, ${refused} second seals refused`,
    );
  });
});
