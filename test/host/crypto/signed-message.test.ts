/**
 * Signed messages as other wallets make them. Quoted examples: bitcoinjs-message's README;
 * Electrum's tests (compressed, uncompressed, high s, both kinds of segregated witness); Trezor's
 * (BIP 137's headers); Bitcoin Core's util_tests; BIP 322's own, and bip322-js' for P2SH and P2TR.
 */

import assert from "node:assert/strict";
import { schnorr, secp256k1 } from "@noble/curves/secp256k1.js";
import { addressOf, decodeBase58Check, encodeBase58Check } from "../../../host/sdk/core.js";
import { concat, formatSignature, fromHex, messageDigest } from "../../../host/sdk/core.js";
import { pointOf, toHex, verifySigned, witnessAddressOf } from "../../../host/sdk/core.js";
import { decodeWitnessProgram, encodeWitnessProgram } from "../../../host/sdk/crypto/bech32.js";
import { toBase64 } from "../../../host/sdk/crypto/text.js";
import { scriptOf, readAddress } from "../../../host/sdk/signed/address.js";
import { messageHash, toSpend } from "../../../host/sdk/signed/bip322.js";

const SECRET = "L4rK1yDtCWekvXuE6oXD9jCYfFNV2cWRpVuPLBcCU2z8TrisoyY1";
const MESSAGE = "This is an example of a signed message.";
const ADDRESS = "1F3sAm6ZtwLAUnj7d38pGFxtP3RVEvtsbV";
const SIGNATURE =
  "H9L5yLFjti0QTHhPyFrZCT1V/MMnBtXKmoiKDZ78NDBjERki6ZTQZdSMCtkgoNmp17By9ItJr8o7ChX0XxY91nk=";

const hex = (text: string) => toBase64(fromHex(text));
const CHANCELLOR = "Chancellor on brink of second bailout for banks";
/** The same r and s under both of a key's addresses. */
const ELECTRUM =
  "HyFaND+87TtVbRhkTfT3mPNBCQcJ32XXtNZGW8sFldJsNpOPCegEmdcCf5Thy18hdMH88GLxZLkOby/EwVUuSeA=";
const HELLO = "bc1q9vza2e8x573nczrlzms0wvx3gsqjx7vavgkx0l";
const HELLO_SIGNED =
  "AkcwRAIgZRfIY3p7/DoVTty6YZbWS71bc5Vct9p9Fia83eRmw2QCICK/ENGfwLtptFluMGs2KsqoNSk89pO7F29zJLUx9a/s" +
  "ASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=";
const TAPROOT = "bc1ppv609nr0vr25u07u95waq5lucwfm6tde4nydujnu8npg4q75mr5sxq8lt3";
const TAPROOT_SIGNED =
  "AUHd69PrJQEv+oKTfZ8l+WROBHuy9HKrbFCJu7U1iK2iiEy1vMU5EfMtjc+VSHM7aU0SDbak5IUZRVno2P5mjSafAQ==";

const GENUINE: Readonly<Record<string, readonly [message: string, address: string, by: string]>> = {
  "bitcoinjs-message's": [MESSAGE, ADDRESS, SIGNATURE],
  "Electrum's, compressed": [
    CHANCELLOR,
    "15hETetDmcXm1mM4sEf7U2KXC9hDHFMSzz",
    "Hzsu0U/THAsPz/MSuXGBKSULz2dTfmrg1NsAhFp+wH5aKfmX4Db7ExLGa7FGn0m6Mf43KsbEOWpvUUUBTM3Uusw=",
  ],
  "Electrum's with a high s": [
    CHANCELLOR,
    "15hETetDmcXm1mM4sEf7U2KXC9hDHFMSzz",
    "IDsu0U/THAsPz/MSuXGBKSULz2dTfmrg1NsAhFp+wH5a1gZoH8kE7O05lE65YLZFzLx3sh/rDzXMbo1dQAJhhnU=",
  ],
  "Electrum's, uncompressed": [
    "Electrum",
    "1GPHVTY8UD9my6jyP4tb2TYJwUbDetyNC6",
    "HBQdYfv7kOrxmRewLJnG7sV6KlU71O04hUnE4tai97p7Pg+D+yKaWXsdGgHTrKw90caQMo/D6b//qX50ge9P9iI=",
  ],
  "Electrum's, P2SH-P2WPKH": ["Electrum", "3DYoBqQ5N6dADzyQjy9FT1Ls4amiYVaqTG", ELECTRUM],
  "Electrum's, P2WPKH": ["Electrum", "bc1qq2tmmcngng78nllq2pvrkchcdukemtj56uyue0", ELECTRUM],
  "Bitcoin Core's": [
    "Trust no one",
    "15CRxFdyRpGZLW9w8HnHvVduizdL5jKNbs",
    "IPojfrX2dfPnH26UegfbGQQLrdK844DlHq5157/P6h57WyuS/Qsl+h/WSVGDF4MUi4rWSswW38oimDYfNNUBUOk=",
  ],
  "Bitcoin Core's with a chosen key": [
    "Trust me",
    "11canuhp9X2NocwCq7xNrQYTmUgZAnLK3",
    "IIcaIENoYW5jZWxsb3Igb24gYnJpbmsgb2Ygc2Vjb25kIGJhaWxvdXQgZm9yIGJhbmtzIAaHRtbCeDZINyavx14=",
  ],
  "Trezor's of 1,024 characters": [
    "VeryLongMessage!".repeat(64),
    "1JAd7XCBzGudGpJQSDSfpmJhiygtLQWaGL",
    "IApGR2zrhNBu9XhIKAJvkiyIFfV6rIN7jAEwB8qKhGDbY++Rfb6669EIscgUu+6m2x8rIkGpWOU/5xXMhrGZ2cM=",
  ],
  "BIP 137's, P2SH-P2WPKH": [
    MESSAGE,
    "3L6TyTisPBmrDAj6RoKmDzNnj4eQi54gD2",
    hex(
      "23744de4516fac5c140808015664516a32fead94de89775cec7e24dbc24fe13307" +
        "5ac09301c4cc8e197bea4b6481661d5b8e9bf19d8b7b8a382ecdb53c2ee0750d",
    ),
  ],
  "BIP 137's, P2WPKH": [
    MESSAGE,
    "bc1qannfxke2tfd4l7vhepehpvt05y83v3qsf6nfkk",
    "KLVddgDZ6afipJFV3fPP2455bCB/qrgzAQ+kH7eCiIm8R89iNIp6qgkjwIMqWJ+rVB6PEutU+3EckOIwfw9msZQ=",
  ],
  "BIP 322's of nothing": [
    "",
    HELLO,
    "AkcwRAIgM2gBAQqvZX15ZiysmKmQpDrG83avLIT492QBzLnQIxYCIBaTpOaD20qRlEylyxFSeEA2ba9YOixpX8z46TSDtS40" +
      "ASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=",
  ],
  "BIP 322's": ["Hello World", HELLO, HELLO_SIGNED],
  "BIP 322's with its prefix": ["Hello World", HELLO, `smp${HELLO_SIGNED}`],
  "BIP 322's for P2TR": ["Hello World", TAPROOT, TAPROOT_SIGNED],
};
const bad = (message: string, address: string, signature: string) =>
  assert.equal(verifySigned(message, address, signature), "bad");

describe("addresses to receive by", () => {
  it("are what BIP 84's and BIP 173's own examples say", () => {
    const key = "0330d54fd0dd420a6e5f8d3624f5f3482cae350f79d5f0753bf5beef9c2d91af3c";
    assert.equal(witnessAddressOf(fromHex(key)), "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu");
    const first = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    assert.equal(witnessAddressOf(fromHex(first)), "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4");
  });

  it("are read back as the program that they were made of, whatever its version and size", () => {
    for (const [version, size] of [
      [0, 20],
      [0, 32],
      [1, 32],
      [16, 2],
      [2, 40],
    ] as const) {
      const program = Uint8Array.from({ length: size }, (_, at) => (7 * at + size) & 255);
      const made = { prefix: "tb", version, program };
      assert.deepEqual(decodeWitnessProgram(encodeWitnessProgram(made)), made);
    }
  });
});

describe("signed messages", () => {
  // WIF: version, 32 bytes, and 01 for a compressed key.
  const secret = decodeBase58Check(SECRET).slice(1, 33);

  it("are made as bitcoinjs-message makes them", () => {
    const options = { prehash: false, lowS: true, format: "recovered" } as const;
    const signed = secp256k1.sign(messageDigest(MESSAGE), secret, options);
    const parts = { recoveryId: signed[0] as number, signature: signed.slice(1) };
    assert.equal(formatSignature(parts), SIGNATURE);
    assert.equal(addressOf(pointOf(secret)), ADDRESS);
  });

  for (const [name, [message, address, signature]] of Object.entries(GENUINE)) {
    it(`that are genuine are not called forged: ${name}`, () => {
      assert.equal(verifySigned(message, address, signature), "good");
      bad(`${message} `, address, signature);
    });
  }

  it("are bad under another address of each kind", () => {
    const other = pointOf(secret.map((byte) => byte ^ 1));
    bad(MESSAGE, addressOf(other), SIGNATURE);
    bad(MESSAGE, HELLO, SIGNATURE);
    bad(MESSAGE, "3DYoBqQ5N6dADzyQjy9FT1Ls4amiYVaqTG", SIGNATURE);
    bad("Hello World", "bc1qannfxke2tfd4l7vhepehpvt05y83v3qsf6nfkk", HELLO_SIGNED);
    bad(
      "Hello World",
      "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr",
      TAPROOT_SIGNED,
    );
  });

  it("that can't be judged are named so, never called forged", () => {
    const kind = (kind: string, address: string, signature: string) => {
      const expected = { code: "input/signature-kind", facts: { kind } };
      assert.throws(() => verifySigned("Hello World", address, signature), expected);
    };
    const script = "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3";
    kind("address", script, SIGNATURE);
    kind("address", TAPROOT, SIGNATURE);
    kind("script", script, HELLO_SIGNED);
    // Its hash may be that of any script.
    kind("script", "3DYoBqQ5N6dADzyQjy9FT1Ls4amiYVaqTG", HELLO_SIGNED);
    kind("script", HELLO, toBase64(fromHex("0301aa01bb01cc")));
    kind("full", HELLO, toBase64(concat(new Uint8Array(4), new Uint8Array(100).fill(1))));
    kind("full", HELLO, "fulAAAA");
    kind("full", HELLO, "pofAAAA");
    kind("header", ADDRESS, toBase64(new Uint8Array(65).fill(43)));
    // Signed with SIGHASH_NONE, which promises something else.
    const none = HELLO_SIGNED.replace("9a/sASEC", "9a/sAiEC");
    assert.notEqual(none, HELLO_SIGNED);
    kind("script", HELLO, none);
  });

  it("follow BIP 322's hashes", () => {
    const hash = "f0eb03b1a75ac6d9847f55c624a99169b5dccba2a31f5b23bea77ba270de0a7a";
    assert.equal(toHex(messageHash("Hello World")), hash);
    // Transactions are called by their hash from its end.
    const id = toSpend("Hello World", scriptOf(readAddress(HELLO))).reverse();
    assert.equal(toHex(id), "b79d196740ad5217771c1098fc4a4b51e0535c32236c71f1ea4d61a2d603352b");
  });

  it("with the line breaks of another system are found, and said to be so", () => {
    const options = { prehash: false, lowS: true, format: "recovered" } as const;
    const signed = secp256k1.sign(messageDigest("one\r\ntwo"), secret, options);
    const text = formatSignature({
      recoveryId: signed[0] as number,
      signature: signed.slice(1),
    });
    assert.equal(verifySigned("one\ntwo", ADDRESS, text), "other-line-breaks");
    assert.equal(verifySigned("one\r\ntwo", ADDRESS, text), "good");
    bad("one two", ADDRESS, text);
  });

  it("count the length of a long message as Bitcoin does, and cut none", () => {
    const digests = [252, 253, 65535].map((size) => messageDigest("a".repeat(size)).join());
    assert.equal(new Set(digests).size, 3);
    assert.throws(() => messageDigest("a".repeat(65536)), { code: "input/message-long" });
  });

  it("never sign half of a character as another one", () => {
    assert.throws(() => messageDigest("a\ud83d"), { code: "input/message-text" });
    assert.throws(() => messageHash("\udc00a"), { code: "input/message-text" });
  });

  it("tell an address and a signature from other text", () => {
    const address = (text: string, code: string) =>
      assert.throws(() => verifySigned(MESSAGE, text, SIGNATURE), { code }, text);
    address("bc1qxyz", "input/address");
    // One character, upper and lower case mixed, BIP 173's checksum under version 1.
    address(HELLO.replace("9v", "9w"), "input/address");
    address(HELLO.replace("bc1q", "bc1Q"), "input/address");
    address(
      "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7k7grplx",
      "input/address",
    );
    address(encodeBase58Check(Uint8Array.of(0x30, ...new Uint8Array(20))), "input/address-kind");
    address("BC1SW50QGDZ25J", "input/address-kind");
    assert.equal(readAddress(HELLO.toUpperCase()).kind, "P2WPKH");
    for (const text of ["c2lnbmVk", "not base64!", "", "smp", "smp!"]) {
      assert.throws(() => verifySigned(MESSAGE, ADDRESS, text), { code: "input/signature" }, text);
    }
  });

  it("of an x coordinate that is on no curve are bad, not a crash", () => {
    assert.equal(schnorr.verify(new Uint8Array(64), new Uint8Array(32), new Uint8Array(32)), false);
  });
});
