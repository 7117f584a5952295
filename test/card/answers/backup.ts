/** Answers on names, offers and sealing (docs/protocol.md 13). */
import assert from "node:assert/strict";
import { LAYOUTS, SLOT_STATES as SLOT } from "../../../host/sdk/wire/generated.js";
import { statusWord } from "../../support/words.js";
import * as m from "../../vectors/messages.js";
import { H, Source, byte, cat, keyPair } from "../../vectors/suite.js";
import { bankOf } from "../../support/record.js";
import { COST, MAKER, STRETCHED, certified, must } from "../../support/world.js";
import { challenge, peer, says, sharing, type Answers } from "./support.js";

const { Rec } = LAYOUTS;

export const BACKUP: Answers = {
  A12() {
    const card = certified("A12", { button: false });
    const names = (fill: number) => new Uint8Array(32).fill(fill);
    const say = (data: Uint8Array) => card.open().secure("NAME_SOURCE", data);
    for (const fill of [1, 2, 3]) must("NAME_SOURCE", say(names(fill)));
    says(say(cat(card.id, names(4).subarray(16))), "NAMES", "its own id");
    says(say(names(3)), "OK", "the same names");
    says(say(names(4)), "WAIT");
  },
  A13() {
    const slow = certified("A13", { button: false });
    for (const drops of [1, 2]) {
      slow.offerTo(peer());
      must("RESET", slow.open().secure("RESET"));
      assert.equal(slow.status().drops, drops);
    }
    slow.offerTo(peer());
    says(slow.open().secure("RESET"), "WAIT");
    const card = certified("A13 button");
    card.offerTo(peer());
    const { data, sw } = card.open().secure("RESET");
    assert.deepEqual([statusWord(sw), data[0]], ["PRESENCE", 1]);
  },
  A14() {
    const card = certified("A14", { button: false });
    card.offerTo(peer());
    must("SALT", card.open().secure("SALT"));
    must("RESET", card.secure("RESET"));
    must("PROVE", card.secure("PROVE", challenge));
    assert.equal(card.status().drops, 1, "as before RESET counted itself");
    says(card.secure("ACTIVATE", cat(byte(COST), STRETCHED)), "STATE", "the salt went too");
    must("SALT", card.open().secure("SALT"));
    must("ACTIVATE", card.secure("ACTIVATE", cat(byte(COST), STRETCHED)));
    must("RESET", card.secure("RESET"));
    must("PROVE", card.secure("PROVE", challenge));
    says(card.secure("LEDGER", challenge), "EMPTY");
    const offer = card.offerTo(peer());
    const [, at] = m.LAYOUTS.OFFER.find(([field]) => field === "counter")!;
    assert.equal(offer[at + 3], 2, "the second OFFER of its life");
  },
  A15() {
    const { S, D } = sharing("A15", 2);
    D.drop();
    const offer = D.offerTo(S);
    says(S.open().plain("SEAL", offer), "CODE");
    must("SEAL", S.unlock().plain("SEAL", offer));
  },
  A16() {
    const S = { kcard: new Source("A16").key("Kcard"), setId: new Source("A16").bytes("set", 16) };
    const D = certified("A16 D").open();
    const id = m.cardId(S.kcard.public);
    must("NAME_SOURCE", D.secure("NAME_SOURCE", cat(id, S.setId)));
    const offer = must("OFFER", D.plain("OFFER"));
    const flash = D.board.dump();
    const bank = bankOf(flash);
    const klink = keyPair(flash.slice(bank + Rec.KLINK, bank + Rec.KLINK + 32));
    assert.deepEqual(klink.public, offer.slice(106, 139));
    const parts = {
      header: m.TRANSFER_HEADER,
      certificate: m.certificate(MAKER, S.kcard.public),
      klink: klink.public,
      offerHash: H(offer),
    };
    const head = m.attest(S.kcard.secret, m.headBody(parts), m.TRANSFER_LABEL);
    const keys = m.copyKeys(klink.secret, klink.public, H(offer), head);
    const salt = new Uint8Array(16).fill(1);
    const content = { wrapped: new Uint8Array(80), salt, cost: 10, setId: S.setId, n: 2, k: 2 };
    const transfer = cat(head, m.enc(keys, content));
    const receipt = must("ACCEPT", D.plain("ACCEPT", transfer));
    assert.deepEqual(receipt, m.receipt(keys.kreceipt, transfer));
  },
  A17() {
    for (const [n, second] of [
      [2, SLOT.OPEN],
      [3, SLOT.CLOSED],
    ] as const) {
      const { S } = sharing(`A17 ${n}`, n);
      must("FINISH", S.secure("FINISH", byte(), 1));
      assert.deepEqual(S.status().slots, [SLOT.LOST.value, second.value], `n = ${n}`);
    }
  },
};
