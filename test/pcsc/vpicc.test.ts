/** The card's side of vpcd's protocol, against a reader made of the same frames. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { concat, fromHex, toHex } from "../../host/sdk/crypto/bytes.js";
import { duplexPair } from "../../host/sdk/links/line/pair.js";
import type { Duplex } from "../../host/sdk/links/link.js";
import { socketDuplex } from "../../host/sdk/links/line/tcp.js";
import { BoardCard } from "../../host/emulator/pcsc/board-card.js";
import { ReaderSlot } from "../../host/emulator/pcsc/reader.js";
import { BodySplitter, encodeBody, insertCard } from "../../host/emulator/pcsc/vpicc.js";
import type { PowerEvent, ReadableCard } from "../../host/emulator/pcsc/vpicc.js";
import { AID } from "../../host/sdk/wire/generated.js";
import { kincardHere, Rig } from "../cli/support.js";
import { MAKER, needsBundle, TestCard } from "../host/support.js";
import { until } from "../support/until.js";

const ATR = "3b80800101";
const SELECT = `00a4040009${AID}`;

/** A reader: asks, and waits for the answer. */
class Reader {
  private readonly splitter = new BodySplitter();
  private readonly answers: string[] = [];
  closed = false;

  constructor(private readonly duplex: Duplex) {
    duplex.onData((bytes) => this.answers.push(...this.splitter.push(bytes).map(toHex)));
    duplex.onClose(() => (this.closed = true));
  }
  async tell(hex: string): Promise<void> {
    await this.duplex.write(encodeBody(fromHex(hex)));
  }
  async ask(hex: string): Promise<string> {
    await this.tell(hex);
    await until("no answer", 3000, () => this.answers.length > 0 || this.closed);
    return this.answers.shift() ?? "closed";
  }
}

/** Notes what it is told, answers an APDU with its last byte and 9000. */
class EchoCard implements ReadableCard {
  readonly atr = fromHex(ATR);
  readonly told: string[] = [];
  async power(event: PowerEvent): Promise<void> {
    // A while, so that order is not luck.
    await new Promise((wake) => setTimeout(wake, 5));
    this.told.push(event);
  }
  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    this.told.push(toHex(apdu));
    if (apdu.length === 2) throw new Error("mute");
    return concat(apdu.slice(-1), fromHex("9000"));
  }
}

describe("vpicc frames", () => {
  it("are the same however the stream is cut", () => {
    const bodies = ["01", "04", SELECT, "00".repeat(300)];
    const stream = concat(...bodies.map((body) => encodeBody(fromHex(body))));
    for (let cut = 0; cut <= stream.length; cut++) {
      const splitter = new BodySplitter();
      const found = [splitter.push(stream.slice(0, cut)), splitter.push(stream.slice(cut))];
      assert.deepEqual(found.flat().map(toHex), bodies, `cut at ${cut}`);
    }
  });
});

describe("a card in a vpcd reader", () => {
  async function insert(card: ReadableCard) {
    const [ours, theirs] = duplexPair();
    const reader = new Reader(theirs);
    const inserted = insertCard(ours, card, 500);
    assert.equal(await reader.ask("04"), ATR);
    return { reader, inserted: await inserted };
  }

  it("answers the ATR and APDUs, and is silent about its power", async () => {
    const card = new EchoCard();
    const { reader } = await insert(card);
    for (const control of ["01", "02", "00"]) await reader.tell(control);
    assert.equal(await reader.ask("801000002a"), "2a9000");
    assert.deepEqual(card.told, ["on", "reset", "off", "801000002a"], "in the reader's order");
  });
  it("ignores a control code that it doesn't know", async () => {
    const { reader } = await insert(new EchoCard());
    await reader.tell("09");
    assert.equal(await reader.ask("04"), ATR);
  });
  it("comes out when it goes mute", async () => {
    const { reader, inserted } = await insert(new EchoCard());
    assert.equal(await reader.ask("ffff"), "closed");
    assert.match(String(await inserted.ended), /mute/);
  });
  it("comes out when it is taken out", async () => {
    const { reader, inserted } = await insert(new EchoCard());
    inserted.remove();
    assert.equal(await inserted.ended, undefined);
    await until("still in", 1000, () => reader.closed);
  });
  it("is not in a reader that asks nothing", async () => {
    const [ours] = duplexPair();
    await assert.rejects(insertCard(ours, new EchoCard(), 50), /another card in this slot/);
  });
});

describe("a board in a vpcd reader", function () {
  needsBundle(this);
  let card: TestCard;
  let reader: Reader;
  before(async () => {
    card = await TestCard.empty("reader");
    const [ours, theirs] = duplexPair();
    reader = new Reader(theirs);
    const inserted = insertCard(ours, new BoardCard(card.board));
    await reader.tell("01");
    await inserted;
  });
  after(() => void reader.tell("00"));

  it("is selected and shows its certificate", async () => {
    assert.match(await reader.ask(SELECT), /^0101.{6}9000$/);
    const { bytes } = await card.session.certificate();
    assert.equal(await reader.ask("8016000000"), `${toHex(bytes)}9000`);
  });
  it("refuses what no line carries, and lives on", async () => {
    const tooMuch = `8016000000${"0400"}${"00".repeat(1024)}`;
    assert.equal(await reader.ask(tooMuch), "6700");
    assert.equal(await reader.ask("8016"), "6700");
    assert.match(await reader.ask(SELECT), /9000$/);
  });
  for (const [control, name] of [
    ["00", "off"],
    ["01", "on"],
    ["02", "reset"],
  ] as const)
    it(`${name} ends the channel; the board itself stays on`, async () => {
      const sealed = `8422000010${"00".repeat(16)}`;
      assert.match(await reader.ask(`8020000021${toHex(MAKER)}00`), /9000$/);
      const starts = card.board.powerOns;
      await reader.tell(control);
      assert.equal(await reader.ask(sealed), "6982", "no channel");
      assert.equal(card.board.powerOns, starts);
    });
});

describe("a reader's slot", function () {
  needsBundle(this);
  let server: Server;
  let place: string;
  let sockets: Socket[];
  let card: TestCard;
  let slot: ReaderSlot | undefined;

  beforeEach(async () => {
    sockets = [];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.resume();
      void socketDuplex(socket).write(encodeBody(Uint8Array.of(4)));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    card = await TestCard.make("slot");
  });
  afterEach(async () => {
    await slot?.close();
    slot = undefined;
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it("says what is missing when nothing listens", async () => {
    server.close();
    await assert.rejects(ReaderSlot.open(card.board, place), /no virtual reader .* pcscd running/);
  });
  it("empties with the board's power and fills again", async () => {
    const said: string[] = [];
    slot = await ReaderSlot.open(card.board, place, { tell: (text) => said.push(text) });
    card.board.powerOff();
    await until("still in", 2000, () => sockets[0]?.destroyed === true && said.length === 1);
    card.board.powerOn();
    await until("not back", 3000, () => said.length === 2);
    assert.deepEqual(said, ["out of the reader", "in the reader again"]);
    assert.equal(sockets.length, 2);
  });
  it("takes the board again when the reader was away", async () => {
    slot = await ReaderSlot.open(card.board, place, { retryMs: 20 });
    sockets[0]?.destroy();
    await until("not back", 3000, () => sockets.length === 2);
  });
});

describe("kincard virtual --reader", () => {
  const rig = new Rig();
  after(() => rig.end());
  const virtual = (...args: string[]) =>
    kincardHere(["virtual", "--flash", rig.file("board.flash"), ...args]);

  for (const [what, args, says] of [
    ["no way to the card", [], /say how the card is reached: --listen tcp:HOST:PORT/],
    ["two ways to it", ["--listen", "tcp:127.0.0.1:0", "--reader"], /leave --listen .* out/],
  ] as const)
    it(`refuses ${what}`, async () => {
      const { exit, stderr } = await virtual(...args);
      assert.equal(exit, 2);
      assert.match(stderr, says);
    });
  it("ends when no reader is there, with a sentence and nothing left open", async () => {
    // Port 9, discard: nothing listens on it.
    const args = ["--reader", "127.0.0.1:9", "--control", "tcp:127.0.0.1:0"];
    for (const time of ["once", "and again, for the lock is released"]) {
      const { exit, stderr } = await virtual(...args);
      assert.equal(exit, 4, `${time}: ${stderr}`);
      assert.match(stderr, /no virtual reader takes the card at 127\.0\.0\.1:9: is pcscd running/);
    }
  });
});
