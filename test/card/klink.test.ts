/**
 * I9: two copies never share a Klink_D (docs/protocol.md 6, SEAL). Only an extracted card can try:
 * it signs an OFFER of its own around another card's Klink_D, and the user named it. And the
 * counter that tells an older OFFER from a newer one only rises, for as long as the card lives.
 */
import assert from "node:assert/strict";
import { STATUS_WORDS as SW } from "../../host/sdk/wire/generated.js";
import * as m from "../vectors/messages.js";
import { byte, cat, Source } from "../vectors/suite.js";
import { MAKER, certified, must, wallet } from "../support/world.js";

describe("I9 single use, an extracted destination", () => {
  it("I9: an OFFER with the Klink_D of the other slot is refused, and changes nothing", () => {
    const [S, D] = [wallet("klink S"), certified("klink D")];
    const kcard = new Source("klink E").key("Kcard");
    const name = () => {
      S.unlock();
      must("NAME_DESTINATIONS", S.secure("NAME_DESTINATIONS", cat(byte(3), D.id, id)));
    };
    const id = m.cardId(kcard.public);
    name();
    const offer = D.offerTo(S);
    must("SEAL", S.plain("SEAL", offer));

    const body = offer.slice(0, -64);
    body.set(m.certificate(MAKER, kcard.public), 3);
    const copied = m.attest(kcard.secret, body, m.OFFER_LABEL);
    const flash = S.board.dump();
    assert.equal(S.plain("SEAL", copied).sw, SW.CRYPTO.value);
    assert.deepEqual(S.board.dump(), flash);

    // the same card with a Klink_D of its own is taken: nothing else was wrong with the OFFER
    body.set(new Source("klink E").key("Klink_D").public, 106);
    name();
    must("SEAL", S.plain("SEAL", m.attest(kcard.secret, body, m.OFFER_LABEL)));
  });
});

describe("I9 single use, the offer counter", () => {
  it("I9: the offer counter only rises: drops, resets and cuts leave it", () => {
    const [S, D] = [wallet("counter S"), certified("counter D")];
    let last = 0;
    const next = (after: string) => {
      const offer = D.offerTo(S);
      const at = m.LAYOUTS.OFFER.find(([field]) => field === "counter")![1];
      const counter = new DataView(offer.buffer, offer.byteOffset).getUint32(at);
      assert.equal(counter, ++last, `after ${after}`);
      return offer;
    };
    next("nothing");
    D.drop();
    next("a drop");
    D.open();
    must("RESET", D.gesture("RESET"));
    next("a reset while OFFERED");
    D.reboot();
    D.drop().reboot();
    const offer = next("a drop and two boots");
    S.nameDestinations(2, D);
    must("ACCEPT", D.plain("ACCEPT", must("SEAL", S.plain("SEAL", offer))));
    must("RESET", D.unlock().secure("RESET"));
    next("the reset of a copy");
    D.drop().activate();
    must("RESET", D.secure("RESET"));
    next("the reset of a wallet");
  });
});
