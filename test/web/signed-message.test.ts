/** Signed messages as other wallets make them: bitcoinjs-message's published example, both ways. */

import assert from "node:assert/strict";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { decodeBase58Check, pointOf } from "../../host/sdk/core.js";
import { addressOf, formatSignature } from "../../host/apps/page/ui/signed-message.js";
import { messageDigest, verifySigned } from "../../host/apps/page/ui/signed-message.js";

const SECRET = "L4rK1yDtCWekvXuE6oXD9jCYfFNV2cWRpVuPLBcCU2z8TrisoyY1";
const MESSAGE = "This is an example of a signed message.";
const ADDRESS = "1F3sAm6ZtwLAUnj7d38pGFxtP3RVEvtsbV";
const SIGNATURE =
  "H9L5yLFjti0QTHhPyFrZCT1V/MMnBtXKmoiKDZ78NDBjERki6ZTQZdSMCtkgoNmp17By9ItJr8o7ChX0XxY91nk=";

describe("the page: signed messages", () => {
  // WIF: version, 32 bytes, and 01 for a compressed key.
  const secret = decodeBase58Check(SECRET).slice(1, 33);

  it("makes the signature that bitcoinjs-message makes", () => {
    const options = { prehash: false, lowS: true, format: "recovered" } as const;
    const signed = secp256k1.sign(messageDigest(MESSAGE), secret, options);
    const parts = { recoveryId: signed[0] as number, signature: signed.slice(1) };
    assert.equal(formatSignature(parts), SIGNATURE);
    assert.equal(addressOf(pointOf(secret)), ADDRESS);
  });
  it("verifies it, and nothing else", () => {
    assert.equal(verifySigned(MESSAGE, ADDRESS, SIGNATURE), true);
    assert.equal(verifySigned(`${MESSAGE} `, ADDRESS, SIGNATURE), false);
    const other = addressOf(pointOf(secret.map((byte) => byte ^ 1)));
    assert.equal(verifySigned(MESSAGE, other, SIGNATURE), false);
  });
  it("counts the length of a long message as Bitcoin does", () => {
    const digests = [252, 253, 65535].map((size) => messageDigest("a".repeat(size)).join());
    assert.equal(new Set(digests).size, 3);
    assert.throws(() => messageDigest("a".repeat(65536)), { code: "input/message-long" });
  });
  it("tells an address and a signature from other text", () => {
    assert.throws(() => verifySigned(MESSAGE, "bc1qxyz", SIGNATURE), { code: "input/address" });
    assert.throws(() => verifySigned(MESSAGE, ADDRESS, "c2lnbmVk"), { code: "input/signature" });
    assert.throws(() => verifySigned(MESSAGE, ADDRESS, "not base64!"), { code: "input/signature" });
  });
});
