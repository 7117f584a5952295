/**
 * The mailbox: its states, what each frame lost does, every wait's end, and what stays in memory.
 */
import assert from "node:assert/strict";
import { CardSession, LinkError, Recorder } from "../../host/sdk/core.js";
import { fromHex, toHex } from "../../host/sdk/crypto/bytes.js";
import { crc32 } from "../../host/sdk/links/line/crc32.js";
import { MailboxTransport } from "../../host/sdk/links/nfc/mailbox.js";
import type { Tag } from "../../host/sdk/links/nfc/tag.js";
import {
  MAILBOX,
  MAILBOX_BUSY,
  MAILBOX_STATES,
  MAILBOX_STATUS,
  TAG,
} from "../../host/sdk/wire/generated.js";
import { accessCode, COST, MAKER, needsBundle, TestCard } from "../host/support.js";
import { contains } from "../support/bytes.js";
import { spyKernel, type Secrets } from "../support/spy.js";
import { cardsOff, tap } from "./cards.js";
import { FAMILIES, Reader, Silence, tagOn, type ReaderOptions } from "./reader.js";
import { PART, someOf } from "../support/full.js";

const STATUS = Uint8Array.of(0x80, 0x10, 0, 0);
const CERTIFICATE = Uint8Array.of(0x80, 0x16, 0, 0);
/** OPEN with the curve's generator. */
const OPEN = fromHex(
  "80200000210279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
);
const value = (name: keyof typeof MAILBOX_STATES): number => MAILBOX_STATES[name].value;

/** A certified card in the field of a reader, with its wire pulled. */
async function held(name: string, options: ReaderOptions = {}) {
  const card = await TestCard.empty(name);
  card.board.powerOff();
  card.board.powerOn();
  const reader = new Reader(card.board, options);
  reader.field(true);
  const page = (at: number) => reader.exchange(Uint8Array.of(TAG.READ, at)) as Uint8Array;
  const write = (at: number, ...data: number[]) =>
    reader.exchange(Uint8Array.of(TAG.WRITE, at, ...data));
  const state = () => page(MAILBOX.STATUS_PAGE)[MAILBOX_STATUS.STATE];
  /** Writes a request page by page; the head may be falsified. */
  const request = (
    seq: number,
    apdu: Uint8Array,
    change: { crc?: number; length?: number } = {},
  ) => {
    const padded = [...apdu, 0, 0, 0].slice(0, (apdu.length + 3) & ~3);
    for (let at = 0; at < padded.length; at += 4)
      write(MAILBOX.REQUEST_PAGE + at / 4, ...padded.slice(at, at + 4));
    const sum = change.crc ?? crc32(Uint8Array.of(seq, ...apdu));
    write(MAILBOX.HEAD_PAGE, sum >>> 24, (sum >> 16) & 255, (sum >> 8) & 255, sum & 255);
    const length = change.length ?? apdu.length;
    return write(MAILBOX.GO_PAGE, 0, length >> 8, length & 255, seq);
  };
  return { card, reader, page, write, state, request };
}
const fails = (failure: LinkError["failure"], text: RegExp) => (error: unknown) => {
  assert.ok(error instanceof LinkError, String(error));
  assert.equal(error.failure, failure);
  assert.match(error.message, text);
  return true;
};

describe("nfc mailbox: states", function () {
  needsBundle(this);

  it("EMPTY, BUSY with an estimate before the work, ANSWER with its CRC", async () => {
    const { reader, page, state, request, write } = await held("states");
    assert.equal(state(), value("EMPTY"));
    request(7, STATUS);
    const busy = page(MAILBOX.STATUS_PAGE);
    assert.equal(busy[MAILBOX_STATUS.STATE], value("BUSY"));
    assert.equal(busy[MAILBOX_STATUS.SEQ], 7);
    assert.equal(busy[MAILBOX_STATUS.BUSY], MAILBOX_BUSY.STATUS);
    assert.equal(write(MAILBOX.REQUEST_PAGE, 0, 0, 0, 0), TAG.NAK, "a write while busy");
    reader.advance(500);
    const done = page(MAILBOX.STATUS_PAGE);
    assert.equal(done[MAILBOX_STATUS.STATE], value("ANSWER"));
    assert.equal(done[MAILBOX_STATUS.LENGTH + 1], 18);
    const answer = reader.exchange(Uint8Array.of(TAG.FAST_READ, 92, 96)) as Uint8Array;
    const sum = new DataView(done.buffer).getUint32(MAILBOX_STATUS.ANSWER_CRC);
    assert.equal(sum, crc32(Uint8Array.of(7, ...answer.slice(0, 18))));
  });
  it("executes a request once, however often it is written", async () => {
    const { reader, state, request, page } = await held("once");
    // The card's ephemeral key is in the answer: another execution, another answer.
    const ask = (seq: number): string => {
      request(seq, OPEN);
      reader.advance(1000);
      assert.equal(state(), value("ANSWER"));
      return toHex(page(MAILBOX.ANSWER_PAGE));
    };
    const first = ask(1);
    assert.equal(ask(1), first, "the same seq and CRC");
    assert.notEqual(ask(2), first, "another seq");
  });
  for (const [what, apdu, change] of [
    ["a wrong CRC", STATUS, { crc: 1 }],
    ["no APDU", STATUS.slice(0, 0), {}],
    ["a length beyond the pages", STATUS, { length: 262 }],
    ["a length beyond everything", STATUS, { length: 65535 }],
  ] as const)
    it(`BAD, and nothing executed: ${what}`, async () => {
      const { reader, state, request } = await held("bad");
      request(3, apdu, change);
      reader.advance(500);
      assert.equal(state(), value("BAD"));
      request(4, STATUS);
      reader.advance(500);
      assert.equal(state(), value("ANSWER"), "the next one");
    });
  it("keeps one timer, however often the field comes and goes", async () => {
    const { card, reader } = await held("flapping");
    const before = card.board.timers;
    for (let i = 0; i < 200; i++) {
      reader.field(false);
      reader.advance(20);
      reader.field(true);
    }
    assert.ok(card.board.timers <= before + 1, `${card.board.timers - before} timers more`);
  });
  it("answers LENGTH to what is no short APDU", async () => {
    const { reader, state, request, page } = await held("length");
    const long = new Uint8Array(7 + 239);
    long.set([0x80, 0x36, 0, 0, 0, 0, 239]);
    for (const apdu of [STATUS.slice(0, 3), Uint8Array.of(0x80, 0x10, 0, 0, 0, 0, 0), long]) {
      request(apdu.length, apdu);
      reader.advance(1000);
      assert.equal(state(), value("ANSWER"));
      assert.equal(toHex(page(MAILBOX.ANSWER_PAGE)), "6700".padEnd(32, "0"), toHex(apdu));
    }
  });
  it("REFUSED while another link has a channel, and heard when that ends", async () => {
    const { card, reader, state, request } = await held("refused");
    await card.reconnect();
    await card.session.openChannel({ maker: MAKER });
    request(5, STATUS);
    reader.advance(500);
    assert.equal(state(), value("REFUSED"));
    await card.session.select();
    request(6, STATUS);
    reader.advance(500);
    assert.equal(state(), value("ANSWER"));
  });
  it("is not emptied under a reader whose coming got lost", async () => {
    const { card, reader, request, state } = await held("unheard coming");
    reader.field(false);
    reader.advance(1000);
    card.board.nfc.loses("NFCon");
    reader.field(true);
    request(1, STATUS);
    reader.advance(500);
    assert.equal(state(), value("ANSWER"));
    reader.advance(29_500);
    assert.equal(state(), value("ANSWER"));
  });
  it("an accepted request runs although the field goes, and its answer waits 30 s", async () => {
    const { reader, state, request, page } = await held("waits");
    request(8, CERTIFICATE);
    reader.field(false);
    reader.advance(29_000);
    reader.field(true);
    assert.equal(state(), value("ANSWER"));
    assert.notEqual(toHex(page(MAILBOX.ANSWER_PAGE)), "00".repeat(16));
    reader.field(false);
    reader.advance(30_500);
    reader.field(true);
    assert.equal(state(), value("EMPTY"));
    for (let at = MAILBOX.HEAD_PAGE; at <= MAILBOX.LAST_PAGE; at += 4)
      assert.equal(toHex(page(at)), "00".repeat(16), `page ${at}`);
  });
  it("keeps the answer while taps follow each other, counting from the last", async () => {
    const { reader, state, request } = await held("taps");
    request(8, CERTIFICATE);
    reader.advance(500);
    for (let taps = 0; taps < 3; taps++) {
      reader.field(false);
      reader.advance(20_000);
      reader.field(true);
      assert.equal(state(), value("ANSWER"), `tap ${taps}`);
    }
  });
});

describe("nfc mailbox: another reader's answer", function () {
  needsBundle(this);

  it("does not pass for this one's, though both ask the same with the next number", async () => {
    const [card] = await cardsOff(2, "two readers");
    const first = await tap(card!, "raw");
    await first.link.transmit(CERTIFICATE);
    first.reader.field(false);
    const second = await tap(card!, "raw");
    // What the first one sends next, byte for byte; the answer has the card's new ephemeral key.
    const theirs = await second.link.transmit(OPEN);
    second.reader.field(false);
    first.reader.field(true);
    // No reader is faster: the card gives no answer sooner after a go.
    first.reader.advance(MAILBOX.START_MS);
    assert.notEqual(toHex(await first.link.transmit(OPEN)), toHex(theirs));
  });
});

describe("nfc mailbox: the channel", function () {
  needsBundle(this);

  it("ends with the field", async () => {
    const [card] = await cardsOff(2, "channel ends");
    const { reader, link } = await tap(card!, "raw");
    const session = new CardSession(link);
    await session.openChannel({ maker: MAKER });
    reader.field(false);
    reader.field(true);
    await assert.rejects(session.enterCode(accessCode()), /CHANNEL|channel/);
    await session.openChannel({ maker: MAKER });
    await session.enterCode(accessCode());
    await link.close();
  });
  it("ends as soon as the field is gone: the wire is heard", async () => {
    const [card] = await cardsOff(2, "field gone");
    const { reader, link } = await tap(card!, "raw");
    await new CardSession(link).openChannel({ maker: MAKER });
    reader.field(false);
    await card!.reconnect();
    await card!.session.openChannel({ maker: MAKER });
  });
  it("holds when the tag is selected again in the same field", async () => {
    const [card] = await cardsOff(2, "reselected");
    const { link } = await tap(card!, "raw");
    const session = new CardSession(link);
    await session.openChannel({ maker: MAKER });
    card!.board.nfc.reselect();
    await session.enterCode(accessCode());
  });
  it("ends by its idle time where word of the loss got lost", async () => {
    const [card] = await cardsOff(2, "unheard loss");
    const { reader, link } = await tap(card!, "raw");
    const session = new CardSession(link);
    await session.openChannel({ maker: MAKER });
    // The interpreter drops events when its queue is full.
    card!.board.nfc.loses("NFCoff");
    reader.field(false);
    reader.advance(61_000);
    reader.field(true);
    await assert.rejects(session.enterCode(accessCode()), /CHANNEL|channel/);
  });
  it("holds where word of the field's coming got lost", async () => {
    const [card] = await cardsOff(2, "unheard field");
    card!.board.nfc.loses("NFCon");
    const { link } = await tap(card!, "raw");
    const session = new CardSession(link);
    await session.openChannel({ maker: MAKER });
    await session.enterCode(accessCode());
  });
  it("holds no other link off when it was opened after the field had gone", async () => {
    const { card, reader, request } = await held("opened late");
    request(1, OPEN);
    reader.field(false);
    reader.advance(1000);
    await card.reconnect();
    await card.session.openChannel({ maker: MAKER });
  });
  it("leaves nothing in the tag once it is emptied", async () => {
    const secrets: Secrets = new Map();
    const card = await TestCard.empty("residue", { kernel: spyKernel(secrets), keepRam: true });
    card.board.powerOff();
    card.board.powerOn();
    const recorder = new Recorder();
    const { reader, link } = await tap(card, "raw", { observers: [recorder] });
    const session = new CardSession(link);
    await session.openChannel({ maker: MAKER });
    await session.activate(accessCode(), { cost: COST });
    await link.close();
    reader.field(false);
    reader.advance(31_000);
    reader.field(true);
    const memory: number[] = [];
    for (let page = 0; page <= MAILBOX.LAST_PAGE; page += 4)
      memory.push(...(reader.exchange(Uint8Array.of(TAG.READ, page)) as Uint8Array));
    const all = Uint8Array.from(memory);
    assert.ok(secrets.size > 3 && recorder.apdus.length >= 3, "nothing was seen");
    for (const { bytes, what } of secrets.values()) assert.ok(!contains(all, bytes), what);
    for (const { command, answer, name } of recorder.apdus)
      for (const bytes of [command, answer])
        if (bytes.length > 8) assert.ok(!contains(all, bytes.slice(-8)), `${name} ${toHex(bytes)}`);
    const left = card.board.ram().filter((bytes) => {
      return [...secrets.values()].some(({ what, bytes: secret }) => {
        return /ktocard|ktohost|Kpriv/.test(what) && contains(bytes, secret);
      });
    });
    assert.equal(left.length, 0, "keys of the channel, or the wallet's, in RAM");
  });
});

describe("nfc mailbox: the host's side", function () {
  needsBundle(this);

  for (const family of FAMILIES)
    it(`gets every answer although each frame in turn is lost (${family})${PART}`, async () => {
      const { card } = await held(`lost frames ${family}`);
      const { link: first, reader: whole } = await tap(card, family);
      const expected = toHex(await first.transmit(CERTIFICATE));
      const frames = whole.frames;
      await first.close();
      for (const lost of someOf(`lost ${family}`, frames, 12).map((at) => at + 1))
        for (const before of [true, false]) {
          let armed = true;
          const { link, reader } = await tap(card, family, {});
          const { exchange } = reader;
          let count = 0;
          reader.exchange = (frame) => {
            if (!armed || ++count !== lost) return exchange.call(reader, frame);
            armed = false;
            if (!before) exchange.call(reader, frame);
            throw new Silence("lost");
          };
          assert.equal(toHex(await link.transmit(CERTIFICATE)), expected, `frame ${lost}`);
          await link.close();
        }
    });
  for (const family of FAMILIES)
    it(`gets every answer although the field goes at each frame in turn (${family})${PART}`, async () => {
      const { card } = await held(`field ${family}`);
      for (const at of someOf(`field ${family}`, 40, 10).map((frame) => frame + 1)) {
        let count = 0;
        const { link, reader } = await tap(card, family, {
          onFrame: () => {
            if (++count !== at) return;
            reader.field(false);
            reader.advance(3000);
            reader.field(true);
          },
        });
        const answer = await link.transmit(CERTIFICATE);
        assert.equal(toHex(answer.slice(-2)), "9000", `at frame ${at}`);
        await link.close();
      }
    });
  it("asks again where a frame got the late answer of the one before", async () => {
    const { card } = await held("stale");
    const { link: first, reader: whole } = await tap(card, "read-write");
    const expected = toHex(await first.transmit(CERTIFICATE));
    const { frames } = whole;
    await first.close();
    for (let late = 1; late <= frames; late++) {
      const { link, reader } = await tap(card, "read-write", {});
      const { exchange } = reader;
      let count = 0;
      let kept: Uint8Array | number | undefined;
      reader.exchange = (frame) => {
        const answer = exchange.call(reader, frame);
        if (++count === late) {
          kept = answer;
          throw new Silence("too late");
        }
        const given = kept ?? answer;
        kept = undefined;
        return given;
      };
      assert.equal(toHex(await link.transmit(CERTIFICATE)), expected, `frame ${late}`);
      await link.close();
    }
  });
  it("writes a request again that arrived damaged", async () => {
    const { card } = await held("damaged");
    const reader = new Reader(card.board);
    reader.field(true);
    const tag = tagOn(reader, "read-write");
    let spoil = 2;
    const spoilt: Tag = {
      read: (page) => tag.read(page),
      write: (page, data) => {
        const bad = page === MAILBOX.REQUEST_PAGE && spoil-- > 0;
        return tag.write(page, bad ? data.map((byte) => byte ^ 1) : data);
      },
    };
    const link = await MailboxTransport.connect(spoilt, { clock: reader.clock });
    assert.equal((await link.transmit(STATUS)).length, 18);
    spoil = 99;
    await assert.rejects(link.transmit(STATUS), fails("garbled", /never gets a request whole/));
  });
  it("ends every wait: no tag, a tag that goes, a command without end, a stop", async () => {
    const { card } = await held("waits end");
    const none = new Reader(card.board);
    none.field(false);
    const options = { clock: none.clock, name: "nfc" };
    const connecting = MailboxTransport.connect(tagOn(none, "raw"), options);
    await assert.rejects(connecting, fails("open", /no tag answers within 10 s: hold the card/));
    const { link, reader } = await tap(card, "raw");
    reader.field(false);
    await assert.rejects(link.transmit(STATUS), fails("timeout", /no answer within 30 s/));
    reader.field(true);
    const stop = new AbortController();
    stop.abort();
    const aborted = link.transmit(STATUS, { signal: stop.signal });
    await assert.rejects(aborted, fails("aborted", /stopped on request/));
    assert.equal((await link.transmit(STATUS)).length, 18, "and goes on");
  });
  it("says that a tag is another's, or another card than before", async () => {
    const foreign: Tag = {
      read: async (page) => Uint8Array.from({ length: 16 }, (_, i) => (page || i < 12 ? i : 0xe1)),
      write: async () => undefined,
    };
    const clock = { now: () => 0, sleep: async () => undefined };
    const refused = MailboxTransport.connect(foreign, { clock });
    await assert.rejects(refused, fails("open", /not a Kincard card/));
    const { card } = await held("changed");
    const { link: old, reader: other } = await tap(card, "raw");
    let once = true;
    const { exchange } = other;
    other.exchange = (frame) => {
      if (!once) return exchange.call(other, frame);
      once = false;
      card.board.powerOff();
      card.board.powerOn();
      throw new Silence("rebooting");
    };
    const told: string[] = [];
    old.onDisconnect(({ message }) => told.push(message));
    await assert.rejects(old.transmit(STATUS), fails("closed", /another card/));
    assert.equal(told.length, 1);
  });
  it("takes short APDUs only", async () => {
    const { card } = await held("short");
    const { link } = await tap(card, "raw");
    assert.equal(link.extended, false);
    assert.throws(() => link.transmit(new Uint8Array(262)), /no short one/);
    assert.throws(() => link.transmit(new Uint8Array(3)), /at least four bytes/);
  });
});
