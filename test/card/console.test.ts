/**
 * The interpreter's prompt (docs/design.md, A card's life): who reaches it reads the whole memory.
 */
import assert from "node:assert/strict";
import { STATUS_WORDS } from "../../host/sdk/wire/generated.js";
import { hex, keyPair } from "../vectors/suite.js";
import { bundleFor, OTHER_MAKER } from "../support/bundles.js";
import { certified, must, TestCard } from "../support/world.js";

describe("the console", () => {
  it("is closed from boot on, on a blank card as on one with a key", () => {
    const card = new TestCard("console");
    assert.equal(card.board.console, null);
    card.certify().reboot();
    assert.equal(card.board.console, null);
    card.activate().reboot();
    assert.equal(card.board.console, null);
  });
  it("a flood of Ctrl-C at boot neither opens it nor stops the card", () => {
    const card = certified("console flood").activate();
    card.board.powerOff();
    card.board.ctrlC = true;
    card.boot();
    assert.ok(card.board.on, String(card.board.lastEnd));
    assert.equal(card.board.console, null);
    assert.equal(card.state, "WALLET");
  });
  it("the held button leaves it open on a development image", () => {
    const card = certified("console button");
    card.board.powerOff();
    card.board.press();
    card.boot();
    assert.equal(typeof card.board.console, "string", "off, or closed");
    card.board.powerOff();
    card.board.release();
    card.boot();
    assert.equal(card.board.console, null);
  });
});

describe("the console of an image for use", function () {
  this.timeout(60_000);
  const other = keyPair(OTHER_MAKER);
  let bundle: string;
  before(async () => void (bundle = await bundleFor(hex(other.public))));
  /** A boot with the button held. */
  function held(card: TestCard): void {
    card.board.powerOff();
    card.board.press();
    card.boot();
    card.board.release();
  }

  it("that the button gave a blank card is gone when the card makes its key", () => {
    const card = new TestCard("console: open", { bundle });
    held(card);
    assert.equal(typeof card.board.console, "string", "off, or closed");
    must("PERSONALISE", card.plain("PERSONALISE"));
    assert.equal(card.board.console, null);
    card.certify(other).activate();
    assert.equal(card.board.console, null);
  });
  it("that the button gave has no save(), whose image would leave the card no memory", () => {
    const card = new TestCard("console: save", { bundle });
    held(card);
    assert.equal(card.board.global("save"), 0);
  });
  it("the prompt: does not come back where the vault is not found, which may be there all the same", () => {
    const card = new TestCard("console: no vault", { bundle });
    card.certify(other).activate();
    const snapshot = card.snapshot();
    // One bit of the vault's name, behind size and flags.
    snapshot.flash.cells[4096 - 32 + 4]! ^= 1;
    card.board.powerOff();
    card.board.flash.restore(snapshot.flash);
    held(card);
    assert.equal(card.state, "BLANK");
    assert.equal(card.plain("PERSONALISE").sw, STATUS_WORDS.NO_VAULT.value);
    assert.equal(card.board.console, null);
  });
  it("does not come back once there is a key, certified or not", () => {
    const card = new TestCard("console: key", { bundle });
    must("PERSONALISE", card.plain("PERSONALISE"));
    held(card);
    assert.equal(card.board.console, null);
    card.certify(other);
    held(card);
    assert.equal(card.board.console, null);
  });
});
