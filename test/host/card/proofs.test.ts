/**
 * What a verifier refuses: certificates, requests, ledgers, proofs, offers.
 */

import assert from "node:assert/strict";
import type { CopyFault } from "../../../host/sdk/failures/facts.js";
import { VerifyError } from "../../../host/sdk/failures/failure.js";
import { concat, toHex } from "../../../host/sdk/crypto/bytes.js";
import { makeKeyPair } from "../../../host/sdk/crypto/curve.js";
import { signMessage } from "../../../host/sdk/crypto/ecdsa.js";
import { hash } from "../../../host/sdk/crypto/hash.js";
import { label } from "../../../host/sdk/crypto/labels.js";
import {
  issueCertificate,
  signedCertificate,
  verifyCertificate,
  verifyRequest,
} from "../../../host/sdk/card/certificate.js";
import * as commands from "../../../host/sdk/card/commands/index.js";
import {
  compareLedgers,
  parseLedger,
  signedLedger,
  slotOf,
  verifyLedger,
  verifyProof,
} from "../../../host/sdk/card/ledger.js";
import { Failure } from "../../../host/sdk/failures/failure.js";
import { verifyOffer, verifyTransfer } from "../../../host/sdk/card/messages.js";
import { LAYOUTS, SLOT_STATES, STATES } from "../../../host/sdk/wire/generated.js";
import { requestOf } from "./requests.js";

const maker = makeKeyPair();
const card = makeKeyPair();
const other = makeKeyPair();
const CERT = issueCertificate(maker.secret, maker.point, requestOf(card, maker.point));
const certificate = verifyCertificate(maker.point, CERT);
const flip = (bytes: Uint8Array, at: number) => bytes.map((b, i) => (i === at ? b ^ 1 : b));
const refuses = (reason: VerifyError["reason"]) => (error: unknown) => {
  assert.ok(error instanceof VerifyError, String(error));
  assert.equal(error.reason, reason);
  return true;
};

const noPoint = (error: unknown) => error instanceof Failure && error.code === "format/point";

describe("certificate", () => {
  it("is refused with any changed byte", () => {
    for (let at = 0; at < CERT.length; at++) {
      assert.throws(() => verifyCertificate(maker.point, flip(CERT, at)), `byte ${at}`);
    }
  });
  it("is refused under another maker, and at another length", () => {
    assert.throws(() => verifyCertificate(other.point, CERT), refuses("maker"));
    assert.throws(() => verifyCertificate(maker.point, CERT.slice(0, -1)), /too short/);
    assert.throws(() => verifyCertificate(maker.point, concat(CERT, CERT)), /too long/);
  });
  it("with a public key that is none is refused, though the card signed it", () => {
    for (const [name, key] of [
      ["02 00..00", concat(Uint8Array.of(2), new Uint8Array(32))],
      ["infinity", new Uint8Array(33)],
      ["off the curve", concat(Uint8Array.of(2), new Uint8Array(31), Uint8Array.of(5))],
    ] as const) {
      const answer = ledgerOf({ key });
      const verify = () => verifyLedger(certificate, challenge, answer);
      assert.throws(verify, (error) => refuses("content")(error) && /public key/.test(`${error}`));
      const set = concat(new Uint8Array(16), key);
      assert.throws(() => commands.ACTIVATE.decode(set), noPoint, `ACTIVATE ${name}`);
      for (const [own, parent] of [
        [key, new Uint8Array(33)],
        [other.point, key],
      ] as const) {
        if (own !== key && name === "infinity") continue; // the master key has no parent
        const shown = concat(own, new Uint8Array(32), parent);
        const decode = () => commands.PUBLIC_KEY.decode(shown);
        assert.throws(decode, noPoint, `PUBLIC_KEY ${name}`);
      }
    }
  });
  it("of a copy that does not call its own place confirmed is refused", () => {
    for (const [name, { value }] of Object.entries(SLOT_STATES)) {
      const slots: Fields["slots"] = [[value, certificate.id, hash(Uint8Array.of(2))]];
      const answer = ledgerOf({ state: STATES.COPY.value, k: 2, n: 2, slots });
      const verify = () => verifyLedger(certificate, challenge, answer);
      if (name === "CONFIRMED") verify();
      else assert.throws(verify, refuses("content"), name);
    }
  });
  it("exports the exact bytes that were signed, label first", () => {
    const signed = signedCertificate(CERT);
    assert.equal(signed.length, 1 + 14 + 103);
    assert.equal(toHex(signed.slice(0, 15)), "0e" + Buffer.from("kincard/cert/1").toString("hex"));
  });
  it("is not issued for a request of another key or another maker", () => {
    const request = requestOf(card, maker.point);
    const stolen = { ...request, cardKey: other.point };
    assert.throws(() => issueCertificate(maker.secret, maker.point, stolen), refuses("forged"));
    const elsewhere = requestOf(card, other.point);
    assert.throws(() => verifyRequest(maker.point, elsewhere), refuses("forged"));
    verifyRequest(maker.point, request);
  });
});

const challenge = hash(Uint8Array.of(1));
interface Fields {
  setId?: number;
  key?: Uint8Array;
  own?: Uint8Array;
  source?: Uint8Array;
  state?: number;
  k?: number;
  n?: number;
  slots?: [number, Uint8Array, Uint8Array][];
}
/** A ledger's answer as a card would sign it. */
function ledgerOf(fields: Fields, signer = card): Uint8Array {
  const { setId = 1, key = other.point, own = certificate.id, source = own } = fields;
  const { state = STATES.WALLET.value, k = 1, n = 1, slots = [] } = fields;
  const unused: [number, Uint8Array, Uint8Array] = [0, new Uint8Array(16), new Uint8Array(32)];
  const body = concat(
    Uint8Array.of(1, 1),
    challenge,
    new Uint8Array(16).fill(setId),
    key,
    own,
    source,
    Uint8Array.of(state, k, n),
    ...[0, 1].flatMap((i) => {
      const [slot, id, transfer] = slots[i] ?? unused;
      return [Uint8Array.of(slot), id, transfer];
    }),
  );
  return concat(body, signMessage(signer.secret, label("LEDGER"), body));
}

describe("ledger", () => {
  it("is refused with any changed byte", () => {
    const answer = ledgerOf({});
    verifyLedger(certificate, challenge, answer);
    for (let at = 0; at < answer.length; at++) {
      const changed = flip(answer, at);
      assert.throws(() => verifyLedger(certificate, challenge, changed), VerifyError, `byte ${at}`);
    }
  });
  it("is refused from another signer, for another challenge or card", () => {
    const stranger = ledgerOf({}, other);
    assert.throws(() => verifyLedger(certificate, challenge, stranger), refuses("forged"));
    const old = () => verifyLedger(certificate, hash(challenge), ledgerOf({}));
    assert.throws(old, refuses("content"));
    const named = ledgerOf({ own: new Uint8Array(16) });
    assert.throws(() => verifyLedger(certificate, challenge, named), refuses("identity"));
  });
  it("exports the exact bytes that were signed, label first", () => {
    const answer = ledgerOf({});
    const signed = toHex(signedLedger(parseLedger(answer)));
    assert.equal(signed, toHex(concat(label("LEDGER"), answer)));
  });

  const copyId = new Uint8Array(16).fill(9);
  const sent = hash(Uint8Array.of(2));
  const shared: Fields = {
    ...{ state: STATES.SHARING.value, n: 3 },
    slots: [[SLOT_STATES.SEALED.value, copyId, sent]],
  };
  const copied: Fields = {
    ...{ own: copyId, source: certificate.id, state: STATES.COPY.value, k: 2, n: 3 },
    slots: [[SLOT_STATES.CONFIRMED.value, copyId, sent]],
  };
  const compare = (source: Fields, copy: Fields) =>
    compareLedgers(parseLedger(ledgerOf(source)), parseLedger(ledgerOf(copy)));

  it("of a copy belongs to its source's", () => {
    assert.deepEqual(compare(shared, copied), []);
    assert.equal(slotOf(parseLedger(ledgerOf(shared)), copyId)?.state, "SEALED");
    assert.equal(slotOf(parseLedger(ledgerOf(shared)), new Uint8Array(16)), undefined);
  });

  const faults: [string, Fields, CopyFault][] = [
    ["another key", { ...copied, key: maker.point }, "key"],
    ["another set id", { ...copied, setId: 2 }, "set"],
    ["another source", { ...copied, source: copyId }, "source"],
    ["another state", { ...copied, state: STATES.WALLET.value }, "state"],
    ["copy number 1", { ...copied, k: 1 }, "number"],
    ["copy number n + 1", { ...copied, k: 4 }, "number"],
    ["another set size", { ...copied, n: 2 }, "size"],
    [
      "another TRANSFER",
      { ...copied, slots: [[SLOT_STATES.CONFIRMED.value, copyId, hash(sent)]] },
      "transfer",
    ],
  ];
  it("of a copy for which the source has no place does not", () => {
    const stranger = new Uint8Array(16).fill(7);
    const without: Fields = { ...shared, slots: [[SLOT_STATES.SEALED.value, stranger, sent]] };
    assert.deepEqual(compare(without, copied), ["place"]);
    assert.deepEqual(compare({ ...shared, slots: [] }, copied), ["place"]);
  });
  for (const [what, fields, fault] of faults) {
    it(`of a copy with ${what} does not`, () => {
      assert.ok(compare(shared, fields).includes(fault));
    });
  }
});

describe("proof of being genuine", () => {
  it("is over the certificate and the challenge, by this card", () => {
    const signed = [label("PROOF"), Uint8Array.of(1, 1), CERT, challenge];
    const proof = signMessage(card.secret, ...signed);
    verifyProof(certificate, challenge, proof);
    assert.throws(() => verifyProof(certificate, hash(challenge), proof), refuses("forged"));
    const foreign = signMessage(other.secret, ...signed);
    assert.throws(() => verifyProof(certificate, challenge, foreign), refuses("forged"));
  });
});

describe("offer and transfer", () => {
  const link = makeKeyPair();
  const message = (type: number, name: "OFFER" | "TRANSFER", rest: Uint8Array) => {
    const body = concat(Uint8Array.of(1, 1, type), CERT, link.point, rest);
    return concat(body, signMessage(card.secret, label(name), body));
  };
  const offer = message(1, "OFFER", new Uint8Array(36).fill(3));
  const transfer = concat(message(2, "TRANSFER", hash(offer)), new Uint8Array(131));

  it("are refused with any changed byte before the signature's end", () => {
    assert.equal(toHex(verifyOffer(maker.point, offer).setId), "03".repeat(16));
    assert.equal(toHex(verifyTransfer(maker.point, transfer, offer).link), toHex(link.point));
    for (let at = 0; at < 235; at += 3) {
      assert.throws(() => verifyOffer(maker.point, flip(offer, at)), VerifyError, `offer ${at}`);
      const changed = flip(transfer, at);
      assert.throws(() => verifyTransfer(maker.point, changed), VerifyError, `transfer ${at}`);
    }
  });
  it("don't pass for each other", () => {
    assert.throws(
      () => verifyOffer(maker.point, transfer.slice(0, LAYOUTS.Offer.SIZE)),
      refuses("content"),
    );
    const relabelled = concat(
      Uint8Array.of(1, 1, 1),
      transfer.slice(LAYOUTS.Msg.CERT, LAYOUTS.Offer.SIZE),
    );
    assert.throws(() => verifyOffer(maker.point, relabelled), refuses("forged"));
    assert.throws(() => verifyTransfer(maker.point, transfer, flip(offer, 234)), /another offer/);
  });
});
