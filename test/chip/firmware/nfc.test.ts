/**
 * The card's tag on a chip, with the chip's own timing: what a phone's tap reads, and the mailbox.
 *
 * It waits for the card's own words that take Espruino's page off the tag (NRF.nfcURL); until they
 * are in the build these tests are skipped by name.
 */
import assert from "node:assert/strict";
import { tagAt, type Family } from "../../../host/emulator/board/chip/tag.js";
import { CardSession } from "../../../host/sdk/card/session.js";
import { MailboxTransport } from "../../../host/sdk/links/nfc/mailbox.js";
import { readBytes } from "../../../host/sdk/links/nfc/tag.js";
import { CLA, MAILBOX } from "../../../host/sdk/wire/generated.js";
import { uriRecord } from "../../../host/sdk/card/uri-record.js";
import { dataArea, ndefMessage, uriOf } from "../../nfc/ndef.js";
import { ChipCard, closeAll, CODE, COST, makeChip, maker, title, unmended } from "./support.js";

const reason = unmended("nfcURL");
const MOST_MS = 65536 / 13_560;
/**
 * Garbage is collected before each answer is laid down and when the field goes. Between two of these
 * a reader that writes 4 bytes a frame and reads 16 sends some 130 frames at most: an answer of 366
 * bytes, a request of as many, a few looks at the status.
 */
const BETWEEN = 150;
const [READ, WRITE, ACK] = [0x30, 0xa2, 10];

describe(title("the card's tag on a chip", reason), function () {
  this.timeout(300_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  function tapped(options = {}) {
    const board = makeChip(options);
    board.powerOn();
    board.advance(1);
    board.nfc.field(true);
    return board;
  }

  it("answers READ within the frame delay, never with another's page", async () => {
    const board = tapped();
    assert.equal(board.nfc.uid?.length, 7);
    const { tag } = tagAt(board.nfc, board.drive.clock.now);
    const memory = Buffer.from(await readBytes(tag, 0, 64)).toString("latin1");
    assert.doesNotMatch(memory, /puck-js|go\?a=/);
    for (let page = 0; page < 40; page += 4) {
      await tag.read(page);
      assert.ok(board.nfc.times.delay! < MOST_MS, `${board.nfc.times.delay} ms at page ${page}`);
    }
    assert.deepEqual([board.nfc.late, board.nfc.unheard, board.failures], [0, 0, []]);
  });
  it("shows a tap the address that was stored with the certificate, and the card's digits", async () => {
    const card = await ChipCard.make({ seed: "tap" });
    const certificate = maker.certify(await card.session.personalise()).bytes;
    await card.session.certify(certificate, uriRecord("https://kincard.example/tap"));
    await card.session.close();
    const { board } = card;
    board.nfc.field(true);
    const page = (at: number): Uint8Array => {
      const read = () => board.nfc.frame(Uint8Array.of(READ, at));
      let heard = read();
      // The first field after a change: the message is made anew, and a reader selects again.
      if (heard.kind === "nothing" && at === 0 && board.nfc.select()) heard = read();
      assert.equal(heard.kind, "answer", `READ of page ${at}`);
      return heard.kind === "answer" ? heard.bytes : new Uint8Array(0);
    };
    const { data, scanResponse } = board.air.advertisement!;
    const said = Buffer.concat([data, scanResponse]).toString("latin1");
    const digits = /Kincard ([0-9a-f]{4})/.exec(said)?.[1];
    assert.equal(uriOf(ndefMessage(dataArea(page))), `https://kincard.example/tap#${digits}`);
    assert.deepEqual(board.failures, []);
  });
  it("is silent for a frame that begins as HLTA, and for none after it is selected again", () => {
    const board = tapped();
    assert.equal(board.nfc.frame(Uint8Array.of(0x50, 0)).kind, "nothing");
    assert.equal(board.nfc.select(), true);
    assert.equal(board.nfc.frame(Uint8Array.of(0x30, 0)).kind, "answer");
  });
  for (const family of ["read-write", "fast-read", "raw"] satisfies Family[]) {
    it(`is made and opened through its mailbox, by a ${family} reader`, async () => {
      const board = tapped({ seed: family });
      const { tag, clock } = tagAt(board.nfc, board.drive.clock.now, family);
      const session = new CardSession(await MailboxTransport.connect(tag, { clock }));
      await session.certify(maker.certify(await session.personalise()).bytes);
      await session.openChannel({ maker: maker.publicKey });
      await session.activate(CODE, { cost: COST });
      assert.equal((await session.status()).state, "WALLET");
      assert.deepEqual(board.failures, []);
    });
  }
  it("answers in the next field too, and in the one after that", () => {
    const board = tapped();
    for (let visit = 1; visit <= 3; visit++) {
      const heard = board.nfc.frame(Uint8Array.of(0x30, 0)).kind;
      assert.equal(heard, "answer", `visit ${visit}`);
      board.nfc.field(false);
      board.advance(0.3);
      board.nfc.field(true);
    }
  });
  it(`has no late frame in ${BETWEEN} that nothing is collected between`, async () => {
    const board = tapped();
    const { tag } = tagAt(board.nfc, board.drive.clock.now);
    let longest = 0;
    for (let i = 0; i < BETWEEN; i++) {
      await tag.read(4 + (i % 8)).catch(() => undefined);
      longest = Math.max(longest, board.nfc.times.delay ?? Infinity);
    }
    assert.ok(longest < MOST_MS, `${board.nfc.late} late of ${BETWEEN}, the longest ${longest} ms`);
  });
  it("answers a READ with more bytes than it has by NAK", () => {
    const board = tapped();
    assert.deepEqual(board.nfc.frame(Uint8Array.of(READ, 4, 0)), { kind: "ack", value: 0 });
    assert.equal(board.nfc.frame(Uint8Array.of(READ, 4)).kind, "answer");
  });
  for (const cyclesPerInstruction of [1.3, 1.9]) {
    it(`answers a READ right behind a go, at ${cyclesPerInstruction} cycles an instruction`, () => {
      const board = tapped({ seed: "go", cyclesPerInstruction });
      let longest = 0;
      for (let seq = 1; seq <= 20; seq++) {
        // One raw frame: CRC (a wrong one: BAD), length and seq, STATUS.
        const go = [...[WRITE, MAILBOX.HEAD_PAGE], 1, 2, 3, 4, 0, 4, 0, seq, CLA.PLAIN, 0x10, 0, 0];
        assert.deepEqual(board.nfc.frame(Uint8Array.from(go)), { kind: "ack", value: ACK });
        const page = board.nfc.frame(Uint8Array.of(READ, MAILBOX.STATUS_PAGE));
        assert.equal(page.kind, "answer", `${board.nfc.late} late, the longest ${longest} ms`);
        longest = Math.max(longest, board.nfc.times.delay!);
        board.advance(0.2);
      }
      assert.ok(longest < MOST_MS, `${longest} ms`);
    });
  }
  it("answers at each visit, however often the field came and went", () => {
    const board = tapped();
    for (const away of [0.05, 0.3, 2]) {
      assert.equal(board.nfc.frame(Uint8Array.of(READ, 0)).kind, "answer");
      board.nfc.field(false);
      board.advance(away);
      board.nfc.field(true);
    }
    assert.equal(board.nfc.frame(Uint8Array.of(READ, 0)).kind, "answer");
  });
  it("is silent where a field was there at power-on, until that has been away", () => {
    const board = makeChip({ seed: "field" });
    board.nfc.field(true);
    board.powerOn();
    board.advance(1.5);
    assert.equal(board.nfc.frame(Uint8Array.of(READ, 0)).kind, "nothing");
    board.nfc.field(false);
    board.advance(0.1);
    board.nfc.field(true);
    assert.equal(board.nfc.frame(Uint8Array.of(READ, 0)).kind, "answer");
  });
});
