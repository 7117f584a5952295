/**
 * What of a commit an answer waits for (firmware/wire/layout/record.ts): the new record and the old
 * one's secrets, not the erase; and how many words it writes.
 */
import assert from "node:assert/strict";
import { LAYOUTS } from "../../host/sdk/wire/generated.js";
import { byte } from "../vectors/suite.js";
import { certified, must, wallet, type TestCard } from "../support/world.js";

const { Bank, Rec } = LAYOUTS;
const FAST = { standIn: true, keepRam: false };

/** Erases and words of `act`, by the card's flash. */
function work(card: TestCard, act: () => void): { erases: number; words: number } {
  const { flash } = card.board;
  const { write, erase } = flash;
  const done = { erases: 0, words: 0 };
  flash.write = (address, data) => {
    done.words += data.length / 4;
    write.call(flash, address, data);
  };
  flash.erase = (address) => {
    done.erases++;
    erase.call(flash, address);
  };
  try {
    act();
  } finally {
    Object.assign(flash, { write, erase });
  }
  return done;
}
/** Secrets of both banks. */
const secrets = (card: TestCard) =>
  [Bank.SIZE, 2 * Bank.SIZE].map((at) =>
    card.board.dump().slice(at + Rec.SECRETS, at + Rec.SECRETS + Rec.SECRETS_SIZE),
  );
const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);
const isErased = (bytes: Uint8Array) => bytes.every((byte) => byte === 255);

describe("the flash work of a commit", () => {
  it("the answer leaves when the old secrets are zeros, and the erase comes later", () => {
    const source = wallet("flash work: source", FAST).rest();
    const copy = certified("flash work: copy", FAST).rest();
    source.nameDestinations(2, copy);
    let transfer = byte();
    const offer = copy.offerTo(source);
    const sealed = work(source, () => (transfer = must("SEAL", source.plain("SEAL", offer))));
    assert.equal(sealed.erases, 0, "SEAL waited for an erase");
    assert.equal(secrets(source).filter(isZero).length, 1, "the old secrets are not zeros");
    const rested = work(source, () => source.rest());
    assert.deepEqual(rested, { erases: 1, words: 0 });
    assert.equal(secrets(source).filter(isErased).length, 1);
    // Nothing is left to do.
    assert.deepEqual(
      work(source, () => source.rest()),
      { erases: 0, words: 0 },
    );
    must("ACCEPT", copy.plain("ACCEPT", transfer));
  });
  it("a commit that comes before erases first", () => {
    const copy = certified("flash work: early", FAST).rest();
    const source = wallet("flash work: early source", FAST);
    copy.offerTo(source);
    assert.equal(work(copy, () => void copy.drop()).erases, 1);
  });
  it("a card that is asked all the time does not erase between", () => {
    const source = wallet("flash work: busy", FAST);
    const done = work(source, () => {
      for (let i = 0; i < 10; i++) {
        source.board.advance(2);
        source.open();
      }
    });
    assert.equal(done.erases, 0);
    assert.equal(work(source, () => source.rest()).erases, 1);
  });
  it("an erase that fails out of a command changes nothing, and the next commit makes up", () => {
    const source = wallet("flash work: failing", FAST);
    source.board.onFailure(() => undefined);
    const ons = source.board.powerOns;
    source.board.fail("flash", 1);
    source.rest();
    assert.equal(source.board.powerOns, ons);
    const copy = certified("flash work: failing copy", FAST);
    source.nameDestinations(2, copy).copyTo(copy);
    source.reboot();
    assert.equal(source.state, "SHARED");
  });
  it("parts of the record that hold nothing cost no word, the first right code of a copy one", () => {
    const source = wallet("flash work: words", FAST).rest();
    const copy = certified("flash work: words copy", FAST).rest();
    let [offer, transfer, receipt] = [byte(), byte(), byte()];
    source.nameDestinations(3, copy);
    const words = {
      offer: work(copy, () => (offer = copy.offerTo(source))).words,
      seal: work(source, () => (transfer = must("SEAL", source.plain("SEAL", offer)))).words,
      accept: work(copy, () => (receipt = must("ACCEPT", copy.plain("ACCEPT", transfer)))).words,
      confirm: work(source, () => must("CONFIRM", source.plain("CONFIRM", receipt))).words,
      // The try and its end.
      code: work(copy, () => copy.unlock()).words,
    };
    assert.deepEqual(words, { offer: 265, seal: 323, accept: 205, confirm: 231, code: 2 });
  });
});
