/**
 * The authenticated channel against a relay that tampers (docs/protocol.md section 5).
 */
import assert from "node:assert/strict";
import { IDLE_S, LAYOUTS, STATUS_WORDS as SW } from "../../host/sdk/wire/generated.js";
import { channelHeader, sealCommand, shortApdu } from "../vectors/channel.js";
import { byte, cat } from "../vectors/suite.js";
import { STRETCHED, must, TestCard, wallet } from "../support/world.js";

const { Cert, Opened } = LAYOUTS;

describe("the channel", () => {
  const card: TestCard = wallet("channel");
  const PROVE = channelHeader(0x44, 0);
  const challenge = new Uint8Array(32).fill(3);
  const sealed = (count: number, head = PROVE, data = challenge) =>
    sealCommand(card.live.channel!.toCard, count, head, data);
  /** An APDU straight to the card. */
  const raw = (head: Uint8Array, data: Uint8Array) => card.live.raw(shortApdu(head, data));

  it("every altered bit of a command ends it, with the one word", () => {
    card.open();
    const good = sealed(0);
    for (let at = 0; at < good.length; at += 7) {
      card.open();
      const bad = sealed(0);
      bad[at]! ^= 0x40;
      assert.equal(raw(PROVE, bad).sw, SW.CRYPTO.value, `byte ${at}`);
      assert.equal(raw(PROVE, sealed(0)).sw, SW.CHANNEL.value, "the channel is gone");
    }
  });
  it("the header is authenticated: another INS or P1 over the same ciphertext", () => {
    for (const head of [channelHeader(0x46, 0), channelHeader(0x44, 1)]) {
      card.open();
      assert.equal(raw(head, sealed(0)).sw, SW.CRYPTO.value);
    }
  });
  it("counters have no gaps and do not go back", () => {
    card.open();
    assert.equal(raw(PROVE, sealed(1)).sw, SW.CRYPTO.value, "a gap");
    card.open();
    const first = sealed(0);
    assert.equal(raw(PROVE, first).sw, 0x9000);
    assert.equal(raw(PROVE, sealed(1)).sw, 0x9000);
    assert.equal(raw(PROVE, first).sw, SW.CRYPTO.value, "an old message");
  });
  it("nobody but the channel's host keeps it open: STATUS, or an old command sent again, do not", () => {
    for (const [name, keep] of [
      ["STATUS", () => void card.status()],
      ["the last command again", () => void raw(PROVE, sealed(0))],
    ] as const) {
      card.open();
      assert.equal(raw(PROVE, sealed(0)).sw, 0x9000);
      for (let i = 0; i < 4; i++) {
        card.board.advance(IDLE_S / 4 + 0.1);
        keep();
      }
      assert.equal(raw(PROVE, sealed(1)).sw, SW.CHANNEL.value, name);
    }
    card.open();
    for (let count = 0; count < 4; count++) {
      card.board.advance(IDLE_S / 2);
      assert.equal(raw(PROVE, sealed(count)).sw, 0x9000, "its own commands do");
    }
  });
  it("the very same command gets the very same answer, executed once", () => {
    card.open();
    const code = channelHeader(0x24, 0);
    const message = sealed(0, code, new Uint8Array(32));
    const first = raw(code, message);
    const operations = card.board.flash.operations;
    // A wrong code ends the channel, and with it the resend.
    assert.equal(first.sw, 0x9000);
    assert.equal(raw(code, message).sw, SW.CHANNEL.value);
    card.wait();
    card.open();
    const right = sealed(0, code, STRETCHED);
    const answer = raw(code, right);
    const after = card.board.flash.operations;
    assert.ok(after > operations);
    assert.deepEqual(raw(code, right), answer);
    assert.equal(card.board.flash.operations, after);
    assert.equal(raw(PROVE, sealed(1)).sw, 0x9000, "the counters went on by one");
  });
  it("a plain command in between takes the resend away, not the channel", () => {
    card.open();
    const message = sealed(0);
    raw(PROVE, message);
    must("STATUS", card.plain("STATUS"));
    assert.equal(raw(PROVE, message).sw, SW.CRYPTO.value);
    card.open();
    raw(PROVE, sealed(0));
    must("STATUS", card.plain("STATUS"));
    assert.equal(raw(PROVE, sealed(1)).sw, 0x9000);
  });
  it("ends with SELECT, a new OPEN, sync, a refusal, 60 idle seconds and the power", () => {
    const ends: Record<string, () => void> = {
      SELECT: () => void card.live.raw(byte(0, 0xa4, 4, 0)),
      OPEN: () => void card.plain("OPEN", card.certificate.slice(Cert.KCARD, Cert.SIGNATURE)),
      "a refused OPEN": () => void card.plain("OPEN", new Uint8Array(33)),
      "a refused plain command": () => void card.plain("OFFER"),
      sync: () => card.live.sync(),
      "60 idle seconds": () => card.board.advance(61),
      power: () => card.reboot(),
    };
    for (const [name, end] of Object.entries(ends)) {
      card.open();
      const message = sealed(0);
      end();
      // After a new OPEN there is a channel again, which the old message does not fit.
      const gone = name === "OPEN" ? SW.CRYPTO : SW.CHANNEL;
      assert.equal(raw(PROVE, message).sw, gone.value, name);
    }
  });
  it("59 seconds are not 60, and every command starts them again", () => {
    card.open();
    for (let count = 0; count < 3; count++) {
      card.board.advance(59);
      assert.equal(raw(PROVE, sealed(count)).sw, 0x9000);
    }
  });
  it("refuses ephemerals that are no points, and answers fresh ones every time", () => {
    for (const point of [
      new Uint8Array(33),
      cat(byte(4), new Uint8Array(32).fill(1)),
      cat(byte(2), new Uint8Array(32).fill(255)),
      cat(byte(2), new Uint8Array(31), byte(5)),
    ]) {
      assert.equal(card.plain("OPEN", point).sw, SW.CRYPTO.value);
    }
    const host = card.certificate.slice(Cert.KCARD, Cert.SIGNATURE);
    const a = must("OPEN", card.plain("OPEN", host));
    const b = must("OPEN", card.plain("OPEN", host));
    assert.notDeepEqual(a.slice(0, Opened.HELLO), b.slice(0, Opened.HELLO));
  });
  it("OPEN does not go through the channel; a plain command may", () => {
    card.open();
    assert.equal(card.secure("CERTIFICATE").sw, 0x9000);
    assert.equal(
      card.secure("OPEN", card.certificate.slice(Cert.KCARD, Cert.SIGNATURE)).sw,
      SW.CLA.value,
    );
  });
});
