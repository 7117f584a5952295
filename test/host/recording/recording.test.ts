/**
 * Recordings of a backup by virtual cards: every byte is named, nothing secret is in them, and the
 * same cards answer the same once more.
 */

import assert from "node:assert/strict";
import {
  CardSession,
  ConnectedCards,
  equal,
  isFailure,
  LinkError,
  toHex,
  type Transport,
} from "../../../host/sdk/core.js";
import {
  isExchange,
  learn,
  linksOf,
  readRecording,
  Recording,
  replay,
  type Exchange,
  type Run,
} from "../../../host/sdk/recording/index.js";
import { COMMANDS } from "../../../host/sdk/wire/generated.js";
import { withTransmit } from "../../../host/sdk/links/link.js";
import { accessCode, linkTo, MAKER, needsBundle, TestCard } from "../support.js";
import { cardsFor, meddled, run } from "../relay/cards.js";

type Wrap = (transport: Transport) => Transport;

/** Cards on links that are wrapped, then recorded. */
function recorded(cards: readonly TestCard[], recording: Recording, wrap: Wrap): ConnectedCards {
  return new ConnectedCards(
    cards.map(({ board, name }) => ({
      name,
      open: async () => recording.link(wrap(await linkTo(board, name))),
    })),
  );
}

async function backUp(cards: readonly TestCard[], wrap: Wrap = (link) => link) {
  const lines: string[] = [];
  const recording = new Recording((line) => lines.push(line));
  const set = recorded(cards, recording, wrap);
  await set.arrange();
  const result = await run(cards, { present: set.present });
  return { text: lines.map((line) => `${line}\n`).join(""), result };
}

const short: Wrap = (transport) => meddled(transport, (_, answer) => answer, false);
const only = (text: string): Run => {
  const [run, more] = readRecording(text);
  assert.ok(run && !more);
  return run;
};
async function stateOf(card: TestCard | undefined) {
  await card?.reconnect();
  return (await card?.session.status())?.state;
}
const exchanges = (run: Run): Exchange[] => run.entries.filter(isExchange);

describe("recording", function () {
  this.timeout(60_000);
  needsBundle(this);

  for (const [way, wrap] of [
    ["whole commands", undefined],
    ["chained commands and paged answers", short],
  ] as const)
    it(`names every byte of a backup: ${way}`, async () => {
      const cards = await cardsFor(2);
      const { text } = await backUp(cards, wrap);
      const run = only(text);
      assert.ok(exchanges(run).length > 15);
      for (const { name, sealed, commandParts, answerParts, inside } of exchanges(run)) {
        for (const { cover } of [...(inside?.commandParts ?? []), ...(inside?.answerParts ?? [])])
          assert.notEqual(cover, "secret", name);
        assert.notEqual(name, "unknown");
        for (const { name: part, cover } of [...commandParts, ...answerParts]) {
          assert.notEqual(part, "more", name);
          assert.notEqual(cover, "secret", `${name}: ${part}`);
          if (sealed) assert.ok(cover === "sealed" || cover === "frame", `${name}: ${part}`);
        }
      }
      const learned = learn(run, [MAKER]);
      assert.deepEqual(
        learned.messages.map(({ message, genuine }) => [message, genuine]),
        [
          ["OFFER", true],
          ["TRANSFER", true],
        ],
      );
      assert.ok(learned.sealed > 5);
    });

  it("holds the access code and the wallet's keys in no form", async () => {
    const cards = await cardsFor(2);
    const code = accessCode();
    const { text, result } = await backUp(cards);
    const [source] = cards as [TestCard];
    await source.reconnect();
    await source.session.openChannel({ maker: MAKER });
    const { salt, cost } = source.session.channel!;
    const stretched = await code.stretch(salt, cost);
    for (const [what, bytes] of [
      ["stretched code", stretched],
      ["wallet's public key", result.publicKey],
    ] as const)
      assert.ok(!text.includes(toHex(bytes)), what);
    assert.ok(text.includes(toHex(result.setId)), "what must be there is found");
  });

  it("is answered byte for byte the same by cards of the same seed and history", async () => {
    const { text } = await backUp(await cardsFor(2, "twin"));
    const run = only(text);
    const twins = await cardsFor(2, "twin");
    const cards = new Map<string, Transport>();
    for (const twin of twins) cards.set(twin.name, await linkTo(twin.board, twin.name));
    assert.deepEqual(new Set(linksOf(run)), new Set(cards.keys()));
    const likeness = new Set<string>();
    for await (const compared of replay(run, cards)) likeness.add(compared.likeness);
    assert.deepEqual([...likeness], ["same"]);
    assert.equal(await stateOf(twins[1]), "COPY");
  });

  it("is not taken by other cards: nothing that was sealed for one is sent", async () => {
    const { text } = await backUp(await cardsFor(2, "these"));
    const run = only(text);
    const others = await cardsFor(2, "those");
    const cards = new Map<string, Transport>();
    for (const [at, link] of ["these source", "these copy 1"].entries()) {
      const card = others[at] as TestCard;
      cards.set(link, await linkTo(card.board, card.name));
    }
    const counts: Record<string, number> = {};
    for await (const { exchange, likeness } of replay(run, cards)) {
      counts[likeness] = (counts[likeness] ?? 0) + 1;
      if (exchange.sealed) assert.equal(likeness, "sealed");
    }
    assert.ok((counts.sealed ?? 0) > 5 && (counts.alike ?? 0) > 1, JSON.stringify(counts));
    assert.equal(await stateOf(others[1]), "EMPTY");
  });

  it("says of a command that was never answered that it was lost", async () => {
    const lines: string[] = [];
    const recording = new Recording((line) => lines.push(line));
    const card = await TestCard.empty("lost");
    const link = recording.link(
      withTransmit(await linkTo(card.board, "lost"), () =>
        Promise.reject(new LinkError("link/no-answer", { link: "lost", seconds: 1 })),
      ),
    );
    await assert.rejects(new CardSession(link).status(), LinkError);
    const [exchange] = exchanges(only(lines.map((line) => `${line}\n`).join("")));
    assert.deepEqual([exchange?.name, exchange?.lost], ["STATUS", "timeout"]);
  });

  it("keeps a sealed command whose answer never came, in its place", async () => {
    const lines: string[] = [];
    const recording = new Recording((line) => lines.push(line), { inside: true });
    const card = await TestCard.wallet("cut");
    await card.reconnect();
    const { transport } = card.session;
    const { ins } = COMMANDS.find(({ name }) => name === "CODE") ?? {};
    const cut = withTransmit(transport, (apdu, options) =>
      apdu[1] === ins
        ? Promise.reject(new LinkError("link/closed", { link: "cut" }))
        : transport.transmit(apdu, options),
    );
    const session = new CardSession(recording.link(cut, "virtual"));
    await session.openChannel({ maker: MAKER });
    await assert.rejects(session.enterCode(accessCode()), LinkError);
    await session.status();
    assert.deepEqual(
      exchanges(only(lines.map((line) => `${line}\n`).join(""))).map(({ name, lost, inside }) => [
        name,
        lost,
        inside,
      ]),
      [
        ["OPEN", undefined, undefined],
        ["CODE", "closed", undefined],
        ["STATUS", undefined, undefined],
      ],
    );
  });

  it("tells a message that no genuine card signed", async () => {
    const { text } = await backUp(await cardsFor(2));
    const run = only(text);
    const forged = exchanges(run).map((exchange) => {
      const { inside } = exchange;
      if (inside?.name !== "OFFER") return exchange;
      const answer = inside.answer.slice();
      answer[150]! ^= 1;
      return { ...exchange, inside: { ...inside, answer } };
    });
    const [offer] = learn({ inside: false, entries: forged }, [MAKER]).messages;
    assert.equal(offer?.genuine, false);
  });

  it("keeps what is inside the seals only where it was told that the cards are virtual", async () => {
    const lines: string[] = [];
    const card = await TestCard.wallet("opened");
    const recording = new Recording((line) => lines.push(line), { inside: true });
    await card.reconnect();
    const opened = new CardSession(recording.link(card.session.transport, "virtual"));
    await opened.openChannel({ maker: MAKER });
    await opened.enterCode(accessCode());
    const ledger = await opened.ledger();
    const text = lines.map((line) => `${line}\n`).join("");
    const insides = exchanges(only(text)).flatMap(({ name, inside }) =>
      inside ? [{ ...inside, name }] : [],
    );
    assert.deepEqual(
      insides.map(({ name }) => name),
      ["CODE", "LEDGER"],
    );
    assert.deepEqual(
      insides[0]?.commandParts.map(({ cover }) => cover),
      ["secret"],
    );
    assert.ok(equal(insides[1]!.answer.slice(34, 50), ledger.setId));
    // Under a header that does not say so it is refused.
    const lied = text.replace('"inside":true', '"inside":false');
    assert.throws(
      () => readRecording(lied),
      (error) => isFailure(error, "input/recording") && /seal/.test(error.message),
    );
  });

  it("keeps a real card's seals closed in a recording of virtual ones", async () => {
    const lines: string[] = [];
    const recording = new Recording((line) => lines.push(line), { inside: true });
    for (const [name, inside] of [
      ["virtual", true],
      ["real", false],
    ] as const) {
      const card = await TestCard.wallet(name);
      await card.reconnect();
      const session = new CardSession(recording.link(card.session.transport, name, inside));
      await session.openChannel({ maker: MAKER });
      await session.enterCode(accessCode());
    }
    const codes = exchanges(only(lines.map((line) => `${line}\n`).join(""))).filter(
      ({ name }) => name === "CODE",
    );
    assert.deepEqual(
      codes.map(({ link, inside }) => [link, inside !== undefined]),
      [
        ["virtual", true],
        ["real", false],
      ],
    );
  });

  it("is refused with the line that is wrong; a cut last line is left out", async () => {
    const { text } = await backUp(await cardsFor(2));
    const lines = text.split("\n");
    const damaged = (at: number, line: string) =>
      lines.map((each, index) => (index === at ? line : each)).join("\n");
    for (const [line, why] of [
      ["{", /line 3.*not a recording/],
      ["[]", /line 3/],
      ['{"at":1}', /line 3/],
      [lines[2]!.replace(/"command":"../, '"command":"'), /line 3.*parts are \d+ bytes of \d+/],
      [lines[2]!.replace('"frame"', '"magic"'), /line 3.*cover/],
    ] as const)
      assert.throws(
        () => readRecording(damaged(2, line)),
        (error) => isFailure(error, "input/recording") && why.test(error.message),
        line,
      );
    assert.throws(() => readRecording(lines.slice(1).join("\n")), /header/);
    const cut = only(text.slice(0, -5));
    assert.equal(cut.entries.length, only(text).entries.length - 1);
  });
});
