/** `kincard/virtual`: cards for other people's tests. */
import assert from "node:assert/strict";
import { parsePath, VIRTUAL_CODE, virtualCard } from "../../host/emulator/card/index.js";
import type { VirtualCard, VirtualCardOptions } from "../../host/emulator/card/index.js";
import { verifyDigest } from "../../host/sdk/crypto/ecdsa.js";
import { isFailure } from "../../host/sdk/failures/failure.js";
import { needsBundle } from "../host/support.js";

describe("a virtual card for tests", function () {
  needsBundle(this);
  const cards: VirtualCard[] = [];
  const make = async (options?: VirtualCardOptions) => {
    const card = await virtualCard(options);
    cards.push(card);
    return card;
  };
  afterEach(async () => {
    for (const card of cards.splice(0)) await card.close();
  });

  it("has a wallet, and its session signs", async () => {
    const { session } = await make();
    const path = parsePath("m/44'/60'/0'/0/0");
    const { publicKey } = await session.publicKey(path);
    const digest = new Uint8Array(32).fill(3);
    const { signature } = await session.sign(path, digest, publicKey);
    assert.ok(verifyDigest(publicKey, digest, signature));
  });

  it("is the same for the same seed, and another for another or none", async () => {
    const keys = [];
    const labels = [];
    for (const seed of ["a", "a", "b", undefined, undefined]) {
      const card = await make({ seed });
      keys.push(await card.session.xpub([]));
      labels.push(card.label);
    }
    assert.equal(keys[0], keys[1]);
    assert.equal(new Set(keys).size, 4);
    assert.equal(labels[0], labels[1]);
    assert.equal(new Set(labels).size, 4);
  });

  it("stops where it is told to: BLANK, EMPTY", async () => {
    const blank = await make({ state: "BLANK" });
    assert.equal((await blank.session.status()).state, "BLANK");
    assert.throws(() => blank.label, RangeError);
    const empty = await make({ state: "EMPTY" });
    assert.equal((await empty.session.status()).state, "EMPTY");
  });

  it("keeps its wallet without power, and needs its code then", async () => {
    const card = await make({ code: "another code" });
    const xpub = await card.session.xpub([]);
    card.powerOff();
    assert.equal(card.on, false);
    await card.connect();
    await card.session.openChannel({ maker: card.maker });
    await assert.rejects(card.session.xpub([]), (error) => isFailure(error, "card/CODE"));
    assert.equal(await (await card.unlock()).xpub([]), xpub);
    assert.notEqual(VIRTUAL_CODE, "another code");
  });

  it("has a button that resets it, a light that asks, and a way back", async () => {
    const card = await make();
    const before = card.snapshot();
    await card.connect();
    await card.session.openChannel({ maker: card.maker });
    let lit = false;
    card.session.onGesture = () => {
      lit ||= card.light;
      card.hold(6);
    };
    await card.session.reset();
    assert.ok(lit, "the light was off while the card waited");
    assert.equal((await card.session.status()).state, "EMPTY");
    card.restore(before);
    assert.equal((await (await card.unlock()).status()).state, "WALLET");
  });

  it("has no button when told so", async () => {
    const card = await make({ button: false, state: "EMPTY" });
    assert.throws(() => card.press(), /no button/);
  });
});
