import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytesToHex } from "@noble/curves/utils.js";
import {
  DEMO_MAKER_PRIVATE,
  DEMO_MAKER_PUBLIC,
  DEMO_MAKER_SEED,
} from "../../firmware/build/demo-maker.js";

describe("the published demo maker", () => {
  it("has the private key that its sentence hashes to", () => {
    const hash = createHash("sha256").update(DEMO_MAKER_SEED).digest();
    assert.equal(DEMO_MAKER_PRIVATE, hash.toString("hex"));
  });
  it("has the public key of its private key", () => {
    const key = Uint8Array.from(Buffer.from(DEMO_MAKER_PRIVATE, "hex"));
    assert.equal(DEMO_MAKER_PUBLIC, bytesToHex(secp256k1.getPublicKey(key, true)));
  });
});
