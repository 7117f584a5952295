/**
 * Bad input (docs/protocol.md 3 and 9): malformed APDUs, lengths, parameters and frames get a
 * status word, or silence on the line, and change nothing.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { COMMANDS, LIMITS, SIZES, STATUS_WORDS as SW } from "../../host/sdk/wire/generated.js";
import { LINES } from "../vectors/lines.js";
import { frame } from "../vectors/messages.js";
import { byte, cat } from "../vectors/suite.js";
import { certified, must, TestCard, wallet } from "../support/world.js";
import { SEED } from "../support/seed.js";

const AID = byte(0xf0, 0x4b, 0x49, 0x4e, 0x43, 0x41, 0x52, 0x44, 0x01);

describe("malformed input", () => {
  let card: TestCard;
  let flash: Uint8Array;
  before(() => {
    card = wallet("input");
    flash = card.board.dump();
  });
  afterEach(() => {
    assert.deepEqual(card.board.dump(), flash, "the flash changed");
    assert.equal(card.state, "WALLET");
  });
  const sw = (...apdu: number[]) => card.live.raw(byte(...apdu)).sw;

  it("SELECT takes our AID and no other", () => {
    const select = (aid: Uint8Array, p1 = 4, p2 = 0) =>
      card.live.raw(cat(byte(0, 0xa4, p1, p2, aid.length), aid));
    assert.deepEqual(select(AID).data, byte(1, 1, 0, 1, 0));
    assert.equal(select(AID.slice(0, 8)).sw, SW.NOT_FOUND.value);
    assert.equal(select(cat(AID, byte(0))).sw, SW.NOT_FOUND.value);
    assert.equal(select(AID, 0).sw, SW.P1P2.value);
  });
  it("unknown class, unknown and odd instructions", () => {
    assert.equal(sw(0x81, 0x10, 0, 0), SW.CLA.value);
    assert.equal(sw(0x10, 0x10, 0, 0), SW.CLA.value);
    assert.equal(sw(0x00, 0x10, 0, 0), SW.INS.value);
    const known = COMMANDS.map(({ ins }) => ins as number);
    for (let ins = 0; ins < 256; ins++) {
      if (!known.includes(ins)) assert.equal(sw(0x80, ins, 0, 0), SW.INS.value, `INS ${ins}`);
    }
  });
  it("an APDU that is too short or whose Lc lies", () => {
    for (const apdu of [
      [0x80],
      [0x80, 0x10, 0],
      [0x80, 0x20, 0, 0, 33, 1, 2],
      [0x80, 0x10, 0, 0, 0, 0],
      [0x80, 0x20, 0, 0, 0, 0, 9, 1],
    ]) {
      assert.equal(sw(...apdu), SW.LENGTH.value, apdu.join());
    }
  });
  it("every command refuses data that is one byte too short or too long", () => {
    for (const { name, data, access } of COMMANDS) {
      for (const length of [data[0] - 1, data[1] + 1]) {
        if (length < 0) continue;
        if (access === "code") card.unlock();
        if (access === "channel") card.open();
        const answer = card.ask(name, new Uint8Array(length));
        const cell = COMMANDS.find((command) => command.name === name)!.cells.WALLET;
        const expected = typeof cell === "string" ? SW[cell].value : SW.LENGTH.value;
        assert.equal(answer.sw.toString(16), expected.toString(16), `${name} with ${length} bytes`);
      }
    }
    flash = card.board.dump(); // the right codes were counted
  });
  it("P1 and P2 are 0 but where the table says", () => {
    assert.equal(sw(0x80, 0x10, 1, 0), SW.P1P2.value);
    assert.equal(sw(0x80, 0x10, 0, 1), SW.P1P2.value);
  });
  it("commands of the channel outside it: CHANNEL; a code-less channel: CODE", () => {
    for (const { name, access, cells } of COMMANDS) {
      if (access === "plain" || typeof cells.WALLET === "string") continue;
      assert.equal(card.plain(name).sw, SW.CHANNEL.value, name);
      card.open();
      if (access === "code") assert.equal(card.secure(name).sw, SW.CODE.value, name);
    }
  });
  it("chained data of more than 512 bytes, and a chain that another command breaks", () => {
    const part = cat(byte(0x90, 0x38, 0, 0, 255), new Uint8Array(255));
    assert.equal(card.live.raw(part).sw, 0x9000);
    assert.equal(card.live.raw(part).sw, 0x9000);
    assert.equal(card.live.raw(part).sw, SW.LENGTH.value);
    assert.equal(card.live.raw(part).sw, 0x9000);
    must("STATUS", card.plain("STATUS"));
    assert.equal(card.plain("OFFER").sw, SW.STATE.value, "nothing of the chain is left");
  });
  it("GET RESPONSE without anything to fetch", () => {
    assert.equal(sw(0, 0xc0, 0, 0, 0), SW.INS.value);
  });
  it("GET RESPONSE with P1, P2, data or the chaining bit is refused, and the rest is gone", () => {
    const [source, destination] = [wallet("input: paged"), certified("input: paged to")];
    const offer = destination.offerTo(source);
    source.nameDestinations(2, destination);
    for (const [fetch, word] of [
      [[0x00, 0xc0, 1, 0, 0], SW.P1P2],
      [[0x00, 0xc0, 0, 1, 0], SW.P1P2],
      [[0x00, 0xc0, 0, 0, 1, 0], SW.LENGTH],
      [[0x00, 0xc0, 0, 0, 1, 0, 0], SW.LENGTH],
      [[0x00, 0xc0, 0, 0, 0, 0, 1, 0], SW.LENGTH],
      [[0x10, 0xc0, 0, 0, 0], SW.CLA],
    ] as const) {
      const last = (answer: Uint8Array) => [...answer.subarray(-2)];
      const paged = source.live.exchange(cat(byte(0x80, 0x36, 0, 0, offer.length), offer));
      assert.deepEqual(last(paged), [0x61, SIZES.TRANSFER - 256], "the answer is not paged");
      const refusal = last(source.live.exchange(byte(...fetch)));
      assert.deepEqual(refusal, [word.value >> 8, word.value & 255], fetch.join());
      assert.equal(sw(0, 0xc0, 0, 0, 0), SW.INS.value);
      assert.equal(source.live.raw(byte(0, 0xc0, 0, 0, 0)).sw, SW.INS.value, "something is left");
    }
  });
  it("CERTIFY before PERSONALISE is refused as a certificate over another key: CRYPTO", () => {
    const blank = new TestCard("input: no Kcard");
    assert.equal(blank.plain("CERTIFY", certified("input: other").certificate).sw, SW.CRYPTO.value);
    assert.equal(blank.plain("CERTIFY", new Uint8Array(103)).sw, SW.CRYPTO.value);
    assert.equal(blank.state, "BLANK");
  });
  it("any APDU at all gets a status word and changes nothing (fuzz)", () => {
    console.log(`        KINCARD_SEED=${SEED}`);
    const plainCommands = COMMANDS.filter(({ name }) => name !== "OPEN").map(({ ins }) => ins);
    fc.assert(
      fc.property(
        fc.constantFrom(0x00, 0x80, 0x84, 0x90, 0x94, 0x33),
        fc.oneof(fc.constantFrom<number>(...plainCommands), fc.nat(255)),
        fc.uint8Array({ maxLength: 300 }),
        (cla, ins, rest) => {
          const answer = card.live.raw(cat(byte(cla, ins), rest)).sw;
          assert.ok(answer >= 0x6100 && answer <= 0x9000, answer.toString(16));
        },
      ),
      { numRuns: 300, seed: SEED },
    );
  });
});

describe("the line", () => {
  let card: TestCard;
  let heard: string;
  before(() => {
    card = certified("line");
    card.board.onData((bytes) => (heard += Buffer.from(bytes).toString("latin1")));
  });
  beforeEach(() => (heard = ""));
  const status = byte(0x80, 0x10, 0, 0);
  let seq = 100;
  const next = () => frame(++seq & 255, status) + "\n";

  it("is silent for what is no good frame, and answers the next good one", () => {
    const good = next();
    for (const bad of [
      "\n",
      "hello\n",
      "!!!!\n",
      // Espruino's atob asks for 4 GB when only one or two "=" are left of a line.
      "=\n",
      "==\n",
      " = \n",
      "\t=\r\n",
      "   =\n",
      "= =\n",
      // No white space to the interpreter, nor a digit.
      "=\xa0\xa0\n",
      "\xa0=\xa0=\n",
      good.replace(/^./, (c) => (c === "A" ? "B" : "A")),
      good.slice(4),
      "A".repeat(717) + "\n",
      "A".repeat(5000) + "\n",
    ]) {
      card.board.send(bad);
      assert.equal(heard, "", JSON.stringify(bad.slice(0, 40)));
    }
    card.board.send(good);
    assert.match(heard, /^[A-Za-z0-9+/]+=*\n$/);
  });
  it("is silent for a line too long that ends like a good frame", () => {
    const apdu = new Uint8Array(531);
    apdu.set([...status, 255]);
    const longest = frame(++seq & 255, apdu);
    assert.equal(longest.length, 716);
    card.board.send("A".repeat(192));
    card.board.send(longest);
    card.board.send("\n");
    assert.equal(heard, "");
  });
  it("is silent for lines that are no standard base64 or too long, whatever they decode to", () => {
    for (const { comment, line, good } of LINES) {
      heard = "";
      card.board.send(line + "\n");
      if (!good) assert.equal(heard, "", comment);
      else assert.match(heard, /^[A-Za-z0-9+/]+=*\n$/, comment);
      const { length } = Buffer.from(line, "base64");
      assert.ok(!good || (length <= LIMITS.FRAME && line.length <= LIMITS.LINE + 1));
    }
  });
  it("takes a frame in any pieces, two at once, and with CR before LF", () => {
    const good = next();
    for (const character of good) card.board.send(character);
    assert.equal(heard.split("\n").length, 2, "one answer");
    card.board.send(next() + next());
    assert.equal(heard.split("\n").length, 4, "three answers");
    card.board.send(next().replace("\n", "\r\n"));
    assert.equal(heard.split("\n").length, 5, "four answers");
  });
  it("answers a repeated frame with the stored line and does not execute it", () => {
    const again = next();
    card.board.send(again);
    const first = heard;
    const operations = card.board.flash.operations;
    card.board.send(again);
    assert.equal(heard, first + first);
    assert.equal(card.board.flash.operations, operations);
  });
  it("executes a wrong code once when its frame is repeated", () => {
    const holder = wallet("line: a wallet").open();
    let out = "";
    holder.board.onData((bytes) => (out += Buffer.from(bytes).toString("latin1")));
    const before = holder.status().misses;
    let sent = "";
    const { send } = holder.board;
    holder.board.send = (data) => {
      sent = String(data);
      return send.call(holder.board, data);
    };
    holder.secure("CODE", new Uint8Array(32));
    holder.board.send = send;
    out = "";
    holder.board.send(sent);
    assert.notEqual(out, "", "the stored answer");
    assert.equal(holder.status().misses, before + 1);
  });
  it("sync forgets the stored answer and ends the channel", () => {
    card.open();
    card.live.sync();
    assert.equal(card.live.raw(byte(0x84, 0x22, 0, 0, 16, ...new Array(16).fill(0))).sw, 0x6982);
  });
});
