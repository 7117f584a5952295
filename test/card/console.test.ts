/**
 * The interpreter's prompt (design: the console is closed): who reaches it reads the whole memory.
 */
import assert from "node:assert/strict";
import { certified, TestCard } from "../support/world.js";

describe("the console", () => {
  it("is closed from boot on, on a blank card as on one with a key", () => {
    const card = new TestCard("console");
    assert.equal(card.board.console, null);
    card.certify().reboot();
    assert.equal(card.board.console, null);
    card.activate().reboot();
    assert.equal(card.board.console, null);
  });
  it("the held button leaves it open on a development image", () => {
    const card = certified("console button");
    card.board.powerOff();
    card.board.press();
    card.boot();
    assert.notEqual(card.board.console, null);
    card.board.powerOff();
    card.board.release();
    card.boot();
    assert.equal(card.board.console, null);
  });
});
