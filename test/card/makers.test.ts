/**
 * I2, I3 across makers: four cards of two makers and a relay that swaps, replays and forges. What a
 * card of one maker makes is nothing to a card of the other, though every signature in it is good.
 */
import assert from "node:assert/strict";
import { LAYOUTS, SIZES, STATUS_WORDS as SW } from "../../host/sdk/wire/generated.js";
import { cardId, certificate, OFFER_LABEL } from "../vectors/messages.js";
import { H, ascii, byte, cat, ecdsa, hex, keyPair, label } from "../vectors/suite.js";
import { bundleFor, OTHER_MAKER } from "../support/bundles.js";
import { MAKER, must, TestCard } from "../support/world.js";

const { Cert, Msg, Request } = LAYOUTS;

describe("four cards of two makers", function () {
  this.timeout(60_000);
  const other = keyPair(OTHER_MAKER);
  let A: TestCard, B: TestCard, X: TestCard, Y: TestCard;
  before(async () => {
    const bundle = await bundleFor(hex(other.public));
    A = new TestCard("makers A").certify().activate();
    B = new TestCard("makers B").certify();
    X = new TestCard("makers X", { bundle }).certify(other).activate();
    Y = new TestCard("makers Y", { bundle }).certify(other);
  });

  it("a bundle of another maker does not say DEMO", () => {
    assert.equal(A.status().flags & 1, 1);
    assert.equal(X.status().flags & 1, 0);
  });
  it("I2: a card takes no certificate of another maker, nor one over another Kcard", () => {
    const blank = new TestCard("makers blank");
    const kcard = must("PERSONALISE", blank.plain("PERSONALISE")).slice(0, Request.SIGNATURE);
    assert.equal(blank.plain("CERTIFY", certificate(other, kcard)).sw, SW.CRYPTO.value);
    assert.equal(blank.plain("CERTIFY", B.certificate).sw, SW.CRYPTO.value);
    assert.equal(blank.state, "BLANK");
    blank.certify();
  });
  it("I2: a source seals to no card of the other maker, even when the user names it", () => {
    const offer = Y.offerTo(A);
    A.nameDestinations(3, Y, B);
    assert.equal(A.plain("SEAL", offer).sw, SW.CRYPTO.value);
    // Nor with a genuine card's certificate in front of it: Sign_Attest is not that card's.
    const spliced = offer.slice();
    spliced.set(B.certificate, 3);
    A.nameDestinations(3, Y, B);
    assert.equal(A.plain("SEAL", spliced).sw, SW.CRYPTO.value);
    assert.equal(A.state, "WALLET");
  });
  it("I2: nor to one that certifies itself under our maker's id, though the user names it", () => {
    const thief = keyPair(H(ascii("a thief without Kmaker")));
    const cert = certificate(thief, thief.public);
    // our maker's id in front of the thief's signature
    cert.set(B.certificate.slice(Cert.MAKER_ID, Cert.KCARD), Cert.MAKER_ID);
    const klink = keyPair(H(ascii("its link key")));
    const body = cat(byte(1, 1, 1), cert, klink.public, byte(0, 0, 0, 1), A.id, A.setId);
    const offer = cat(body, ecdsa(thief.secret, label(OFFER_LABEL), body));
    A.unlock();
    const named = cat(byte(3), cardId(thief.public));
    must("NAME_DESTINATIONS", A.secure("NAME_DESTINATIONS", named));
    assert.equal(A.plain("SEAL", offer).sw, SW.CRYPTO.value);
  });
  it("I3: a destination takes no key from a card of the other maker that it was told of", () => {
    const offer = B.offerTo(X);
    X.nameDestinations(2, B);
    assert.equal(X.plain("SEAL", offer).sw, SW.CRYPTO.value);
    X.nameDestinations(2, Y);
    Y.drop();
    const transfer = must("SEAL", X.plain("SEAL", Y.offerTo(X)));
    assert.equal(B.plain("ACCEPT", transfer).sw, SW.CRYPTO.value);
    assert.equal(B.state, "OFFERED");
    must("ACCEPT", Y.plain("ACCEPT", transfer));
  });
  it("messages of one copy mean nothing to the other cards", () => {
    const [S, D1, D2] = ["S", "D1", "D2"].map((name) => new TestCard(`makers ${name}`).certify());
    S!.activate().nameDestinations(3, D1!, D2!);
    const offers = [D1!, D2!].map((D) => D.offerTo(S!));
    const transfers = offers.map((offer) => must("SEAL", S!.plain("SEAL", offer)));
    assert.equal(D1!.plain("ACCEPT", transfers[1]).sw, SW.CRYPTO.value, "swapped");
    assert.equal(D2!.plain("ACCEPT", transfers[0]).sw, SW.CRYPTO.value, "swapped");
    // One card's head with the other's ENC, and an OFFER where a TRANSFER belongs.
    const mixed = cat(transfers[0]!.slice(0, Msg.ENC), transfers[1]!.slice(Msg.ENC));
    assert.equal(D1!.plain("ACCEPT", mixed).sw, SW.CRYPTO.value, "spliced");
    const confused = cat(offers[0]!, new Uint8Array(SIZES.TRANSFER - SIZES.OFFER));
    assert.equal(D1!.plain("ACCEPT", confused).sw, SW.DATA.value, "role swapped");
    const receipts = [D1!, D2!].map((D, i) => must("ACCEPT", D.plain("ACCEPT", transfers[i])));
    const wrong = receipts[0]!.map((value, i) => value ^ receipts[1]![i]!);
    assert.equal(S!.plain("CONFIRM", wrong).sw, SW.CRYPTO.value);
    for (const receipt of receipts.reverse()) must("CONFIRM", S!.plain("CONFIRM", receipt));
    assert.deepEqual(D1!.publicKey(), D2!.publicKey());
  });
  it("a maker's key alone makes no card that takes a key: Kmaker signs, the user names", () => {
    // Somebody with Kmaker certifies a key of its own: genuine in every signature, but not named.
    const thief = keyPair(H(ascii("a thief with Kmaker")));
    const S = new TestCard("makers stolen").certify().activate();
    const D = new TestCard("makers victim").certify();
    const forged = cat(byte(1, 1, 1), certificate(MAKER, thief.public), new Uint8Array(133));
    S.nameDestinations(2, D);
    const offer = forged.slice();
    offer.set(cat(S.id, S.setId), LAYOUTS.Offer.SOURCE);
    assert.equal(S.plain("SEAL", offer).sw, SW.NAMES.value);
  });
});
