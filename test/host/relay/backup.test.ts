/**
 * The backup ceremony with virtual cards: connected and tapped, two cards and three, and what
 * stops it.
 */

import assert from "node:assert/strict";
import {
  equal,
  hash,
  memoryRun,
  Recorder,
  toHex,
  verifyDigest,
  type BackupEvent,
} from "../../../host/sdk/core.js";
import { CLA, COMMANDS } from "../../../host/sdk/wire/generated.js";
import { accessCode, CODE, COST, MAKER, needsBundle, TestCard } from "../support.js";
import { breaks, cardsFor, meddled, run, stops, tapped, wrapped } from "./cards.js";

const DIGEST = hash(Uint8Array.of(1, 2, 3));

/** All cards sign the same digest under the same key. */
async function sameKey(cards: readonly TestCard[], publicKey: Uint8Array): Promise<void> {
  for (const card of cards) {
    await card.reconnect();
    await card.unlock();
    const { signature } = await card.session.sign([], DIGEST);
    assert.ok(verifyDigest(publicKey, DIGEST, signature), card.name);
  }
}
const stateOf = async (card: TestCard) => (await card.session.status()).state;

describe("backup", function () {
  this.timeout(60_000);
  needsBundle(this);

  for (const setSize of [2, 3]) {
    it(`copies to ${setSize - 1} connected card(s); all sign under one key`, async () => {
      const cards = await cardsFor(setSize);
      const result = await run([...cards].reverse());
      assert.ok(result.complete);
      assert.equal(result.source?.ledger.state, "SHARED");
      assert.deepEqual(
        result.copies.map(({ ledger, confirmed }) => [ledger.copy, ledger.setSize, confirmed]),
        Array.from({ length: setSize - 1 }, (_, i) => [i + 2, setSize, true]),
      );
      await sameKey(cards, result.publicKey);
    });
  }

  it("asks connected cards once: a channel each, the source's ledger twice", async () => {
    const asked = new Map<string, number>();
    const apdu = (request: Uint8Array) => {
      const name = COMMANDS.find(({ ins }) => ins === request[1])?.name ?? "other";
      if (request[0] !== CLA.ISO) asked.set(name, (asked.get(name) ?? 0) + 1);
    };
    const result = await run(await cardsFor(3), {}, [{ apdu }]);
    assert.ok(result.complete);
    const once = ["OPEN", "LEDGER", "CODE", "STATUS"].map((name) => asked.get(name));
    // STATUS: by ConnectedCards before it knows the source, and at each card's first visit
    assert.deepEqual(once, [3, 4, 3, 6]);
  });

  it("works in the least taps, D S D: the receipts wait for the source's next tap", async () => {
    const cards = await cardsFor(2);
    const [source] = cards as [TestCard];
    await source.unlock();
    const { ownId: id, setId, publicKey } = await source.session.ledger();
    const taps: string[] = [];
    const store = memoryRun();
    const known = { source: { id, setId, publicKey }, setSize: 2, store };
    const first = await run(cards, { ...known, present: tapped(cards, taps, false) });
    assert.deepEqual(taps, ["D1", "S", "D1"]);
    assert.deepEqual([first.complete, first.copies[0]?.confirmed], [false, false]);
    assert.equal(first.source?.ledger.slots[0].state, "SEALED");
    // Later, with the run file: one more tap of the source.
    taps.length = 0;
    const second = await run(cards, { ...known, present: tapped(cards, taps) });
    assert.deepEqual(taps.at(-1), "S");
    assert.ok(second.complete);
  });

  it("works in five taps for three cards, D1 D2 S D1 D2, and S for the receipts", async () => {
    const cards = await cardsFor(3);
    const [source] = cards as [TestCard];
    await source.unlock();
    const { ownId: id, setId, publicKey } = await source.session.ledger();
    const taps: string[] = [];
    const present = tapped(cards, taps);
    const result = await run(cards, { source: { id, setId, publicKey }, present });
    assert.deepEqual(taps, ["D1", "D2", "S", "D1", "D2", "S"]);
    assert.ok(result.complete);
    for (const card of cards) card.board.powerOn();
    await sameKey(cards, publicKey);
  });

  it("begins with a tap of the source when nobody knows the wallet", async () => {
    const cards = await cardsFor(2);
    const taps: string[] = [];
    await run(cards, { present: tapped(cards, taps) });
    assert.deepEqual(taps, ["S", "D1", "S", "D1", "S"]);
  });

  it("makes one copy now and another later, within the set's size", async () => {
    const cards = await cardsFor(3);
    const [source, first, second] = cards as [TestCard, TestCard, TestCard];
    const one = await run([source, first], { setSize: 3, copies: 1 });
    assert.deepEqual([one.complete, one.source?.ledger.state], [true, "SHARING"]);
    await assert.rejects(run([source, second], { setSize: 2 }), stops("backup/set-size"));
    const two = await run([source, second], { setSize: 3, copies: 1 });
    assert.deepEqual([two.copies[0]?.ledger.copy, two.source?.ledger.state], [3, "SHARED"]);
    await sameKey(cards, one.publicKey);
  });

  it("goes through again without harm, and says that all is done", async () => {
    const cards = await cardsFor(2);
    await run(cards);
    const recorder = new Recorder();
    const again = await run(cards, {}, [recorder]);
    assert.ok(again.complete);
    const sent = new Set(recorder.apdus.map(({ name }) => name));
    assert.ok(sent.has("LEDGER"), "nothing was recorded");
    for (const name of ["SEAL", "ACCEPT", "CONFIRM", "OFFER"] as const) assert.ok(!sent.has(name));
  });

  it("refuses a second backup of a finished set, before any card is touched", async () => {
    const cards = await cardsFor(2);
    await run(cards);
    const extra = await TestCard.empty("extra");
    const again = run([cards[0] as TestCard, extra], { setSize: 2 });
    await assert.rejects(again, stops("backup/closed"));
    assert.equal(await stateOf(extra), "EMPTY");
  });

  it("refuses a destination that was reset after its receipt: its place is spent", async () => {
    const cards = await cardsFor(2);
    await run(cards);
    const copy = cards[1] as TestCard;
    await copy.unlock();
    await copy.session.reset();
    await assert.rejects(run(cards), stops("backup/place-spent"));
  });

  it("seals anew to a destination that dropped its offer", async () => {
    const cards = await cardsFor(2);
    const store = memoryRun();
    const taps: string[] = [];
    const present = tapped(cards, taps);
    const cut = run(cards, {
      store,
      present: (request) => {
        if (taps.length === 3) throw new Error("enough for today");
        return present(request);
      },
    });
    await assert.rejects(cut, breaks(/enough for today/));
    assert.deepEqual(taps, ["S", "D1", "S"]);
    const copy = cards[1] as TestCard;
    for (const card of cards) card.board.powerOn();
    await copy.reconnect();
    await copy.session.openChannel({ maker: MAKER });
    await copy.held(() => copy.session.cancel());
    const result = await run(cards, { store });
    assert.ok(result.complete);
    await sameKey(cards, result.publicKey);
  });

  it("copies a card whose code another cost stretched, with the same code", async () => {
    const source = await TestCard.empty("cost");
    await source.session.openChannel({ maker: MAKER });
    await source.session.activate(accessCode(), { cost: COST + 1 });
    const copy = await TestCard.empty("cost copy");
    await run([source, copy]);
    await copy.reconnect();
    await copy.unlock();
    assert.equal(copy.session.channel?.cost, COST + 1);
  });

  it("works where only short APDUs go through: data chained, answers paged", async () => {
    const cards = await cardsFor(2);
    const recorder = new Recorder();
    const set = wrapped(cards, (link) =>
      meddled(
        link,
        (command, answer) => {
          recorder.apdu(command, answer);
          return answer;
        },
        false,
      ),
    );
    await set.arrange();
    assert.ok((await run(cards, { present: set.present })).complete);
    for (const { command, answer } of recorder.apdus) {
      assert.ok(command.length <= 261 && answer.length <= 258, "an extended APDU");
    }
    const names = recorder.apdus.map(({ name }) => name);
    assert.equal(names.filter((name) => name === "ACCEPT").length, 2, "366 bytes in two parts");
    assert.ok(names.includes("GET RESPONSE") && names.includes("SELECT"));
  });

  it("tells each step in words with the card's name, and counts up to the end", async () => {
    const cards = await cardsFor(3);
    const events: BackupEvent[] = [];
    await run(cards, { onEvent: (event) => events.push(event) });
    const steps = events.filter((event) => event.type === "step");
    assert.deepEqual(
      steps.map(({ step }) => step).filter((step) => step !== "read"),
      [
        ...["name-source", "offer", "name-source", "offer", "name-destinations", "seal", "seal"],
        ...["accept", "check", "accept", "check", "confirm", "confirm"],
      ],
    );
    for (const { text, holdMs } of steps) {
      assert.match(text, /^(the source card|copy card [23])/);
      assert.ok(holdMs > 0);
    }
    const done = events.filter((event) => event.type === "done").map((event) => event.done);
    assert.deepEqual(
      [...done].sort((a, b) => a - b),
      done,
      "never goes back",
    );
    assert.equal(done.at(-1), 10);
  });

  it("I1 secrecy: neither code nor stretched code nor key passes the relay's links", async () => {
    const cards = await cardsFor(3);
    const recorder = new Recorder();
    const store = memoryRun();
    let written = "";
    const save = async (text: Parameters<typeof store.save>[0]) => {
      written += JSON.stringify(text, (_, value: unknown) =>
        value instanceof Uint8Array ? toHex(value) : value,
      );
      await store.save(text);
    };
    await run(cards, { store: { ...store, save } }, [recorder]);
    const seen =
      recorder.apdus.map(({ command, answer }) => toHex(command) + toHex(answer)).join(" ") +
      written;
    const [source] = cards as [TestCard];
    await source.reconnect();
    await source.unlock();
    const { publicKey, chainCode } = await source.session.publicKey([]);
    const { salt, cost } = source.session.channel as { salt: Uint8Array; cost: number };
    const secrets: [string, string][] = [
      ["the code", Buffer.from(CODE).toString("hex")],
      ["the stretched code", toHex(await accessCode().stretch(salt, cost))],
      ["the chain code", toHex(chainCode)],
      ["the salt", toHex(salt)],
    ];
    // What must be found where it is looked for: else the search itself is blind.
    const { bytes } = await source.session.certificate();
    assert.ok(seen.includes(toHex(bytes)), "the search does not find a certificate");
    for (const [what, hex] of secrets) assert.ok(!seen.includes(hex), what);
    // The run's names are public; the relay's links do not show even those.
    const wire = recorder.apdus.map(({ answer }) => toHex(answer)).join(" ");
    assert.ok(!wire.includes(toHex(publicKey)));
    assert.ok(equal(publicKey, (await source.session.ledger()).publicKey));
  });
});
