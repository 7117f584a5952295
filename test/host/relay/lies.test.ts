/**
 * Run files, relays and links that lie: every lie is refused by a card or the app, and nothing is lost.
 */

import assert from "node:assert/strict";
import {
  CardSession,
  commands,
  memoryRun,
  type FailureCode,
  type Role,
  type Run,
  type SourceIdentity,
} from "../../../host/sdk/core.js";
import { copyRole, SOURCE } from "../../../host/sdk/relay/visits/role.js";
import type { RunCopy } from "../../../host/sdk/relay/run/run.js";
import { CLA } from "../../../host/sdk/wire/generated.js";
import { MAKER, needsBundle, type TestCard } from "../support.js";
import { cardsFor, meddled, run, stops, wrapped } from "./cards.js";
import { is, OpenRun, runUntil } from "./interrupted.js";

describe("a ceremony with a run file that lies", function () {
  this.timeout(60_000);
  needsBundle(this);

  /** Up to the answer of ACCEPT, with everything but the receipt in the run. */
  async function halfWay(name: string) {
    const cards = await cardsFor(2, name);
    const store = new OpenRun();
    await runUntil(cards, commands.ACCEPT, store);
    return { cards, store };
  }

  it("about the source's names stops before a destination hears them", async () => {
    const cards = await cardsFor(2, "false names");
    const store = new OpenRun();
    await runUntil(cards, commands.NAME_SOURCE, store);
    await store.change((value) => {
      value.source = { ...(value.source as SourceIdentity), setId: new Uint8Array(16).fill(1) };
    });
    await assert.rejects(run(cards, { store }), stops("backup/other-wallet"));
  });

  it("about a destination's id does not make the source name a stranger", async () => {
    const cards = await cardsFor(2, "false id");
    const store = new OpenRun();
    await runUntil(cards, commands.OFFER, store);
    await store.change((value) => {
      value.copies[0] = { id: new Uint8Array(16).fill(1), offer: new Uint8Array(239) };
    });
    await assert.rejects(run(cards, { store }), stops("backup/absent"));
    const [source] = cards as [TestCard];
    assert.equal((await source.session.status()).state, "WALLET");
  });

  it("about the receipt is found out, and the copy gives it again", async () => {
    const { cards, store } = await halfWay("false receipt");
    await store.change((value) => {
      (value.copies[0] as { receipt?: Uint8Array }).receipt = new Uint8Array(32);
    });
    await assert.rejects(run(cards, { store }), stops("card/CRYPTO"));
    const result = await run(cards, { store });
    assert.ok(result.complete && result.copies[0]?.confirmed);
  });

  it("about the TRANSFER is found out, and the source gives it again", async () => {
    const { cards, store } = await halfWay("false transfer");
    await store.change((value) => {
      (value.copies[0] as { transfer?: Uint8Array }).transfer = new Uint8Array(366);
    });
    const result = await run(cards, { store });
    assert.ok(result.complete && result.copies[0]?.confirmed);
  });

  it("about the OFFER is found out, and the source says the TRANSFER without it", async () => {
    const { cards, store } = await halfWay("false offer");
    await store.change((value) => {
      const copy = value.copies[0] as { offer?: Uint8Array; transfer?: Uint8Array };
      copy.offer = new Uint8Array(239);
      delete copy.transfer;
    });
    const result = await run(cards, { store });
    assert.ok(result.complete && result.copies[0]?.confirmed);
  });

  it("about a copy that holds the key is found out, whatever the card is", async () => {
    for (const command of [commands.NAME_SOURCE, commands.OFFER, commands.SEAL]) {
      const cards = await cardsFor(2, `false copy ${command.name}`);
      const store = new OpenRun();
      await runUntil(cards, command, store);
      const { id } = await (cards[1] as TestCard).session.certificate();
      await store.change((value) => void (value.copies[0] = { id, holdsKey: true }));
      const result = await run(cards, { store });
      assert.ok(result.complete && result.copies[0]?.confirmed, command.name);
    }
  });

  it("of another ceremony is refused as that", async () => {
    const { cards, store } = await halfWay("other size");
    await assert.rejects(run(cards, { store, setSize: 3 }), stops("backup/other-run"));
  });
});

/** A relay's memory that changes what it is given to keep, once. */
function forgetful(change: (copies: RunCopy[]) => boolean) {
  const memory = memoryRun();
  let lied = false;
  const save = async (value: Run) => {
    lied ||= change(value.copies.filter((copy) => copy !== undefined));
    await memory.save(value);
  };
  return { ...memory, save };
}
const flipped = (bytes: Uint8Array, at: number) =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

describe("a ceremony with a relay that changes what it carries", function () {
  this.timeout(60_000);
  needsBundle(this);

  /** Stops at the card that is given the lie, and comes to its end without one. */
  async function liesThenHonest(
    cards: TestCard[],
    change: (copies: RunCopy[]) => boolean,
    code: FailureCode,
    card: Role,
  ) {
    const store = forgetful(change);
    // The user knows the cards: nothing has to be asked of them a second time for that.
    const approve = async () => true;
    await assert.rejects(run(cards, { store, approve }), stops(code, card));
    assert.ok((await run(cards, { store, approve })).complete);
  }

  for (const [message, at, refuses] of [
    ["offer", 110, SOURCE],
    ["transfer", 110, copyRole(0)],
    ["receipt", 5, SOURCE],
  ] as const) {
    it(`a changed ${message} is refused by the next card, and nothing is lost`, async () => {
      const cards = await cardsFor(2, `changed ${message}`);
      const change = ([copy]: RunCopy[]) => {
        const bytes = copy?.[message];
        if (bytes) (copy as RunCopy)[message] = flipped(bytes, at);
        return bytes !== undefined;
      };
      await liesThenHonest(cards, change, "card/CRYPTO", refuses);
    });
  }

  it("a TRANSFER given to the wrong card is refused there", async () => {
    const cards = await cardsFor(3, "swapped");
    const swap = ([first, second]: RunCopy[]) => {
      if (!first?.transfer || !second?.transfer) return false;
      second.transfer = first.transfer;
      return true;
    };
    await liesThenHonest(cards, swap, "card/CRYPTO", copyRole(1));
  });

  it("the OFFER of a card that the user did not name is refused by the source", async () => {
    const cards = await cardsFor(2, "stranger");
    const [, stranger] = (await cardsFor(2, "stranger's")) as [TestCard, TestCard];
    const [source] = cards as [TestCard];
    await source.unlock();
    const names = await source.session.ledger();
    await stranger.session.openChannel({ maker: MAKER });
    await stranger.session.nameSource({ id: names.ownId, setId: names.setId });
    const offer = await stranger.session.offer();
    const instead = ([copy]: RunCopy[]) => {
      if (copy?.offer) copy.offer = offer;
      return copy?.offer !== undefined;
    };
    await liesThenHonest(cards, instead, "card/NAMES", SOURCE);
    assert.equal((await new CardSession(stranger.session.transport).status()).state, "OFFERED");
  });
});

describe("a ceremony over links that lie", function () {
  this.timeout(60_000);
  needsBundle(this);

  for (const name of ["OFFER", "SEAL", "ACCEPT", "CONFIRM"] as const) {
    it(`a changed answer to ${name} is noticed at once: it came in the channel`, async () => {
      const cards = await cardsFor(2, `spoilt ${name}`);
      const plain: string[] = [];
      const store = memoryRun();
      const set = wrapped(cards, (link) =>
        meddled(link, (apdu, answer) => {
          if (!is(apdu, commands[name])) return answer;
          if (apdu[0] !== CLA.CHANNEL) plain.push(name);
          return flipped(answer, 5);
        }),
      );
      await set.arrange();
      const approve = async () => true;
      const lied = run(cards, { store, approve, present: set.present });
      await assert.rejects(lied, stops("verify/answer"));
      assert.deepEqual(plain, [], "it went in the clear although a channel was open");
      assert.ok((await run(cards, { store, approve })).complete);
    });
  }

  it("a channel that is changed on its way ends, and a new one is opened", async () => {
    const cards = await cardsFor(2, "channel");
    let spoiled = 0;
    const set = wrapped(cards, (link) =>
      meddled(link, (apdu, answer) => {
        if (apdu[0] !== 0x84 || spoiled) return answer;
        spoiled++;
        return flipped(answer, 3);
      }),
    );
    await set.arrange();
    await assert.rejects(run(cards, { present: set.present }), stops("verify/answer"));
    assert.ok((await run(cards)).complete);
  });
});
