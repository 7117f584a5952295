/**
 * Published vectors: FIPS 180-4 (SHA-2), RFC 4231 (HMAC), RFC 8439 (ChaCha20-Poly1305), RFC 6979
 * over secp256k1 with SHA-256 (the set used by Bitcoin wallets since 2013), BIP32.
 */

import assert from "node:assert/strict";
import { createHash, createHmac, hkdfSync } from "node:crypto";
import { HDKey } from "@scure/bip32";
import { decodeXprv, nodeOf, BIP32_CHAINS } from "./bip32.js";
import { bytes, hex } from "../support/wycheproof.js";
import { N, be32 } from "./numbers.js";
import * as kernel from "./operations.js";
import { onBoth } from "./subject.js";

const text = (s: string): Uint8Array => Uint8Array.from(Buffer.from(s));

/** message, SHA-256, SHA-512 (FIPS 180-4 examples). */
const SHA2: readonly (readonly [string, string, string])[] = [
  [
    "",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce" +
      "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
  ],
  [
    "abc",
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  ],
  [
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    "204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c335" +
      "96fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec631238ca3445",
  ],
];

/** key, message, r || s. */
const RFC6979: readonly (readonly [bigint, string, string])[] = [
  [
    1n,
    "Satoshi Nakamoto",
    "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8" +
      "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5",
  ],
  [
    1n,
    "All those moments will be lost in time, like tears in rain. Time to die...",
    "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b" +
      "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21",
  ],
  [
    N - 1n,
    "Satoshi Nakamoto",
    "fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d0" +
      "6b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5",
  ],
  [
    0xf8b8af8ce3c7cca5e300d33939540c10d45ce001b8f252bfbc57ba0342904181n,
    "Alan Turing",
    "7063ae83e7f62bbb171798131b4a0564b956930092b33b07b395615d9ec7e15c" +
      "58dfcc1e00a35e1572f366ffe34ba0fc47db1e7189759b9fb233c5b05ab388ea",
  ],
  [
    0xe91671c46231f833a6406ccbea0e3e392c76c167bac1cb013f6f1013980455c2n,
    "There is a computer disease that anybody who works with computers knows about. It's a " +
      "very serious disease and it interferes completely with the work. The trouble with " +
      "computers is that you 'play' with them!",
    "b552edd27580141f3b2a5463048cb7cd3e047b97c9f98076c32dbdf85a68718b" +
      "279fa72dd19bfae05577e06c7c0c1900c371fcd5893f7e1d56a37d30174671f6",
  ],
];

/** key, data, tag (RFC 4231 test cases 1, 2 and 3; shorter keys are padded with zeros). */
const RFC4231: readonly (readonly [string, string, string])[] = [
  [
    "0b".repeat(20),
    "4869205468657265",
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  ],
  [
    "4a656665",
    "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
  [
    "aa".repeat(20),
    "dd".repeat(50),
    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
  ],
];

/** RFC 8439 2.8.2. */
const AEAD = {
  key: "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
  nonce: "070000004041424344454647",
  aad: "50515253c0c1c2c3c4c5c6c7",
  text:
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the " +
    "future, sunscreen would be it.",
  sealed:
    "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6" +
    "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36" +
    "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc" +
    "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691",
};

onBoth("published vectors", (s) => {
  for (const [message, short, long] of SHA2) {
    it(`SHA-256 and SHA-512 of "${message.slice(0, 8)}" (FIPS 180-4)`, () => {
      assert.equal(hex(kernel.sha256(s, text(message))), short);
      assert.equal(hex(kernel.sha512(s, text(message))), long);
    });
  }

  RFC4231.forEach(([key, data, tag], i) => {
    it(`HMAC-SHA256, RFC 4231 case ${i + 1}`, () => {
      const padded = bytes(key.padEnd(64, "0"));
      assert.equal(hex(kernel.hmac(s, padded, bytes(data))), tag);
    });
  });

  it("ChaCha20-Poly1305, RFC 8439 2.8.2, both ways", () => {
    const args = [s, bytes(AEAD.key), bytes(AEAD.nonce), bytes(AEAD.aad)] as const;
    assert.equal(hex(kernel.seal(...args, text(AEAD.text))), AEAD.sealed);
    assert.equal(hex(kernel.open(...args, bytes(AEAD.sealed))), hex(text(AEAD.text)));
  });

  for (const [key, message, want] of RFC6979) {
    it(`RFC 6979, secp256k1, "${message.slice(0, 20)}"`, () => {
      const digest = kernel.sha256(s, text(message));
      const signature = kernel.sign(s, digest, be32(key));
      assert.equal(hex(signature?.slice(0, 64)), want);
    });
  }

  for (const { name, seed, steps } of BIP32_CHAINS) {
    const nodes = steps.map(({ xprv }) => decodeXprv(xprv));

    it(`BIP32, ${name}: derive`, () => {
      steps.slice(1).forEach(({ index }, i) => {
        const child = kernel.derive(s, nodes[i] as Uint8Array, index);
        assert.equal(hex(child), hex(nodes[i + 1]), `step ${i + 1}`);
      });
    });

    it(`BIP32, ${name}: the master node by HMAC-SHA512 made of sha512`, () => {
      const pad = (mask: number): Uint8Array =>
        Uint8Array.from({ length: 128 }, (_, i) => ("Bitcoin seed".charCodeAt(i) || 0) ^ mask);
      const inner = kernel.sha512(s, kernel.join(pad(0x36), bytes(seed)));
      assert.equal(hex(kernel.sha512(s, kernel.join(pad(0x5c), inner))), hex(nodes[0]));
    });
  }

  it("BIP32: derive gives what @scure/bip32 does, hardened and not", () => {
    let node = HDKey.fromMasterSeed(bytes("5eed".repeat(16)));
    for (const index of [0, 1, 44 + 2 ** 31, 2 ** 31 - 1, 2 ** 32 - 1, 7, 2 ** 31, 65535]) {
      const child = node.deriveChild(index);
      assert.equal(hex(kernel.derive(s, nodeOf(node), index)), hex(nodeOf(child)), `at ${index}`);
      node = child;
    }
  });

  it("hkdf puts the label's length byte in the info (RFC 5869 as OpenSSL does it)", () => {
    const [ikm, salt] = [bytes("0b".repeat(32)), bytes("0c".repeat(32))];
    const info = kernel.labelled("kincard/ktrans/1");
    const want = Buffer.from(hkdfSync("sha256", ikm, salt, info, 32)).toString("hex");
    assert.equal(hex(kernel.hkdf(s, ikm, salt, info)), want);
  });

  it("every length of data up to three blocks hashes as OpenSSL does it", () => {
    const data = Uint8Array.from({ length: 400 }, (_, i) => i * 7);
    const key = data.slice(0, 32);
    for (let length = 0; length <= 400; length += length < 270 ? 1 : 13) {
      const part = data.subarray(0, length);
      const openssl = (name: string): string => createHash(name).update(part).digest("hex");
      assert.equal(hex(kernel.sha256(s, part)), openssl("sha256"), `sha256 of ${length}`);
      assert.equal(hex(kernel.sha512(s, part)), openssl("sha512"), `sha512 of ${length}`);
      const mac = createHmac("sha256", key).update(part).digest("hex");
      assert.equal(hex(kernel.hmac(s, key, part)), mac, `hmac of ${length}`);
    }
  });
});
