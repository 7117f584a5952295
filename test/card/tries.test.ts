/**
 * I8 on a flash that fails: writes and erases that do nothing, and the chips' limits of writes
 * between erases (a word twice on an nRF52840, 181 a 512-byte block on an nRF52832; the model traps
 * above).
 */
import assert from "node:assert/strict";
import { STATUS_WORDS as SW } from "../../host/sdk/wire/generated.js";
import { byte, cat } from "../vectors/suite.js";
import { certified, COST, must, STRETCHED, TestCard, wallet, WRONG } from "../support/world.js";
import type { Snapshot } from "../support/world.js";
import { PART, some, someOf } from "../support/full.js";

const FAST = { standIn: true, keepRam: false };
const SWITCH = { ...FAST, nor: { chip: "nRF52840" } } as const;

/** While `act` runs, the writes and erases that `fails` picks do nothing. */
function failing(card: TestCard, fails: (at: number, length?: number) => boolean, act: () => void) {
  const { flash } = card.board;
  const { write, erase } = flash;
  const inPage = (address: number) => (address - flash.address) % 4096;
  flash.write = (address, data) => {
    if (!fails(inPage(address), data.length)) write.call(flash, address, data);
  };
  flash.erase = (address) => {
    if (!fails(inPage(address))) erase.call(flash, address);
  };
  act();
  Object.assign(flash, { write, erase });
}
/** True once, for a thing that `is`. */
function once<T extends unknown[]>(is: (...args: T) => boolean): (...args: T) => boolean {
  let left = 1;
  return (...args) => left > 0 && is(...args) && left-- > 0;
}
function changeCode(card: TestCard): number {
  must("SALT", card.unlock().secure("SALT"));
  return card.secure("CHANGE_CODE", cat(byte(COST), STRETCHED)).sw;
}

describe("I8 on a flash that fails", () => {
  it("I8: a log write that does nothing hides no later try", () => {
    const card = wallet("tries: hole", FAST).unlock();
    const inLog = once((at: number, length?: number) => at >= 2048 && length === 4);
    failing(card, inLog, () => void card.miss());
    for (let i = 0; i < 4; i++) card.miss();
    card.reboot();
    assert.ok(card.status().misses >= 5, `${card.status().misses} misses`);
  });

  describe("at a commit of a source whose log is full", () => {
    let source: TestCard;
    let receipt: Uint8Array;
    let full: Snapshot;
    before(() => {
      source = wallet("tries: full", FAST);
      const copy = certified("tries: copy", FAST);
      source.nameDestinations(2, copy);
      const transfer = must("SEAL", source.plain("SEAL", copy.offerTo(source)));
      receipt = must("ACCEPT", copy.plain("ACCEPT", transfer));
      for (let i = 0; i < 118; i++) source.unlock();
      for (let i = 0; i < 4; i++) source.miss();
      full = source.snapshot();
    });
    beforeEach(() => {
      // This boot fills the log; the receipt is what then comes first.
      source.restore(full);
      must("CONFIRM", source.plain("CONFIRM", receipt));
    });
    it("I8: there is no second one", () => {
      const erases = [...source.board.flash.erases];
      source.status();
      assert.deepEqual([...source.board.flash.erases], erases);
    });
    it("I8: no try is free while commits fail", () => {
      failing(
        source,
        (_, length) => length === 512,
        () => {
          for (let i = 0; i < 3; i++) source.miss();
        },
      );
      source.reboot();
      assert.equal(source.status().misses, 7);
    });
  });

  it("I6: a bank whose erase did nothing is erased again before it is written", () => {
    const card = wallet("tries: erase", SWITCH);
    const anyErase = once((_: number, length?: number) => length === undefined);
    failing(card, anyErase, () => assert.equal(changeCode(card), SW.MEMORY.value));
    for (let i = 0; i < 3; i++) assert.equal(changeCode(card), SW.OK.value);
  });
  it("I8: an old log that stayed alone is found (pages of 1 KB)", () => {
    const source = wallet("tries: 1 KB", { ...FAST, nor: { page: 1024, size: 96 * 1024 } });
    const copy = certified("tries: 1 KB copy", FAST);
    source.nameDestinations(2, copy);
    const transfer = must("SEAL", source.plain("SEAL", copy.offerTo(source)));
    const receipt = must("ACCEPT", copy.plain("ACCEPT", transfer));
    // That of the wallet's record, whose code was asked for: erased while the card rests.
    let left = 1;
    const oldLog = (at: number, length?: number) =>
      length === undefined && at === 2048 && left-- > 0;
    failing(source, oldLog, () => {
      for (let i = 0; i < 6; i++) source.miss();
    });
    assert.ok(left <= 0, "no erase failed");
    must("CONFIRM", source.plain("CONFIRM", receipt));
    source.reboot();
    assert.equal(source.status().misses, 6);
  });
});

describe("I8 and the chips' limits of writes", function () {
  this.timeout(20_000);
  for (const chip of some("chips", ["nRF52832", "nRF52840"] as const, 1))
    it(`I8: a reboot after each of 70 misses (${chip})${PART}`, () => {
      const card = wallet(`tries: ${chip}`, { ...FAST, nor: { chip } });
      for (let i = 1; i <= 70; i++) {
        card.miss();
        card.reboot();
        assert.equal(card.status().misses, i);
      }
    });
  it("I8: a boot that is cut after its first write", () => {
    const card = wallet("tries: cut boot", SWITCH);
    card.miss();
    card.board.powerOff();
    card.board.cut(1, "after");
    card.board.powerOn();
    card.board.powerOff();
    card.boot();
    assert.equal(card.status().misses, 1);
  });
  it(`I8: a torn try that reads as none, another try, a boot${PART}`, () => {
    const card = wallet("tries: torn", SWITCH);
    const start = card.snapshot();
    for (const seed of someOf("torn try", 60, 5)) {
      card.restore(start);
      card.open();
      assert.ok(card.cutDuring(1, "inside", { seed }, () => void card.secure("CODE", WRONG)));
      card.boot();
      card.miss();
      card.reboot();
      assert.ok(card.status().misses >= 1);
    }
  });
  it(`I8: a torn SOLID: what the next boots count never falls${PART}`, () => {
    const card = wallet("tries: solid", FAST).unlock();
    card.miss();
    const start = card.snapshot();
    for (const seed of someOf("torn SOLID", 60, 5)) {
      card.restore(start);
      card.miss();
      card.board.powerOff();
      card.board.cut(1, "inside", { seed });
      card.board.powerOn();
      card.board.powerOff();
      let before = 2;
      for (let boot = 0; boot < 6; boot++) {
        card.boot();
        const { misses } = card.status();
        assert.ok(misses >= before, `seed ${seed}: ${misses} after ${before}`);
        before = misses;
        card.board.powerOff();
      }
    }
  });
});
