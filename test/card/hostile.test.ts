/**
 * What a hostile source that our maker certified can leave on a card. No key out of
 * range is ever unlocked, and a card without a button does not stay a copy of garbage for good.
 */
import assert from "node:assert/strict";
import { STATUS_WORDS as SW } from "../../host/sdk/wire/generated.js";
import { wrap } from "../vectors/messages.js";
import { CURVE_N, byte, fromNumber } from "../vectors/suite.js";
import { Forger } from "../support/forger.js";
import { STRETCHED, TestCard, certified, must, wallet } from "../support/world.js";
import { PART, someOf, times } from "../support/full.js";

const SALT = new Uint8Array(16).fill(0x5a);
const CHAIN = new Uint8Array(32).fill(0xcc);
const wrapped = (kpriv: Uint8Array) => wrap(STRETCHED, SALT, kpriv, CHAIN);

/** A copy of what `source` sealed. */
function copyOf(card: TestCard, source: Forger, content: Uint8Array): TestCard {
  card.open();
  must("NAME_SOURCE", card.secure("NAME_SOURCE", source.names));
  const offer = must("OFFER", card.plain("OFFER"));
  const transfer = source.transfer(offer, { wrapped: content, salt: SALT });
  must("ACCEPT", card.plain("ACCEPT", transfer));
  return card;
}

describe("a hostile source", () => {
  const source = new Forger("hostile");

  it("a wallet key of 0, n, n + 1 or 2^256 - 1 is never unlocked: CODE says CRYPTO", () => {
    const card = certified("hostile: range");
    const start = card.snapshot();
    const keys: [string, Uint8Array][] = [
      ["0", new Uint8Array(32)],
      ["n", fromNumber(CURVE_N)],
      ["n + 1", fromNumber(CURVE_N + 1n)],
      ["2^256 - 1", new Uint8Array(32).fill(255)],
    ];
    for (const [name, key] of keys) {
      card.restore(start);
      copyOf(card, source, wrapped(key)).open();
      assert.equal(card.secure("CODE", STRETCHED).sw, SW.CRYPTO.value, name);
      assert.equal(card.status().misses, 0, `${name}: counted as a right code`);
      assert.equal(card.secure("PUBLIC_KEY", byte(0)).sw, SW.CHANNEL.value, `${name}: no channel`);
      card.open();
      assert.equal(card.secure("PUBLIC_KEY", byte(0)).sw, SW.CODE.value, `${name}: unlocked`);
    }
    for (const [name, key] of [
      ["1", fromNumber(1n)],
      ["n - 1", fromNumber(CURVE_N - 1n)],
    ] as const) {
      card.restore(start);
      copyOf(card, source, wrapped(key)).unlock();
      assert.equal(must("PUBLIC_KEY", card.secure("PUBLIC_KEY", byte(0))).length, 98, name);
    }
  });
  it("without a button, a copy that no code has unlocked is reset without it, slowed like a drop", () => {
    const card = certified("hostile: garbage", { button: false });
    const waits: number[] = [];
    for (const garbage of [1, 2, 3, 4]) {
      copyOf(card, source, new Uint8Array(80).fill(garbage)).open();
      assert.equal(card.secure("CODE", STRETCHED).sw, SW.WRONG_CODE.value);
      card.open();
      let answer = card.secure("RESET");
      if (answer.sw === SW.WAIT.value) {
        waits.push(answer.data[2]!);
        card.board.advance(answer.data[2]! + 0.1);
        card.open();
        answer = card.secure("RESET");
      }
      must("RESET", answer);
      assert.equal(card.state, "EMPTY");
    }
    assert.deepEqual(waits, [2, 4], "the drops are counted through the copies");
    copyOf(card, source, wrapped(new Uint8Array(32))).open();
    assert.equal(card.secure("CODE", STRETCHED).sw, SW.CRYPTO.value);
    card.board.advance(600);
    card.open();
    must("RESET", card.secure("RESET"));
  });
  it("once a code has unlocked the copy, RESET needs the code, also after a power cut", () => {
    const [S, D] = [
      wallet("hostile: S"),
      certified("hostile: D", { button: false, standIn: true }),
    ];
    S.nameDestinations(2, D).copyTo(D);
    D.unlock();
    for (const reboot of [false, true]) {
      if (reboot) D.reboot();
      D.open();
      assert.equal(D.secure("RESET").sw, SW.CODE.value);
    }
    for (let i = 0; i < times(130, 2); i++) D.unlock(); // in whole more than a log holds
    D.reboot();
    D.open();
    assert.equal(D.secure("RESET").sw, SW.CODE.value, "the next records know it too");
    must("RESET", D.unlock().secure("RESET"));
  });
  it(`a torn note of the first right code: a later 9000 holds in every boot${PART}`, () => {
    const S = wallet("hostile: torn S", { standIn: true });
    const D = certified("hostile: torn D", { button: false, standIn: true, keepRam: false });
    S.nameDestinations(2, D).copyTo(D);
    const start = D.rest().snapshot();
    for (const seed of someOf("torn note", 60, 3)) {
      D.restore(start);
      D.open();
      const cut = D.cutDuring(2, "inside", { seed }, () => void D.secure("CODE", STRETCHED));
      assert.ok(cut, "the cut did not come");
      D.boot();
      D.unlock();
      for (let boot = 0; boot < 6; boot++) {
        D.reboot();
        D.open();
        assert.equal(D.secure("RESET").sw, SW.CODE.value, `seed ${seed}, boot ${boot}`);
      }
    }
  });
  it("no other state is reset without the code: wallet, sharing, shared", () => {
    const S = wallet("hostile: source", { button: false });
    const D = certified("hostile: destination", { button: false });
    const refused = (state: string) => {
      assert.equal(S.state, state);
      S.open();
      assert.equal(S.secure("RESET").sw, SW.CODE.value, state);
    };
    refused("WALLET");
    S.nameDestinations(2, D);
    const transfer = must("SEAL", S.plain("SEAL", D.offerTo(S)));
    refused("SHARING");
    must("CONFIRM", S.plain("CONFIRM", must("ACCEPT", D.plain("ACCEPT", transfer))));
    refused("SHARED");
  });
  it("with a button, a copy that no code has unlocked takes the whole gesture", () => {
    const card = copyOf(certified("hostile: button"), source, new Uint8Array(80));
    card.open();
    const { sw, data } = card.secure("RESET");
    assert.deepEqual([sw, data[0]], [SW.PRESENCE.value, 5]);
    must("RESET", card.gesture("RESET"));
  });
});
