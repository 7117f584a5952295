/** The card as a Type 2 tag, frame by frame: memory, NDEF, what may be read and written. */
import assert from "node:assert/strict";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import { toHex } from "../../host/sdk/crypto/bytes.js";
import { LAYOUTS, MAILBOX, TAG } from "../../host/sdk/wire/generated.js";
import { contains } from "../support/bytes.js";
import { makeBoard } from "../support/boards.js";
import { MAKER, certified, must, TestCard } from "../support/world.js";
import { cat, type Bytes } from "../vectors/suite.js";
import { cardId, certificate } from "../vectors/messages.js";
import { dataArea, ndefMessage, uriOf } from "./ndef.js";

const { Cert, Request } = LAYOUTS;
const URL = cat(Uint8Array.of(4), Buffer.from("kincard.example/tap"));

function frame(board: VirtualBoard, ...bytes: number[]): Uint8Array | number | undefined {
  const answer = board.nfc.frame(Uint8Array.from(bytes));
  return answer.kind === "answer" ? answer.bytes : answer.kind === "ack" ? answer.value : undefined;
}
const read = (board: VirtualBoard, page: number): Uint8Array => {
  const bytes = frame(board, TAG.READ, page);
  assert.ok(bytes instanceof Uint8Array, `READ ${page} was answered with ${bytes}`);
  return bytes;
};
function dump(board: VirtualBoard): Uint8Array {
  const all: number[] = [];
  for (let page = 0; page <= MAILBOX.LAST_PAGE; page += 4) all.push(...read(board, page));
  return Uint8Array.from(all);
}
const uri = (board: VirtualBoard) => uriOf(ndefMessage(dataArea((page) => read(board, page))));

/** Certified together with the tag's address. */
function addressed(name: string): TestCard {
  const card = new TestCard(name);
  const kcard = must("PERSONALISE", card.plain("PERSONALISE")).slice(0, Request.SIGNATURE);
  card.certificate = certificate(MAKER, kcard);
  card.id = cardId(kcard);
  must("CERTIFY", card.plain("CERTIFY", cat(card.certificate, URL)));
  return card;
}
function inField(card: TestCard): TestCard {
  card.board.nfc.field(true);
  return card;
}

describe("nfc: the tag", () => {
  const { board } = inField(new TestCard("tag"));

  it("has a random id in its first pages, with its check bytes", () => {
    const { uid } = board.nfc;
    const head = read(board, 0);
    assert.ok(uid && uid[0] === 8);
    assert.deepEqual([...head.subarray(0, 3), ...head.subarray(4, 8)], [...uid]);
    assert.equal(
      head[3],
      uid.subarray(0, 3).reduce((sum, byte) => sum ^ byte, 0x88),
    );
    assert.equal(
      head[8],
      uid.subarray(3).reduce((sum, byte) => sum ^ byte, 0),
    );
  });
  it("shows nothing of the board's own message, nor the address the chip was made with", () => {
    const bare = makeBoard({ source: "1" });
    bare.powerOn();
    bare.nfc.field(true);
    const own = Buffer.from(dump(bare)).toString("latin1");
    assert.match(own, /puck-js\.com\/go\?a=d0:11:22:33:ca:fe/, "the emulated board has a message");
    const said = Buffer.from(dump(inField(new TestCard("tag alone")).board)).toString("latin1");
    assert.doesNotMatch(said, /puck|ca:fe/);
    assert.equal(said.slice(4 * MAILBOX.STATUS_PAGE).slice(0, 2), "KC", "our tag does not answer");
  });
  it("has another id after the next boot", () => {
    const card = inField(new TestCard("tag id"));
    const before = toHex(card.board.nfc.uid!);
    card.reboot();
    assert.notEqual(toHex(card.board.nfc.uid!), before);
  });
  it("is read-only for phones, 64 bytes, locked", () => {
    assert.equal(toHex(read(board, 0).subarray(10)), "ffffe110080f");
  });
  it("answers zeros past its end, and no page beyond it", () => {
    assert.equal(toHex(read(board, MAILBOX.LAST_PAGE)), "00".repeat(16));
    assert.equal(frame(board, TAG.READ, MAILBOX.LAST_PAGE + 1), TAG.NAK);
    assert.equal(frame(board, TAG.READ, 255), TAG.NAK);
  });
  it("gives up to 63 pages to a FAST_READ", () => {
    assert.deepEqual(frame(board, TAG.FAST_READ, 3, 65), dump(board).slice(12, 264));
    const refused = [
      [3, 66],
      [3, 2],
      [150, MAILBOX.LAST_PAGE + 1],
    ] as const;
    for (const [from, to] of refused)
      assert.equal(frame(board, TAG.FAST_READ, from, to), TAG.NAK, `${from}..${to}`);
  });
  it("says NAK to what it does not know, and hears the next frame", () => {
    for (const code of [0x60, 0x1b, 0xc2, 0x00, 0xff])
      assert.equal(frame(board, code, 0), TAG.NAK, `frame ${code}`);
    assert.equal(read(board, 0).length, 16);
  });
  it("says NAK to a READ or FAST_READ with bytes behind it", () => {
    assert.equal(frame(board, TAG.READ, 0, 0), TAG.NAK);
    assert.equal(frame(board, TAG.FAST_READ, 0, 1, 0), TAG.NAK);
    assert.equal(read(board, 0).length, 16);
  });
  it("does not see a HLTA, which the driver eats", () => {
    assert.equal(frame(board, 0x50, 0), undefined);
    assert.equal(read(board, 0).length, 16);
  });
  it("is silent without a field, and without power", () => {
    board.nfc.field(false);
    assert.equal(frame(board, TAG.READ, 0), undefined);
    board.nfc.field(true);
    board.powerOff();
    assert.equal(frame(board, TAG.READ, 0), undefined);
    board.powerOn();
    assert.equal(read(board, 0).length, 16);
  });
  it("is not there on a board without NFC, which works all the same", () => {
    for (const options of [{ nfc: false }, { bluetooth: false } as const]) {
      const bare = makeBoard({ seed: "no NFC", ...options });
      bare.powerOn();
      bare.nfc.field(true);
      assert.equal(frame(bare, TAG.READ, 0), undefined);
      assert.deepEqual(bare.failures, []);
    }
  });
});

describe("nfc: writing", () => {
  const { board } = inField(certified("tag writing"));
  const bytes = (count: number) => Array<number>(count).fill(0x5a);

  it("changes request pages and no other", () => {
    for (let page = 0; page < 256; page++) {
      const before = toHex(dump(board));
      const taken = page >= MAILBOX.HEAD_PAGE && page < MAILBOX.ANSWER_PAGE;
      if (page === MAILBOX.GO_PAGE) continue;
      assert.equal(frame(board, TAG.WRITE, page, ...bytes(4)), taken ? TAG.ACK : TAG.NAK);
      assert.equal(toHex(dump(board)) !== before, taken, `page ${page}`);
    }
  });
  it("takes whole pages that lie in the request, and all of a frame or nothing", () => {
    const first = MAILBOX.REQUEST_PAGE;
    const last = MAILBOX.ANSWER_PAGE - 1;
    const tries: [number, number, number][] = [
      [first, 56, TAG.ACK],
      [last - 13, 56, TAG.ACK],
      [last - 12, 56, TAG.NAK],
      [last, 8, TAG.NAK],
      [first, 0, TAG.NAK],
      [first, 3, TAG.NAK],
      [first, 5, TAG.NAK],
      [first, 55, TAG.NAK],
      [MAILBOX.HEAD_PAGE - 1, 8, TAG.NAK],
    ];
    for (const [page, length, said] of tries) {
      const before = toHex(dump(board));
      const data = Array<number>(length).fill(0xa0 + (length & 15));
      assert.equal(frame(board, TAG.WRITE, page, ...data), said, `${length} bytes at ${page}`);
      if (said === TAG.NAK) assert.equal(toHex(dump(board)), before);
    }
  });
  it("never takes a frame that the driver cut", () => {
    for (let length = 57; length <= 120; length++) {
      const before = toHex(dump(board));
      const data = Array<number>(length).fill(length);
      assert.equal(frame(board, TAG.WRITE, MAILBOX.REQUEST_PAGE, ...data), TAG.NAK);
      assert.equal(toHex(dump(board)), before, `${length} bytes`);
    }
  });
});

describe("nfc: what a phone reads", () => {
  it("an empty message from a card without an address", () => {
    assert.equal(uri(inField(certified("tag plain")).board), undefined);
    assert.equal(uri(inField(new TestCard("tag blank")).board), undefined);
  });
  it("the page's address with the name of the moment, from the first tap on", () => {
    const { board } = inField(addressed("tag url"));
    assert.match(uri(board) ?? "nothing", /^https:\/\/kincard\.example\/tap#[0-9a-f]{4}$/);
  });
  it("the longest address fits", () => {
    const card = new TestCard("tag long");
    const kcard = must("PERSONALISE", card.plain("PERSONALISE")).slice(0, Request.SIGNATURE);
    const long = cat(Uint8Array.of(4), Buffer.from("k".repeat(46)));
    must("CERTIFY", card.plain("CERTIFY", cat(certificate(MAKER, kcard), long)));
    assert.match(uri(inField(card).board) ?? "nothing", /^https:\/\/k{46}#/);
  });
  it("nothing of a card's own, at any time of its life", () => {
    const S = addressed("tag life S");
    const D = addressed("tag life D");
    const seen: Uint8Array[] = [];
    const look = () => {
      for (const { board } of [S, D]) {
        board.nfc.field(true);
        seen.push(dump(board));
        board.nfc.field(false);
      }
    };
    const own: Bytes[] = [];
    const steps = [
      () => void S.activate(),
      () => void S.nameDestinations(2, D),
      () => S.copyTo(D),
      () => own.push(S.publicKey().slice(1, 33), D.publicKey().slice(33)),
      () => S.reboot(),
    ];
    look();
    for (const step of steps) {
      step();
      look();
    }
    for (const card of [S, D]) {
      own.push(
        card.id,
        card.certificate.slice(Cert.KCARD + 1, Cert.SIGNATURE),
        card.certificate.slice(Cert.SIGNATURE),
      );
    }
    own.push(S.setId);
    assert.ok(own.length >= 8 && seen.length === 12);
    for (const bytes of own)
      for (let at = 0; at + 8 <= bytes.length; at += 8)
        for (const memory of seen)
          assert.ok(
            !contains(Buffer.from(memory), bytes.slice(at, at + 8)),
            `the tag shows ${toHex(bytes.slice(at, at + 8))}`,
          );
  });
});
