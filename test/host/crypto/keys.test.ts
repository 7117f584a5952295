/**
 * Points, signatures, base58 and extended keys, against published values.
 */

import assert from "node:assert/strict";
import { createECDH } from "node:crypto";
import { decodeBase58Check, encodeBase58Check } from "../../../host/sdk/crypto/base58.js";
import { fingerprint, formatPath, formatXpub, parsePath } from "../../../host/sdk/crypto/bip32.js";
import { concat, fromHex, toHex, uint32 } from "../../../host/sdk/crypto/bytes.js";
import { ecdh, isPoint, makeKeyPair, pointOf } from "../../../host/sdk/crypto/curve.js";
import {
  recoverPoint,
  signDigest,
  signMessage,
  verifyDigest,
  verifyMessage,
} from "../../../host/sdk/crypto/ecdsa.js";
import { hash } from "../../../host/sdk/crypto/hash.js";

const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const P_HEX = "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f";
const G = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
const bytes32 = (value: bigint) => fromHex(value.toString(16).padStart(64, "0"));

describe("points", () => {
  it("are 33 bytes with prefix 02 or 03, x below p and on the curve", () => {
    assert.ok(isPoint(fromHex(G)));
    assert.ok(!isPoint(fromHex("04" + G.slice(2))), "prefix 04");
    assert.ok(!isPoint(fromHex("00" + G.slice(2))), "prefix 00");
    assert.ok(!isPoint(fromHex(G.slice(0, -2))), "32 bytes");
    assert.ok(!isPoint(fromHex(G + "00")), "34 bytes");
    assert.ok(!isPoint(fromHex("02" + P_HEX)), "x = p");
    assert.ok(!isPoint(fromHex("02" + "00".repeat(31) + "05")), "not on the curve");
    assert.ok(!isPoint(new Uint8Array(33)), "zeros");
  });

  it("agree on the x coordinate, as OpenSSL does it", () => {
    const own = makeKeyPair();
    const other = createECDH("secp256k1");
    other.generateKeys();
    const shared = ecdh(own.secret, other.getPublicKey(null, "compressed")) as Uint8Array;
    assert.equal(toHex(shared), other.computeSecret(own.point).toString("hex"));
    assert.equal(ecdh(own.secret, fromHex("02" + P_HEX)), undefined);
  });
});

describe("signatures", () => {
  const key = bytes32(1n);

  it("are RFC 6979's (the widely published vector of key 1)", () => {
    const signature = signMessage(key, new TextEncoder().encode("Satoshi Nakamoto"));
    assert.equal(
      toHex(signature),
      "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8" +
        "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5",
    );
  });

  it("verify over the very digest and key only", () => {
    const digest = hash(Uint8Array.of(1));
    const signature = signDigest(key, digest);
    assert.ok(verifyDigest(pointOf(key), digest, signature));
    assert.ok(!verifyDigest(pointOf(key), hash(Uint8Array.of(2)), signature));
    assert.ok(!verifyDigest(pointOf(bytes32(2n)), digest, signature));
    assert.ok(verifyMessage(pointOf(key), signature, Uint8Array.of(1)));
  });

  it("with a high s are refused, although the mathematics hold", () => {
    const digest = hash(Uint8Array.of(1));
    const signature = signDigest(key, digest);
    const s = BigInt("0x" + toHex(signature.slice(32)));
    const high = concat(signature.slice(0, 32), bytes32(N - s));
    assert.ok(!verifyDigest(pointOf(key), digest, high));
  });

  it("that are malformed are refused without an error", () => {
    const digest = hash(Uint8Array.of(1));
    for (const bad of [new Uint8Array(64), new Uint8Array(63), new Uint8Array(65), bytes32(N)]) {
      assert.equal(verifyDigest(pointOf(key), digest, bad), false);
    }
    assert.equal(verifyDigest(new Uint8Array(33), digest, signDigest(key, digest)), false);
    assert.equal(recoverPoint(digest, new Uint8Array(64), 0), undefined);
    assert.equal(recoverPoint(digest, signDigest(key, digest), 4), undefined);
  });
});

describe("base58check", () => {
  it("writes and reads, leading zeros included", () => {
    for (const hex of ["", "00", "0000ff", "010203", "00".repeat(20)]) {
      assert.equal(toHex(decodeBase58Check(encodeBase58Check(fromHex(hex)))), hex);
    }
    // The address of twenty zero bytes, version 0.
    const zeros = encodeBase58Check(new Uint8Array(21));
    assert.equal(zeros, "1111111111111111111114oLvT2");
  });
  it("refuses a changed character", () => {
    const text = encodeBase58Check(fromHex("010203"));
    const changed = (text.startsWith("2") ? "3" : "2") + text.slice(1);
    assert.throws(() => decodeBase58Check(changed), { code: "input/base58-check" });
    assert.throws(() => decodeBase58Check("0OIl"), /base58/);
  });
});

describe("extended public keys", () => {
  // BIP32, test vector 1: chain m/0', with m's public key as the parent.
  const master = "0339a36013301597daef41fbe593a02cc513d0b55527ec2df1050e2e8ff49c85c2";
  const chain = "47fdacbd0f1097043b78c63c20c34ef4ed9a111d980047ad16282c7ae6236141";
  const child = "035a784662a4a20a65bf6aab9ae98a6c068a81c52e4b032c0fb5400c706cfccc56";
  const text =
    "xpub68Gmy5EdvgibQVfPdqkBBCHxA5htiqg55crXYuXoQRKfDBFA1WEjWgP6LHhwBZeNK1VTsfTFUHCdrfp1" +
    "bgwQ9xv5ski8PX9rL2dZXvgGDnw";

  it("are BIP32's", () => {
    const key = { path: parsePath("m/0'"), publicKey: fromHex(child), chainCode: fromHex(chain) };
    assert.equal(formatXpub({ ...key, parent: fromHex(master) }), text);
    assert.equal(toHex(fingerprint(fromHex(master))), "3442193e");
  });
  it("carry other version bytes on request", () => {
    const key = { path: [], publicKey: fromHex(master), chainCode: fromHex(chain) };
    assert.match(formatXpub(key, "tpub"), /^tpub/);
    assert.match(formatXpub(key, "zpub"), /^zpub/);
    const payload = decodeBase58Check(formatXpub(key));
    assert.equal(toHex(payload.slice(4, 13)), "00".repeat(9));
  });
});

describe("paths", () => {
  it("are read with ', h or H and written with '", () => {
    const path = parsePath("m/84'/0h/0H/1/2");
    assert.deepEqual(path, [84, 0, 0].map((i) => i + 2 ** 31).concat(1, 2));
    assert.equal(formatPath(path), "m/84'/0'/0'/1/2");
    assert.deepEqual(parsePath("m"), []);
    assert.deepEqual(parsePath(""), []);
    assert.deepEqual(parsePath("0/1"), [0, 1]);
    assert.deepEqual(parsePath("m/2147483647'"), [2 ** 32 - 1]);
    assert.equal(toHex(uint32(2 ** 32 - 1)), "ffffffff");
  });
  it("are refused with the part that is wrong", () => {
    assert.throws(() => parsePath("m/x"), /"x"/);
    assert.throws(() => parsePath("m//1"), /""/);
    assert.throws(() => parsePath("m/2147483648"), /2147483648/);
    assert.throws(() => parsePath("m/-1"), /"-1"/);
    assert.throws(() => parsePath("m/1/2/3/4/5/6/7/8/9"), /9 levels/);
  });
});
