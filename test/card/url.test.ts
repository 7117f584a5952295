/**
 * What CERTIFY brings for the NFC tag (docs/protocol.md 4): stored as it came, with the certificate
 * or not at all, and kept through everything but the loss of the vault. And the record's format: a
 * card whose record has another one stops and leaves it as it is.
 */
import assert from "node:assert/strict";
import { PIECES } from "../../firmware/wire/layout/record.js";
import { crc32 } from "node:zlib";
import { LAYOUTS, SIZES } from "../../host/sdk/wire/generated.js";
import { cardId, certificate, uriPayload } from "../vectors/messages.js";
import { byte, cat, hex, type Bytes } from "../vectors/suite.js";
import { MAKER, must, TestCard, type Snapshot } from "../support/world.js";

const { Bank, Rec, Request } = LAYOUTS;
const ROOM = SIZES.URL_MAX + 1;
const payload = (length: number): Bytes => Uint8Array.from({ length }, (_, i) => 0xff - i);

/** Banks that hold a committed record. */
function banks(flash: Bytes): number[] {
  const view = new DataView(flash.buffer, flash.byteOffset);
  const committed = (at: number) => view.getUint32(at + Rec.COMMIT, true) === Bank.COMMITTED;
  return [Bank.SIZE, 2 * Bank.SIZE].filter(committed);
}
/** Length byte and payload in the one record, with the zeros behind it. */
function stored(card: TestCard): string {
  const flash = card.board.dump();
  const [at = -1, ...others] = banks(flash);
  assert.ok(at > 0 && !others.length, "there is not exactly one record");
  return hex(flash.subarray(at + Rec.URL, at + Rec.URL + ROOM));
}
function shown(uri: Bytes): string {
  return hex(cat(byte(uri.length), uri, new Uint8Array(ROOM - 1 - uri.length)));
}
/** A card that waits for its certificate, and what CERTIFY is to bring it. */
function waiting(name: string, uri: Bytes): { card: TestCard; data: Bytes } {
  const card = new TestCard(name, { standIn: true });
  const kcard = must("PERSONALISE", card.plain("PERSONALISE")).slice(0, Request.SIGNATURE);
  card.certificate = certificate(MAKER, kcard);
  card.id = cardId(kcard);
  return { card, data: cat(card.certificate, uri) };
}

describe("the address for the NFC tag", () => {
  for (const length of [0, 1, 18, 46, 47]) {
    it(`${length} bytes are stored as they came`, () => {
      const { card, data } = waiting(`url ${length}`, payload(length));
      must("CERTIFY", card.plain("CERTIFY", data));
      assert.equal(stored(card), shown(payload(length)));
      card.reboot();
      assert.equal(card.state, "EMPTY");
      assert.deepEqual(must("CERTIFICATE", card.plain("CERTIFICATE")), card.certificate);
      assert.equal(stored(card), shown(payload(length)));
    });
  }
  it("a refused certificate brings none", () => {
    const { card, data } = waiting("url refused", payload(47));
    const spoilt = data.slice();
    spoilt[102]! ^= 1;
    const flash = card.board.dump();
    assert.equal(card.plain("CERTIFY", spoilt).sw, 0x6988);
    assert.deepEqual(card.board.dump(), flash);
    must("CERTIFY", card.plain("CERTIFY", data.subarray(0, SIZES.CERT + 2)));
    assert.equal(stored(card), shown(payload(2)));
  });
  it("stays through activation, a backup and a factory reset", () => {
    const uri = uriPayload("https://kincard.example/");
    const { card, data } = waiting("url reset", uri);
    must("CERTIFY", card.plain("CERTIFY", data));
    card.activate();
    assert.equal(stored(card), shown(uri));
    const destination = new TestCard("url destination", { standIn: true }).certify();
    card.nameDestinations(2, destination).copyTo(destination);
    assert.equal(stored(card), shown(uri));
    assert.equal(stored(destination), shown(byte()));
    card.unlock();
    must("RESET", card.secure("RESET"));
    assert.equal(card.state, "EMPTY");
    assert.equal(stored(card), shown(uri));
  });
  it("comes with the certificate or not at all, wherever the power is cut", () => {
    const { card, data } = waiting("url cut", payload(47));
    const start = card.snapshot();
    let cuts = 0;
    for (const mode of ["before", "inside", "after"] as const) {
      for (let n = 1; ; n++) {
        card.restore(start);
        if (!card.cutDuring(n, mode, { seed: `${n}` }, () => card.plain("CERTIFY", data))) break;
        cuts++;
        card.boot();
        const uri = card.state === "EMPTY" ? payload(47) : byte();
        assert.equal(stored(card), shown(uri), `${card.state} after a cut ${mode} operation ${n}`);
      }
    }
    assert.ok(cuts > 20, `only ${cuts} cuts`);
  });
});

describe("the record's format", () => {
  /** The card's record with `format` in it and a CRC that fits. */
  function withFormat(card: TestCard, format: number): Snapshot {
    const snapshot = card.snapshot();
    const { cells } = snapshot.flash;
    const [at = -1] = banks(cells);
    cells[at + Rec.FORMAT] = format;
    // As the card reads it: a piece that was never written is zeros.
    const record = cells.slice(at, at + Rec.COMMIT);
    PIECES.reduce((from, length) => {
      const piece = record.subarray(from, from + length);
      if (piece.every((value) => value === 255)) piece.fill(0);
      return from + length;
    }, 0);
    const sum = crc32(record.subarray(Rec.SEQ));
    new DataView(cells.buffer, cells.byteOffset).setUint32(at + Rec.CRC, sum, true);
    return snapshot;
  }
  it("another one stops the card, and the record stays as it is", () => {
    const card = new TestCard("url format", { standIn: true }).certify().activate().rest();
    const start = card.snapshot();
    for (const format of [Bank.FORMAT - 1, Bank.FORMAT + 1, 0, 255]) {
      card.restore(withFormat(card, format));
      const flash = card.board.dump();
      assert.equal(card.state, "DAMAGED", `format ${format}`);
      card.reboot();
      assert.equal(card.state, "DAMAGED", `format ${format}`);
      assert.deepEqual(card.board.dump(), flash);
      card.restore(start);
    }
    card.restore(withFormat(card, Bank.FORMAT));
    assert.equal(card.state, "WALLET", "the test's own CRC is wrong");
  });
});
