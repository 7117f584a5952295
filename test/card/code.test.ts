/**
 * The access code (I8): what a try costs, when, and what survives the power.
 */
import assert from "node:assert/strict";
import { LAYOUTS, STATUS_WORDS as SW } from "../../host/sdk/wire/generated.js";
import { byte, cat } from "../vectors/suite.js";
import { COST, STRETCHED, WRONG, certified, must, wallet } from "../support/world.js";
import { inFull, times } from "../support/full.js";

describe("I8 the access code's tries", () => {
  it("I8: four misses are free, then 2 s doubling to 600 s", () => {
    const card = wallet("code: delays");
    const waits = Array.from({ length: 14 }, () => card.miss().wait);
    assert.deepEqual(waits, [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
  });
  it("I8: a try before its time is refused, even with the right code, and is not counted", () => {
    const card = wallet("code: too early");
    for (let i = 0; i < 5; i++) card.miss();
    card.open();
    const operations = card.board.flash.operations;
    const { sw, data } = card.secure("CODE", STRETCHED);
    assert.equal(sw, SW.WAIT.value);
    assert.deepEqual(data, byte(5, 0, 4));
    assert.equal(card.board.flash.operations, operations);
    assert.equal(card.status().misses, 5);
    card.board.advance(4.1);
    card.unlock();
    assert.equal(card.status().misses, 0);
  });
  it("I8: the count survives a reboot and the wait starts again in full", () => {
    const card = wallet("code: reboot");
    for (let i = 0; i < 6; i++) card.miss();
    card.board.advance(7);
    assert.equal(card.status().wait, 1);
    card.reboot();
    assert.equal(card.status().misses, 6);
    assert.equal(card.status().wait, 8);
  });
  it("I8: the try is in flash before it is checked", () => {
    const card = wallet("code: count first");
    card.unlock();
    card.open();
    // Power fails at the first flash operation after the count: the try was made, or never will be.
    const cut = card.cutDuring(1, "after", {}, () => void card.secure("CODE", STRETCHED));
    assert.ok(cut);
    card.boot();
    assert.equal(card.status().misses, 1);
  });
  it("I8: the count goes on over many records' logs", () => {
    const card = wallet("code: logs", { standIn: true });
    for (let i = 0; i < 140; i++) card.unlock();
    for (let i = 0; i < 3; i++) card.miss();
    for (let i = 0; i < 3; i++) card.reboot();
    assert.equal(card.status().misses, 3);
    card.unlock();
    for (let i = 0; i < times(120, 1); i++) card.unlock();
    assert.equal(card.status().misses, 0);
  });
  // That they stop at 255 is A19 of test/card/answers too.
  inFull(
    "I8: misses alone fill a log, and what a right code forgave does not hide those after it",
    () => {
      const card = wallet("code: full", { standIn: true });
      for (let i = 0; i < 256; i++) card.miss();
      assert.equal(card.status().misses, 255);
      card.reboot();
      assert.equal(card.status().misses, 255);
      card.wait();
      card.unlock();
      for (let i = 0; i < 20; i++) card.miss();
      card.reboot();
      assert.equal(card.status().misses, 20);
    },
  );
  it("I8: a commit that needs no code takes the misses along", () => {
    const source = wallet("code: source");
    const copy = certified("code: copy");
    source.nameDestinations(2, copy);
    const transfer = must("SEAL", source.plain("SEAL", copy.offerTo(source)));
    for (let i = 0; i < 6; i++) source.miss();
    must("CONFIRM", source.plain("CONFIRM", must("ACCEPT", copy.plain("ACCEPT", transfer))));
    assert.equal(source.status().misses, 6);
    source.reboot();
    assert.deepEqual([source.state, source.status().misses], ["SHARED", 6]);
    assert.equal(source.miss().misses, 7);
    source.reboot();
    assert.equal(source.status().misses, 7);
    source.wait();
    source.unlock();
    source.reboot();
    assert.equal(source.status().misses, 0);
  });
  it("I8: a factory reset forgets the misses with the code that they were of", () => {
    const card = wallet("code: reset");
    for (let i = 0; i < 9; i++) card.miss();
    card.open();
    must("RESET", card.gesture("RESET"));
    assert.deepEqual([card.state, card.status().misses, card.status().wait], ["EMPTY", 0, 0]);
    card.reboot();
    assert.equal(card.status().misses, 0);
    card.activate().unlock();
  });
  it("a wrong code ends the channel; the right one holds only inside its own", () => {
    const card = wallet("code: channel");
    card.open();
    card.secure("CODE", WRONG);
    assert.equal(card.secure("PUBLIC_KEY", byte(0)).sw, SW.CHANNEL.value);
    card.unlock();
    must("PUBLIC_KEY", card.secure("PUBLIC_KEY", byte(0)));
    card.open();
    assert.equal(card.secure("PUBLIC_KEY", byte(0)).sw, SW.CODE.value);
  });
  it("CHANGE_CODE: the new code holds, the old does not, the key is the same", () => {
    const card = wallet("code: change");
    const key = card.publicKey();
    must("SALT", card.secure("SALT"));
    const other = new Uint8Array(32).fill(7);
    must("CHANGE_CODE", card.secure("CHANGE_CODE", cat(byte(COST), other)));
    card.reboot();
    card.open();
    assert.equal(card.secure("CODE", STRETCHED).sw, SW.WRONG_CODE.value);
    card.unlock(other);
    assert.deepEqual(
      must("PUBLIC_KEY", card.secure("PUBLIC_KEY", byte(0))).slice(0, LAYOUTS.Key.PARENT),
      key,
    );
  });
  it("ACTIVATE and CHANGE_CODE want a salt of this channel, once, and a cost in range", () => {
    const card = wallet("code: salt").unlock();
    const change = (cost: number) => card.secure("CHANGE_CODE", cat(byte(cost), STRETCHED)).sw;
    assert.equal(change(COST), SW.STATE.value);
    for (const cost of [9, 21]) {
      card.unlock();
      must("SALT", card.secure("SALT"));
      assert.equal(change(cost), SW.DATA.value, `cost ${cost}`);
    }
    card.unlock();
    must("SALT", card.secure("SALT"));
    assert.equal(change(COST), 0x9000);
    assert.equal(change(COST), SW.STATE.value, "the salt was spent");
  });
});
