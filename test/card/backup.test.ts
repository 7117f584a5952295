/**
 * The backup between real cards: the invariants I2 to I5, I9 and I11 (docs/protocol.md 12), each by
 * name. The relay here is the test itself, and it lies.
 */
import assert from "node:assert/strict";
import {
  LAYOUTS,
  SIZES,
  SLOT_STATES as SLOT,
  STATUS_WORDS as SW,
} from "../../host/sdk/wire/generated.js";
import { byte, cat } from "../vectors/suite.js";
import { WRONG, certified, must, TestCard, wallet } from "../support/world.js";
import { PART, someOf } from "../support/full.js";

const { Ledger, Msg } = LAYOUTS;

/** A source and two destinations, all certified, the source with a key. */
function cards(name: string): [TestCard, TestCard, TestCard] {
  return [wallet(`${name} S`), certified(`${name} D1`), certified(`${name} D2`)];
}
const seal = (source: TestCard, offer: Uint8Array) => source.plain("SEAL", offer);

describe("a backup", () => {
  it("two cards: the copy takes the source's code and shows its key and set id", () => {
    const [S, D] = cards("two");
    const key = S.publicKey();
    S.nameDestinations(2, D).copyTo(D);
    assert.equal(S.state, "SHARED");
    assert.equal(D.state, "COPY");
    assert.deepEqual(D.publicKey(), key);
    const ledger = must("LEDGER", D.secure("LEDGER", new Uint8Array(32)));
    assert.deepEqual(ledger.slice(Ledger.SET_ID, Ledger.PUBLIC_KEY), S.setId);
  });
  it("three cards: sharing until both receipts are in; the same digest, the same key", () => {
    const [S, D1, D2] = cards("three");
    S.nameDestinations(3, D1, D2).copyTo(D1);
    assert.equal(S.state, "SHARING");
    S.copyTo(D2);
    assert.equal(S.state, "SHARED");
    const digest = new Uint8Array(32).fill(5);
    const signatures = [S, D1, D2].map((card) =>
      must("SIGN", card.unlock().secure("SIGN", cat(byte(0), digest))),
    );
    assert.deepEqual(signatures[1], signatures[0]);
    assert.deepEqual(signatures[2], signatures[0]);
    assert.deepEqual(
      [S, D1, D2].map((card) => card.status().k),
      [1, 2, 3],
    );
  });
  it("every card may lose its power between any two messages", () => {
    const [S, D] = cards("reboots");
    S.nameDestinations(2, D);
    const offer = D.offerTo(S);
    D.reboot();
    const transfer = must("SEAL", seal(S, offer));
    S.reboot();
    const receipt = must("ACCEPT", D.plain("ACCEPT", transfer));
    D.reboot();
    must("CONFIRM", S.plain("CONFIRM", receipt));
    assert.deepEqual(D.publicKey(), S.publicKey());
  });
  it("finish: wants to be told when a sealed copy is unconfirmed, and closes for good", () => {
    const [S, D1, D2] = cards("finish");
    S.nameDestinations(3, D1);
    const transfer = must("SEAL", seal(S, D1.offerTo(S)));
    S.unlock();
    assert.equal(S.secure("FINISH").sw, SW.UNCONFIRMED.value);
    S.unlock();
    must("FINISH", S.secure("FINISH", byte(), 1));
    assert.deepEqual(S.status().slots, [SLOT.LOST.value, SLOT.CLOSED.value]);
    assert.equal(seal(S, D2.offerTo(S)).sw, SW.USED.value);
    // The sealed one still works: it counts as holding the key.
    must("ACCEPT", D1.plain("ACCEPT", transfer));
    assert.deepEqual(D1.publicKey(), S.publicKey());
  });
});

describe("I2 genuine: sealed only to a named card of our maker", () => {
  it("I2: a genuine card that the user did not name is refused", () => {
    const [S, D, other] = cards("I2 unnamed");
    S.nameDestinations(2, D);
    assert.equal(seal(S, other.offerTo(S)).sw, SW.NAMES.value);
    assert.equal(S.state, "WALLET");
  });
  it("I2: without the code in this channel nobody is named", () => {
    const [S, D] = cards("I2 no code");
    const offer = D.offerTo(S);
    S.reboot();
    assert.equal(seal(S, offer).sw, SW.CODE.value);
    S.open();
    assert.equal(seal(S, offer).sw, SW.CODE.value);
    S.nameDestinations(2, D);
    S.open();
    assert.equal(seal(S, offer).sw, SW.CODE.value, "the names went with the channel");
    S.nameDestinations(2, D);
    S.reboot();
    assert.equal(seal(S, offer).sw, SW.CODE.value, "the names went with the power");
  });
  it(`I2: an OFFER altered in any byte is refused and changes nothing${PART}`, () => {
    const [S, D] = cards("I2 forged");
    const offer = D.offerTo(S);
    const start = S.snapshot();
    for (const at of someOf("I2 offer", offer.length, 20)) {
      S.restore(start);
      S.nameDestinations(2, D);
      const flash = S.board.dump();
      const { sw } = seal(
        S,
        offer.map((value, i) => (i === at ? value ^ 0x10 : value)),
      );
      assert.notEqual(sw, 0x9000, `byte ${at}`);
      assert.deepEqual(S.board.dump(), flash, `byte ${at} changed the flash`);
    }
  });
  it("I2: a card refuses to be its own destination", () => {
    const [S] = cards("I2 itself");
    S.unlock();
    assert.equal(S.secure("NAME_DESTINATIONS", cat(byte(2), S.id)).sw, SW.DATA.value);
  });
});

describe("I3 agreement, I11 named source", () => {
  it("I11: a TRANSFER from a genuine card that was not named is refused", () => {
    const [S, D] = cards("I11");
    const thief = wallet("I11 thief");
    D.offerTo(S);
    // The thief gives its own key, properly, to another card; the relay hands that to D.
    const other = certified("I11 other");
    thief.nameDestinations(2, other);
    const transfer = must("SEAL", seal(thief, other.offerTo(thief)));
    assert.equal(D.plain("ACCEPT", transfer).sw, SW.NAMES.value);
    assert.equal(D.state, "OFFERED");
  });
  it("I3: the source refuses an OFFER that names another source or another set", () => {
    const [S, D] = cards("I3 names");
    const other = wallet("I3 other");
    D.offerTo(other);
    S.nameDestinations(2, D);
    assert.equal(seal(S, must("OFFER", D.plain("OFFER"))).sw, SW.NAMES.value);
    const E = certified("I3 set");
    E.open();
    must("NAME_SOURCE", E.secure("NAME_SOURCE", cat(S.id, new Uint8Array(16).fill(1))));
    S.nameDestinations(2, E);
    assert.equal(seal(S, must("OFFER", E.plain("OFFER"))).sw, SW.NAMES.value);
    const F = certified("I3 source");
    F.open();
    must("NAME_SOURCE", F.secure("NAME_SOURCE", cat(other.id, S.setId)));
    S.nameDestinations(2, F);
    assert.equal(
      seal(S, must("OFFER", F.plain("OFFER"))).sw,
      SW.NAMES.value,
      "another source alone",
    );
  });
  it(`I3: a TRANSFER for another OFFER, or altered in any byte, is refused${PART}`, () => {
    const [S, D] = cards("I3 forged");
    S.nameDestinations(2, D);
    const transfer = must("SEAL", seal(S, D.offerTo(S)));
    const flash = D.board.dump();
    for (const at of someOf("I3 transfer", transfer.length, 25)) {
      const { sw } = D.plain(
        "ACCEPT",
        transfer.map((value, i) => (i === at ? value ^ 1 : value)),
      );
      const words = at < 3 ? [SW.DATA.value] : [SW.CRYPTO.value, SW.NAMES.value];
      assert.ok((words as number[]).includes(sw), `byte ${at}: ${sw.toString(16)}`);
    }
    assert.deepEqual(D.board.dump(), flash);
    must("ACCEPT", D.plain("ACCEPT", transfer));
  });
  it("I3: an offer that was dropped takes no TRANSFER any more", () => {
    const [S, D] = cards("I3 dropped");
    S.nameDestinations(2, D);
    const transfer = must("SEAL", seal(S, D.offerTo(S)));
    D.drop();
    D.offerTo(S);
    assert.equal(D.plain("ACCEPT", transfer).sw, SW.CRYPTO.value);
  });
});

describe("I4 copies, I9 single use", () => {
  it("I4: n is fixed by the first seal; a third destination finds every place taken", () => {
    const [S, D1, D2] = cards("I4 full");
    S.nameDestinations(2, D1);
    must("SEAL", seal(S, D1.offerTo(S)));
    S.unlock();
    assert.equal(S.secure("NAME_DESTINATIONS", cat(byte(3), D2.id)).sw, SW.NAMES.value);
    S.nameDestinations(2, D2);
    assert.equal(seal(S, D2.offerTo(S)).sw, SW.FULL.value);
  });
  it("I4: a lost destination costs its place; a reset one gets no second TRANSFER", () => {
    const [S, D] = cards("I4 reset destination");
    S.nameDestinations(2, D).copyTo(D);
    D.unlock();
    must("RESET", D.secure("RESET"));
    S.unlock();
    assert.equal(S.secure("NAME_DESTINATIONS", cat(byte(2), D.id)).sw, SW.USED.value);
    assert.equal(seal(S, D.offerTo(S)).sw, SW.USED.value);
  });
  it("I4: the same OFFER gets the same TRANSFER, byte for byte, without a code", () => {
    const [S, D] = cards("I4 same");
    S.nameDestinations(2, D);
    const offer = D.offerTo(S);
    const first = must("SEAL", seal(S, offer));
    S.reboot();
    const operations = S.board.flash.operations;
    assert.deepEqual(must("SEAL", seal(S, offer)), first);
    assert.equal(S.board.flash.operations, operations);
  });
  it("I4: RESEND gives the stored TRANSFER, byte for byte, with the code; nothing is written", () => {
    const [S, D1, D2] = cards("I4 resend");
    S.nameDestinations(3, D1, D2);
    const [a, b] = [D1, D2].map((D) => must("SEAL", seal(S, D.offerTo(S))));
    const receipt = must("ACCEPT", D1.plain("ACCEPT", a));
    S.reboot();
    S.unlock();
    const slots = S.status().slots;
    const operations = S.board.flash.operations;
    assert.deepEqual(must("RESEND", S.secure("RESEND")), a);
    assert.deepEqual(must("RESEND", S.secure("RESEND", byte(), 1)), b);
    assert.deepEqual(S.status().slots, slots);
    assert.equal(S.board.flash.operations, operations);
    // What the relay lost is mended: the copy answers its RECEIPT again, the source confirms.
    assert.deepEqual(must("ACCEPT", D1.plain("ACCEPT", a)), receipt);
    must("CONFIRM", S.plain("CONFIRM", receipt));
    assert.deepEqual(S.status().slots, [SLOT.CONFIRMED.value, SLOT.SEALED.value]);
  });
  it("I2: RESEND wants the channel and the code, and names no card for a later SEAL", () => {
    const [S, D1, D2] = cards("I2 resend access");
    S.nameDestinations(3, D1);
    const transfer = must("SEAL", seal(S, D1.offerTo(S)));
    assert.equal(S.plain("RESEND").sw, SW.CHANNEL.value);
    S.open();
    assert.equal(S.secure("RESEND").sw, SW.CODE.value);
    S.unlock();
    assert.deepEqual(must("RESEND", S.secure("RESEND")), transfer);
    assert.equal(seal(S, D2.offerTo(S)).sw, SW.NAMES.value);
    S.unlock();
    assert.equal(S.secure("RESEND", byte(), 1).sw, SW.STATE.value, "an open slot");
  });
  it("I9: a new Klink_D of the slot's Kcard gets new bytes, with the code only; the old die", () => {
    const [S, D] = cards("I9");
    S.nameDestinations(2, D);
    const first = must("SEAL", seal(S, D.offerTo(S)));
    D.drop();
    const offer = D.offerTo(S);
    S.reboot();
    assert.equal(seal(S, offer).sw, SW.CODE.value);
    S.unlock();
    const second = must("SEAL", seal(S, offer));
    assert.notDeepEqual(second, first);
    assert.notDeepEqual(
      second.slice(Msg.KLINK, Msg.OFFER_HASH),
      first.slice(Msg.KLINK, Msg.OFFER_HASH),
      "Klink_S is fresh",
    );
    assert.deepEqual(S.status().slots, [SLOT.SEALED.value, SLOT.OPEN.value], "the same place");
    assert.equal(D.plain("ACCEPT", first).sw, SW.CRYPTO.value);
    const receipt = must("ACCEPT", D.plain("ACCEPT", second));
    must("CONFIRM", S.plain("CONFIRM", receipt));
  });
  it("I9: an OFFER older than the one sealed is refused, with the code too; the copy gets confirmed", () => {
    const [S, D] = cards("I9 older");
    const old = D.offerTo(S);
    D.drop();
    const offer = D.offerTo(S);
    S.nameDestinations(2, D);
    const transfer = must("SEAL", seal(S, offer));
    const receipt = must("ACCEPT", D.plain("ACCEPT", transfer));
    S.unlock();
    const operations = S.board.flash.operations;
    assert.equal(seal(S, old).sw, SW.USED.value);
    assert.equal(S.board.flash.operations, operations, "nothing is written");
    must("CONFIRM", S.plain("CONFIRM", receipt));
    assert.equal(S.state, "SHARED");
  });
  it("I9: two copies have different Klink_S and different ENC", () => {
    const [S, D1, D2] = cards("I9 two copies");
    S.nameDestinations(3, D1, D2);
    const [a, b] = [D1, D2].map((D) => must("SEAL", seal(S, D.offerTo(S))));
    assert.notDeepEqual(a!.slice(Msg.KLINK, Msg.OFFER_HASH), b!.slice(Msg.KLINK, Msg.OFFER_HASH));
    assert.notDeepEqual(a!.slice(Msg.ENC), b!.slice(Msg.ENC));
  });
  it("a receipt for the other copy, or altered, confirms nothing", () => {
    const [S, D1, D2] = cards("receipts");
    S.nameDestinations(3, D1, D2);
    const transfers = [D1, D2].map((D) => must("SEAL", seal(S, D.offerTo(S))));
    const receipt = must("ACCEPT", D1.plain("ACCEPT", transfers[0]));
    const bad = receipt.slice();
    bad[31]! ^= 1;
    assert.equal(S.plain("CONFIRM", bad).sw, SW.CRYPTO.value);
    must("CONFIRM", S.plain("CONFIRM", receipt));
    assert.deepEqual(S.status().slots, [SLOT.CONFIRMED.value, SLOT.SEALED.value]);
    assert.equal(S.plain("CONFIRM", receipt).sw, SW.CRYPTO.value, "it was for the first slot");
  });
});

describe("I5 once", () => {
  it("I5: a card that received answers its own TRANSFER again and takes no other", () => {
    const [S, D] = cards("I5 received");
    S.nameDestinations(2, D);
    const transfer = must("SEAL", seal(S, D.offerTo(S)));
    const receipt = must("ACCEPT", D.plain("ACCEPT", transfer));
    D.reboot();
    assert.deepEqual(must("ACCEPT", D.plain("ACCEPT", transfer)), receipt);
    const other = transfer.slice();
    other[365]! ^= 1;
    assert.equal(D.plain("ACCEPT", other).sw, SW.USED.value);
  });
  it("I5: a card that gave or received never gives or receives again", () => {
    const [S, D, other] = cards("I5 used");
    S.nameDestinations(2, D).copyTo(D);
    for (const card of [S, D]) {
      card.unlock();
      assert.equal(card.secure("NAME_DESTINATIONS", cat(byte(2), other.id)).sw, SW.USED.value);
      card.open();
      assert.equal(card.secure("NAME_SOURCE", cat(other.id, S.setId)).sw, SW.USED.value);
    }
  });
  it("I5: RESEND gives nothing after the receipt, whatever the other slot is", () => {
    const [S, D1, D2] = cards("I5 resend");
    S.nameDestinations(3, D1, D2).copyTo(D1);
    must("SEAL", seal(S, D2.offerTo(S)));
    S.unlock();
    assert.equal(S.secure("RESEND").sw, SW.USED.value);
    S.reboot();
    S.unlock();
    assert.equal(S.secure("RESEND").sw, SW.USED.value);
    const transfer = must("RESEND", S.unlock().secure("RESEND", byte(), 1));
    must("CONFIRM", S.plain("CONFIRM", must("ACCEPT", D2.plain("ACCEPT", transfer))));
    assert.equal(S.state, "SHARED");
    for (const slot of [0, 1]) {
      S.unlock();
      assert.equal(S.secure("RESEND", byte(), slot).sw, SW.USED.value);
    }
  });
  it("I5: RESEND gives nothing after FINISH, though the slot was never confirmed", () => {
    const [S, D] = cards("I5 resend finish");
    S.nameDestinations(3, D);
    must("SEAL", seal(S, D.offerTo(S)));
    S.unlock();
    must("FINISH", S.secure("FINISH", byte(), 1));
    for (const slot of [0, 1]) {
      S.unlock();
      assert.equal(S.secure("RESEND", byte(), slot).sw, SW.USED.value);
    }
  });
  it("I5: not even after a wrong code or a refused message", () => {
    const [S, D] = cards("I5 after failure");
    S.nameDestinations(2, D).copyTo(D);
    S.open();
    S.secure("CODE", WRONG);
    assert.equal(seal(S, new Uint8Array(SIZES.OFFER)).sw, SW.USED.value);
  });
});
