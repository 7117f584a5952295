/**
 * The host's library with virtual cards that run the built bundle: a card's life without backup.
 */

import assert from "node:assert/strict";
import { HDKey } from "@scure/bip32";
import {
  AccessCode,
  CardError,
  decodeBase58Check,
  equal,
  fingerprint,
  hash,
  isCardError,
  Maker,
  parsePath,
  recoverPoint,
  toHex,
  verifyDigest,
  VerifyError,
  type StatusWordName,
} from "../../host/sdk/core.js";
import { accessCode, COST, demoMaker, MAKER, needsBundle, TestCard } from "./support.js";

const word = (name: StatusWordName) => (error: unknown) => {
  assert.ok(isCardError(error, name), String(error));
  return true;
};
const DIGEST = hash(new TextEncoder().encode("pay 1 to everybody"));

describe("card session", function () {
  this.timeout(30_000);
  needsBundle(this);

  it("takes a blank card to EMPTY: made on the card, signed by the maker", async () => {
    const { session } = await TestCard.make("blank");
    assert.equal((await session.status()).state, "BLANK");
    await assert.rejects(session.openChannel({ maker: MAKER }), word("BLANK"));
    const request = await session.personalise();
    assert.deepEqual(await session.personalise(), request, "asked again: the same");
    const certificate = demoMaker().certify(request);
    await session.certify(certificate.bytes);
    const status = await session.status();
    assert.deepEqual([status.state, status.demo, status.button], ["EMPTY", true, true]);
    assert.deepEqual((await session.certificate()).bytes, certificate.bytes);
    const channel = await session.openChannel({ maker: MAKER, expectId: certificate.id });
    assert.deepEqual(channel.cardId, certificate.id);
    await session.prove();
  });

  it("is refused by a host of another maker", async () => {
    const { session } = await TestCard.empty("other maker");
    const other = Maker.create().publicKey;
    await assert.rejects(session.openChannel({ maker: other }), (error) => {
      return error instanceof VerifyError && error.reason === "maker";
    });
  });

  it("activates: the code holds at once, and the ledger shows a wallet of one", async () => {
    const { session } = await TestCard.empty("activate");
    const { cardId } = await session.openChannel({ maker: MAKER });
    const { setId, publicKey } = await session.activate(accessCode(), { cost: COST });
    assert.ok(session.unlocked);
    const ledger = await session.ledger();
    assert.deepEqual(
      [ledger.state, ledger.copy, ledger.setSize, ledger.slots.map((slot) => slot.state)],
      ["WALLET", 1, 1, ["OPEN", "OPEN"]],
    );
    assert.ok(equal(ledger.setId, setId) && equal(ledger.publicKey, publicKey));
    assert.ok(equal(ledger.ownId, cardId) && equal(ledger.sourceId, cardId));
  });

  it("gives keys at any depth, whose children are BIP32's, and their xpub", async () => {
    const card = await TestCard.wallet("keys");
    const master = await card.session.publicKey([]);
    assert.equal(master.parent, undefined);
    const account = await card.session.publicKey(parsePath("m/84'/0'/0'"));
    const child = await card.session.publicKey(parsePath("m/84'/0'/0'/7"));
    // CKDpub of BIP32, by another library, from what the card shows as text.
    const xpub = await card.session.xpub(parsePath("m/84'/0'/0'"));
    const derived = HDKey.fromExtendedKey(xpub).deriveChild(7);
    assert.deepEqual(child.publicKey, derived.publicKey);
    assert.deepEqual(child.chainCode, derived.chainCode);
    assert.equal(await card.session.xpub(parsePath("m/84'/0'/0'/7")), derived.publicExtendedKey);
    assert.deepEqual(child.parent, account.publicKey);
    const payload = decodeBase58Check(await card.session.xpub(parsePath("m/84'/0'/0'/7")));
    assert.equal(payload[4], 4);
    assert.deepEqual(payload.slice(5, 9), fingerprint(account.publicKey));
    assert.equal(toHex(payload.slice(9, 13)), "00000007");
    assert.deepEqual(payload.slice(45), child.publicKey);
  });

  it("signs digests with the key of the path, recoverably", async () => {
    const { session } = await TestCard.wallet("sign");
    const path = parsePath("m/44'/0'/0'/0/0");
    const { publicKey } = await session.publicKey(path);
    const signed = await session.sign(path, DIGEST, publicKey);
    assert.ok(verifyDigest(publicKey, DIGEST, signed.signature));
    assert.deepEqual(recoverPoint(DIGEST, signed.signature, signed.recoveryId), publicKey);
    const wrongKey = session.sign([], DIGEST, publicKey);
    await assert.rejects(wrongKey, (error) => error instanceof VerifyError);
  });

  it("takes no signature whose recovery id leads to another key", async () => {
    const { session } = await TestCard.wallet("recovery");
    const { publicKey } = await session.publicKey([]);
    const signed = await session.sign([], DIGEST);
    const wrong = { ...signed, recoveryId: signed.recoveryId ^ 1 };
    session.run = (async () => wrong) as unknown as typeof session.run;
    await assert.rejects(session.sign([], DIGEST, publicKey), (error) => {
      return error instanceof VerifyError && error.reason === "forged";
    });
  });

  it("knows that a refusal in the clear has ended the channel too", async () => {
    const card = await TestCard.wallet("refused");
    await card.unlock();
    await assert.rejects(card.session.confirm(new Uint8Array(32)), word("STATE"));
    assert.equal(card.session.channel, undefined);
    assert.equal(card.session.unlocked, false);
  });

  it("needs the code for what the key does, and a channel for what it says", async () => {
    const card = await TestCard.wallet("locked");
    await card.session.openChannel({ maker: MAKER });
    await assert.rejects(card.session.sign([], DIGEST), word("CODE"));
    await assert.rejects(card.session.ledger(), { code: "channel/closed" });
    await card.reconnect();
    await assert.rejects(card.session.sign([], DIGEST), { code: "channel/closed" });
    await card.unlock();
    await card.session.sign([], DIGEST);
  });

  it("counts wrong codes, makes the user wait, and says how long", async () => {
    const card = await TestCard.wallet("tries");
    const wrong = AccessCode.from("not this one");
    for (let misses = 1; misses <= 4; misses++) {
      const seconds = misses < 4 ? 0 : 2;
      await assert.rejects(card.unlock(wrong), (error) => {
        assert.ok(error instanceof CardError);
        assert.deepEqual(
          [error.word, error.misses, error.waitSeconds, error.authentic],
          ["WRONG_CODE", misses, seconds, true],
        );
        return true;
      });
    }
    await assert.rejects(card.unlock(), (error) => {
      assert.ok(error instanceof CardError);
      return error.word === "WAIT" && error.misses === 4 && (error.waitSeconds ?? 0) > 0;
    });
    const status = await card.session.status();
    assert.deepEqual([status.misses, status.waitSeconds > 0], [4, true]);
    card.board.advance(3);
    await card.unlock();
    assert.equal((await card.session.status()).misses, 0);
  });

  it("changes the code of this card", async () => {
    const card = await TestCard.wallet("change");
    const code = AccessCode.from("another code");
    await card.unlock();
    await card.session.changeCode(code, { cost: COST });
    await assert.rejects(card.unlock(), word("WRONG_CODE"));
    await card.unlock(code);
  });

  it("resets with the code; a new activation makes another key", async () => {
    const card = await TestCard.wallet("reset");
    await card.unlock();
    const before = await card.session.ledger();
    await card.session.reset();
    assert.equal((await card.session.status()).state, "EMPTY");
    await card.session.openChannel({ maker: MAKER, expectId: before.ownId });
    const after = await card.session.activate(accessCode(), { cost: COST });
    assert.ok(!equal(after.publicKey, before.publicKey) && !equal(after.setId, before.setId));
  });

  it("has no code to ask for on an empty card", async () => {
    const { session } = await TestCard.empty("no code");
    await session.openChannel({ maker: MAKER });
    await assert.rejects(session.enterCode(accessCode()), /no access code yet/);
  });

  it("ends with the card's power, and begins anew on the same link", async () => {
    const card = await TestCard.wallet("power");
    await card.unlock();
    card.board.powerOff();
    card.board.powerOn();
    await assert.rejects(card.session.sign([], DIGEST), word("CHANNEL"));
    await card.unlock();
    await card.session.sign([], DIGEST);
  });

  it("ends after a minute without a command", async () => {
    const card = await TestCard.wallet("idle");
    await card.unlock();
    card.board.advance(61);
    await assert.rejects(card.session.sign([], DIGEST), word("CHANNEL"));
  });
});
