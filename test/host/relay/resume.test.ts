/**
 * Going on: after lost links, noise, and with lost and stale run files.
 */

import assert from "node:assert/strict";
import { Seeded } from "../../../host/emulator/seeded.js";
import {
  commands,
  concat,
  ConnectedCards,
  equal,
  LineTransport,
  LinkError,
  memoryRun,
  Recorder,
  type Duplex,
  type FailureCode,
  type Present,
} from "../../../host/sdk/core.js";
import { copyRole } from "../../../host/sdk/relay/visits/role.js";
import { linkTo, MAKER, needsBundle, type TestCard } from "../support.js";
import { SEED } from "../../support/seed.js";
import { breaks, cardsFor, meddled, run, stops, tapped, wrapped } from "./cards.js";
import { is, OpenRun, runUntil } from "./interrupted.js";
import { FULL, PART, someOf } from "../../support/full.js";

describe("a ceremony goes on", function () {
  this.timeout(60_000);
  needsBundle(this);

  it(`after the link is lost with any answer, by itself${PART}`, async () => {
    const cards = await cardsFor(2, "lossy");
    const fresh = cards.map(({ board }) => board.flash.snapshot());
    let lostAnswers = 0;
    // One of the first, which are the source's own, and some others; in whole until there is none.
    const part = FULL
      ? []
      : [someOf("first", 3, 1)[0]!, ...someOf("answers", 13, 3).map((at) => at + 3)];
    for (let lost = 1, more = true; more && (FULL || part.length > 0); lost++) {
      if (!FULL) lost = part.shift()! + 1;
      cards.forEach(({ board }, index) => {
        board.powerOff();
        board.flash.restore(fresh[index] as never);
        board.powerOn();
      });
      let count = 0;
      const set = wrapped(cards, (link) =>
        meddled(link, async (_, answer) => {
          if (++count !== lost) return answer;
          await link.close();
          throw new LinkError("link/closed", { link: "cable" });
        }),
      );
      // The survey is the caller's: it is not part of the ceremony.
      await set.arrange().catch(() => set.arrange());
      const losses: FailureCode[] = [];
      const result = await run(cards, {
        present: set.present,
        onEvent: (event) => void (event.type === "lost" && losses.push(event.problem.code)),
      });
      assert.ok(result.complete, `answer ${lost}`);
      more = count >= lost;
      if (more) lostAnswers++;
      if (more && lost > 3) assert.deepEqual(losses, ["link/closed"]);
    }
    assert.ok(lostAnswers > (FULL ? 15 : 3), `only ${lostAnswers} answers were lost`);
  });

  it("when a link can't be opened again at once", async () => {
    const cards = await cardsFor(2, "slow link");
    const [source] = cards as [TestCard];
    let opened = 0;
    const set = new ConnectedCards(
      cards.map((card) => ({
        name: card.name,
        open: async () => {
          if (card !== source) return linkTo(card.board, card.name);
          if (++opened === 2) throw new LinkError("link/nothing-listens", { link: "cable" });
          const link = await linkTo(card.board, card.name);
          return meddled(link, async (apdu, answer) => {
            if (opened === 1 && is(apdu, commands.SEAL)) {
              await link.close();
              throw new LinkError("link/closed", { link: "board" });
            }
            return answer;
          });
        },
      })),
    );
    await set.arrange();
    assert.ok((await run(cards, { present: set.present })).complete);
    assert.equal(opened, 3);
  });

  it("not when a link stays lost: it ends with a sentence", async () => {
    const cards = await cardsFor(2, "gone");
    const set = wrapped(cards, (link) => link);
    await set.arrange();
    const gone = run(cards, {
      present: async (request) => {
        if (request.role.kind === "source") return set.present(request);
        throw new LinkError("link/nothing-listens", { link: "cable" });
      },
    });
    await assert.rejects(gone, stops("link/nothing-listens", copyRole(0)));
  });

  it("through noise: lines dropped, doubled, changed and cut", async () => {
    const random = new Seeded(`${SEED}`);
    const roll = (sides: number) => (random.next32() >>> 0) % sides;
    const cards = await cardsFor(2, "noisy");
    let faults = 0;
    const noisy = (duplex: Duplex): Duplex => {
      const spoil = (bytes: Uint8Array): Uint8Array => {
        const kind = roll(12);
        if (kind > 4) return bytes;
        faults++;
        if (kind === 0) return new Uint8Array(0);
        if (kind === 1) return concat(bytes, bytes);
        if (kind === 2) return bytes.slice(0, roll(bytes.length + 1));
        if (kind === 3) return concat(new TextEncoder().encode("\u0011noise"), bytes);
        return bytes.map((byte, at) => (at === roll(bytes.length) ? byte ^ 4 : byte));
      };
      return {
        ...duplex,
        write: (bytes) => duplex.write(spoil(bytes)),
        onData: (listener) => duplex.onData((bytes) => listener(spoil(bytes))),
        onClose: (listener) => duplex.onClose(listener),
        close: () => duplex.close(),
      };
    };
    const set = new ConnectedCards(
      cards.map(({ board, name }) => ({
        name,
        open: () =>
          LineTransport.connect(noisy(board.duplex()), { name, resendMs: 8, timeoutMs: 20_000 }),
      })),
    );
    await set.arrange();
    const result = await run(cards, { present: set.present });
    assert.ok(result.complete, `KINCARD_SEED=${SEED}`);
    assert.ok(faults > 2, `${faults} faults, KINCARD_SEED=${SEED}`);
  });

  for (const name of ["NAME_SOURCE", "OFFER", "SEAL", "ACCEPT", "CONFIRM"] as const) {
    it(`after the answer to ${name} is lost with the run file`, async () => {
      const cards = await cardsFor(2, "lost file");
      await runUntil(cards, commands[name], memoryRun());
      const recorder = new Recorder();
      const result = await run(cards, {}, [recorder]);
      assert.ok(result.complete);
      assert.equal(result.source?.ledger.slots[0].state, "CONFIRMED");
      // What the copy took can't be asked for with its OFFER any more: the source says it again.
      const resent = recorder.apdus.some((apdu) => apdu.name === "RESEND");
      assert.equal(resent, name === "ACCEPT");
    });
  }

  it("after the file of a set of three is lost with both receipts", async () => {
    const cards = await cardsFor(3, "lost both");
    await runUntil(cards, commands.CONFIRM, memoryRun(), "before");
    const result = await run(cards);
    assert.ok(result.complete);
    const slots = result.source?.ledger.slots.map(({ state }) => state);
    assert.deepEqual(slots, ["CONFIRMED", "CONFIRMED"]);
  });

  it("card by card: the source twice more, the copy in between", async () => {
    const cards = await cardsFor(2, "lost, tapped");
    await runUntil(cards, commands.ACCEPT, memoryRun());
    const taps: string[] = [];
    const result = await run(cards, { present: tapped(cards, taps) });
    assert.deepEqual(taps, ["S", "D1", "S", "D1", "S"]);
    assert.ok(result.complete && result.copies[0]?.confirmed);
  });

  it("in a process a tap: the run remembers that the source is to say it again", async () => {
    const cards = await cardsFor(2, "lost, a process a tap");
    const [source] = cards as [TestCard];
    await source.unlock();
    const { ownId: id, setId, publicKey } = await source.session.ledger();
    await runUntil(cards, commands.ACCEPT, memoryRun());
    const store = memoryRun();
    const known = { store, source: { id, setId, publicKey } };
    for (const wanted of ["D1", "S", "D1"]) {
      const taps: string[] = [];
      const tap = tapped(cards, taps);
      const present: Present = async (request) => {
        if (taps.length) throw new Error("another card's turn");
        return tap(request);
      };
      await assert.rejects(run(cards, { ...known, present }), breaks(/another card's turn/));
      assert.deepEqual(taps, [wanted]);
    }
    const taps: string[] = [];
    const result = await run(cards, { ...known, present: tapped(cards, taps) });
    assert.deepEqual(taps, ["D1", "S"]);
    assert.ok(result.complete && result.copies[0]?.confirmed);
  });

  it("with an old run file, without losing the receipt that a newer run holds", async () => {
    const cards = await cardsFor(2, "old file");
    const [source, copy] = cards as [TestCard, TestCard];
    const old = new OpenRun();
    await runUntil(cards, commands.SEAL, old);
    // The source has sealed to the first offer, and the old file holds only that offer.
    await old.change((value) => void delete value.copies[0]?.transfer);
    await copy.reconnect();
    await copy.session.openChannel({ maker: MAKER });
    await copy.held(() => copy.session.cancel());
    const newer = new OpenRun();
    await runUntil(cards, commands.ACCEPT, newer);
    // The copy took the TRANSFER for its second offer. The old file must not replace that.
    await source.reconnect();
    await source.unlock();
    const before = await source.session.ledger();
    const stale = await run(cards, { store: old });
    assert.deepEqual([stale.complete, stale.copies[0]?.confirmed], [true, true]);
    const after = stale.source?.ledger;
    assert.ok(equal(after?.slots[0].transferHash as Uint8Array, before.slots[0].transferHash));
    const result = await run(cards, { store: newer });
    assert.deepEqual([result.complete, result.copies[0]?.confirmed], [true, true]);
  });
});
