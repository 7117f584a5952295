/** Wycheproof vectors through the kernel's entries; DER and SPKI are read strictly by the test. */

import assert from "node:assert/strict";
import { parseSignature, parseSpki } from "../support/der.js";
import { bytes, everyVector, hex } from "../support/wycheproof.js";
import type { Vector } from "../support/wycheproof.js";
import * as kernel from "./operations.js";
import { onBoth } from "./subject.js";
import type { Subject } from "./subject.js";
import { FULL } from "../support/full.js";

interface KeyGroup {
  readonly publicKey: { readonly uncompressed: string };
}
interface SignatureTest {
  readonly msg: string;
  readonly sig: string;
}
interface EcdhTest {
  readonly public: string;
  readonly private: string;
  readonly shared: string;
}

const digest = (s: Subject, test: SignatureTest): Uint8Array => kernel.sha256(s, bytes(test.msg));
const rawKey = (group: KeyGroup): Uint8Array => bytes(group.publicKey.uncompressed).slice(1);

function judge(accepted: boolean, result: string): string | undefined {
  if (result === "acceptable") return undefined;
  return accepted === (result === "valid") ? undefined : accepted ? "accepted" : "refused";
}

function checkP1363(s: Subject, test: SignatureTest & { result: string }, group: KeyGroup) {
  const sig = bytes(test.sig);
  const accepted = sig.length === 64 && kernel.verify(s, sig, digest(s, test), rawKey(group));
  return judge(accepted, test.result);
}

/** As a card checks a signature: strict DER, low S, then ECDSA. */
function checkBitcoin(s: Subject, test: SignatureTest & { result: string }, group: KeyGroup) {
  const sig = parseSignature(bytes(test.sig));
  const low = sig !== undefined && kernel.lows(s, sig);
  return judge(low && kernel.verify(s, sig, digest(s, test), rawKey(group)), test.result);
}

/** x || y of a SEC 1 point; undefined if the kernel or its length refuses it. */
function decodePoint(s: Subject, point: Uint8Array): Uint8Array | undefined {
  if (point.length === 65 && point[0] === 4) return point.slice(1);
  return point.length === 33 ? kernel.decompress(s, point) : undefined;
}

/** Acceptable keys (truncated or emptied ASN.1) in which there is no 65-byte point to be found. */
const POINTLESS = [
  553, 555, 576, 580, 592, 594, 623, 728, 735, 737, 743, 744, 747, 749, 750, 751, 752,
];

function scalar(text: string): Uint8Array {
  return bytes(text.padStart(64, "0").slice(-64));
}

/** A point in a key that isn't strict DER: the last 65 bytes after a count of 0 unused bits. */
function looseSpki(data: Uint8Array): Uint8Array | undefined {
  for (let at = data.length - 66; at >= 0; at--) {
    if (data[at] === 0 && data[at + 1] === 4) return data.slice(at + 1, at + 66);
  }
  return undefined;
}

/**
 * Strict keys: valid and acceptable ones must give the shared secret, invalid ones nothing. Keys
 * that strict DER refuses may only be invalid or acceptable; if an acceptable one still holds a
 * point in plain sight, that point gives the shared secret or (damaged ASN.1) nothing.
 */
function checkEcdh(s: Subject, test: EcdhTest & Vector, pointless: number[]) {
  const strict = parseSpki(bytes(test.public));
  if (!strict && test.result === "valid") return "strict DER refused a valid key";
  if (!strict && test.result === "invalid") return undefined;
  const encoded = strict ?? looseSpki(bytes(test.public));
  if (!encoded) {
    pointless.push(test.tcId);
    return undefined;
  }
  const pub = decodePoint(s, encoded);
  const secret = hex(pub && kernel.ecdh(s, pub, scalar(test.private)));
  if (test.result === "invalid") return secret === undefined ? undefined : "accepted";
  if (secret === undefined && test.flags.includes("InvalidAsn")) return undefined;
  return secret === test.shared ? undefined : `gave ${secret}`;
}

interface AeadTest {
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
}

/** Both directions; nonces of other lengths cannot be expressed in the entry's block. */
function checkAead(s: Subject, test: AeadTest & { result: string }): string | undefined {
  const [key, iv, aad, msg] = [test.key, test.iv, test.aad, test.msg].map(bytes) as Uint8Array[];
  if ((iv as Uint8Array).length !== 12) return test.result === "invalid" ? undefined : "nonce size";
  const args = [s, key as Uint8Array, iv as Uint8Array, aad as Uint8Array] as const;
  const opened = hex(kernel.open(...args, bytes(test.ct + test.tag)));
  if (test.result === "invalid") return opened === undefined ? undefined : "opened";
  if (opened !== test.msg) return `opened to ${opened}`;
  const sealed = hex(kernel.seal(...args, msg as Uint8Array));
  return sealed === test.ct + test.tag ? undefined : `sealed to ${sealed}`;
}

/**
 * HMAC of any key by the entry for 32-byte keys: short keys are padded with zeros and keys longer
 * than a block are hashed (RFC 2104, 2). For those between, two calls of sha256.
 */
function anyHmac(s: Subject, key: Uint8Array, data: Uint8Array): Uint8Array {
  if (key.length > 64) return kernel.hmac(s, kernel.sha256(s, key), data);
  const pad = (mask: number, size: number): Uint8Array =>
    Uint8Array.from({ length: size }, (_, i) => (key[i] ?? 0) ^ mask);
  if (key.length <= 32) return kernel.hmac(s, pad(0, 32), data);
  return kernel.sha256(
    s,
    kernel.join(pad(0x5c, 64), kernel.sha256(s, kernel.join(pad(0x36, 64), data))),
  );
}

interface HmacTest {
  readonly key: string;
  readonly msg: string;
  readonly tag: string;
}

function checkHmac(s: Subject, test: HmacTest & { result: string }): string | undefined {
  const mac = anyHmac(s, bytes(test.key), bytes(test.msg));
  const same = hex(mac)?.slice(0, test.tag.length) === test.tag;
  return judge(same, test.result);
}

interface HkdfTest {
  readonly ikm: string;
  readonly salt: string;
  readonly info: string;
  readonly size: number;
  readonly okm: string;
}

/** RFC 5869 over the kernel's hmac: `hkdf` itself takes labels only (see vectors.test.ts). */
function checkHkdf(s: Subject, test: HkdfTest & { result: string }): string | undefined {
  if (test.result === "invalid") return test.size > 255 * 32 ? undefined : "size";
  const info = bytes(test.info);
  const prk = anyHmac(s, bytes(test.salt), bytes(test.ikm));
  let block: Uint8Array = new Uint8Array(0);
  let okm = "";
  for (let i = 1; okm.length < 2 * test.size; i++) {
    block = kernel.hmac(s, prk, kernel.join(block, info, Uint8Array.of(i)));
    okm += hex(block);
  }
  return okm.slice(0, 2 * test.size) === test.okm ? undefined : `gave ${okm}`;
}

onBoth("Wycheproof", (s) => {
  everyVector<KeyGroup, SignatureTest>(
    "ecdsa_secp256k1_sha256_p1363_test.json",
    252,
    (test, group) => checkP1363(s, test, group),
  );
  everyVector<KeyGroup, SignatureTest>(
    "ecdsa_secp256k1_sha256_bitcoin_test.json",
    463,
    (test, group) => checkBitcoin(s, test, group),
  );
  const pointless: number[] = [];
  everyVector<object, EcdhTest>("ecdh_secp256k1_test.json", 752, (test) =>
    checkEcdh(s, test, pointless),
  );
  it(`ECDH vectors skipped for their encoding: ${POINTLESS.length}`, function () {
    if (!pointless.length) return this.skip();
    if (FULL) assert.deepEqual(pointless, POINTLESS);
    else assert.ok(pointless.every((id) => POINTLESS.includes(id)));
  });
  everyVector<object, AeadTest>("chacha20_poly1305_test.json", 325, (test) => checkAead(s, test));
  everyVector<object, HmacTest>("hmac_sha256_test.json", 174, (test) => checkHmac(s, test));
  everyVector<object, HkdfTest>("hkdf_sha256_test.json", 86, (test) => checkHkdf(s, test));
});
