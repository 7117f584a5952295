/**
 * A flipped bit in a commit word (I6): the record beside it is whole, and no boot may take it for
 * what a cut first commit left. Either word alone says that it holds; without any the card stops.
 */
import assert from "node:assert/strict";
import { LAYOUTS } from "../../host/sdk/wire/generated.js";
import { bankOf } from "../support/record.js";
import { TestCard, wallet, must } from "../support/world.js";

const { Bank, Rec } = LAYOUTS;
const WORDS = [Rec.COMMIT, Bank.AGAIN] as const;
const options = { standIn: true, keepRam: false };

/** Offset in the flash of the bank that holds the record, once the other one is erased. */
function restingBank(card: TestCard): number {
  return bankOf(card.rest().board.flash.bytes);
}
/** Boots with this bit of these words flipped, up or down. */
function flip(card: TestCard, start: ReturnType<TestCard["snapshot"]>, at: number[], bit: number) {
  // Not by way of a boot, which would write a second word that is missing.
  const flash = { ...start.flash, cells: start.flash.cells.slice() };
  for (const place of at) flash.cells[place + (bit >> 3)]! ^= 1 << (bit & 7);
  card.restore({ ...start, flash });
}
const kcard = (card: TestCard) => must("PERSONALISE", card.plain("PERSONALISE")).slice(0, 33);

describe("I6 a flipped bit in a commit word", function () {
  this.timeout(60_000);

  it("I6: leaves a wallet as it is, in either word", () => {
    const card = wallet("flipped", options);
    const key = card.publicKey();
    const bank = restingBank(card);
    const start = card.snapshot();
    for (const word of WORDS)
      for (let bit = 0; bit < 32; bit++) {
        flip(card, start, [bank + word], bit);
        assert.equal(card.state, "WALLET", `bit ${bit} of the word at ${word}`);
      }
    assert.deepEqual(card.publicKey(), key);
  });
  it("I6: leaves Kcard to a card that is not certified yet", () => {
    const card = new TestCard("flipped blank", options);
    const key = kcard(card);
    const bank = restingBank(card);
    const start = card.snapshot();
    for (const word of WORDS)
      for (let bit = 0; bit < 32; bit++) {
        flip(card, start, [bank + word], bit);
        assert.deepEqual(kcard(card), key, `bit ${bit} of the word at ${word}`);
      }
  });
  it("I6: in both words stops the card, which erases nothing", () => {
    const card = wallet("flipped both", options);
    const bank = restingBank(card);
    const start = card.snapshot();
    for (let bit = 0; bit < 32; bit++) {
      flip(
        card,
        start,
        WORDS.map((word) => bank + word),
        bit,
      );
      assert.equal(card.state, "DAMAGED", `bit ${bit}`);
      const rest = card.board.dump();
      for (const word of WORDS)
        rest.set(start.flash.cells.subarray(bank + word, bank + word + 4), bank + word);
      assert.deepEqual(
        Buffer.from(rest),
        Buffer.from(start.flash.cells),
        `bit ${bit}: flash changed`,
      );
    }
  });
});
