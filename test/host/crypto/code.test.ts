/**
 * The access code: what is taken, what is refused and how, and its stretching.
 */

import assert from "node:assert/strict";
import { scryptSync } from "node:crypto";
import { AccessCode, normaliseCode, stretch } from "../../../host/sdk/crypto/code.js";
import { toHex } from "../../../host/sdk/crypto/bytes.js";

const SALT = Uint8Array.from({ length: 16 }, (_, i) => i);
const hexOf = (text: string) => Buffer.from(text, "utf8").toString("hex");

describe("access code", () => {
  it("is NFKD, then UTF-8: a ligature and a composed letter come apart", () => {
    assert.equal(toHex(normaliseCode("ﬁve-café")), hexOf("five-cafe\u0301"));
  });

  it("is the same however the keyboard composed it", () => {
    assert.equal(toHex(normaliseCode("Zürich")), toHex(normaliseCode("Zu\u0308rich")));
  });

  it("has 6 to 32 bytes, counted after NFKD", () => {
    assert.equal(normaliseCode("123456").length, 6);
    assert.equal(normaliseCode("x".repeat(32)).length, 32);
    assert.throws(() => normaliseCode("12345"), /too short/);
    assert.throws(() => normaliseCode("x".repeat(33)), /too long: 33 bytes/);
    // Three characters, but six bytes.
    assert.equal(normaliseCode("äö").length, 6);
    assert.throws(() => normaliseCode("ü".repeat(11)), /too long: 33 bytes/);
    assert.throws(() => normaliseCode(""), /empty/);
  });

  it("is refused when it is not text, and the refusal does not quote it", () => {
    assert.throws(() => normaliseCode("abcdef\ud800"), { code: "code/text" });
    assert.throws(() => normaliseCode(Uint8Array.of(0xff, 65, 66, 67, 68, 69, 70)), /UTF-8/);
    assert.throws(() => normaliseCode("secret1\n"), /line break/);
    for (const code of ["abc", "secret-".repeat(9), "secret1\r"]) {
      assert.throws(
        () => normaliseCode(code),
        (error: Error) => !error.message.includes(code.trim()),
      );
    }
  });

  it("takes bytes and text alike", () => {
    const bytes = new TextEncoder().encode("Zürich");
    assert.equal(toHex(normaliseCode(bytes)), toHex(normaliseCode("Zürich")));
  });

  it("is stretched as another scrypt does it", async () => {
    const expected = scryptSync(Buffer.from("five-cafe\u0301"), SALT, 32, { N: 1024, r: 8, p: 1 });
    assert.equal(toHex(await AccessCode.from("ﬁve-café").stretch(SALT, 10)), toHex(expected));
  });

  it("is not stretched at a cost outside 10..20", async () => {
    for (const cost of [9, 21, 10.5, NaN]) {
      await assert.rejects(stretch(new Uint8Array(6), SALT, cost), { code: "code/cost" });
    }
  });

  it("tells progress up to the end, and stops on request", async () => {
    const progress: number[] = [];
    await AccessCode.from("123456").stretch(SALT, 10, { onProgress: (p) => progress.push(p) });
    assert.equal(progress.at(-1), 1);
    const stop = new AbortController();
    stop.abort(new Error("stopped by the test"));
    const stopped = AccessCode.from("123456").stretch(SALT, 10, { signal: stop.signal });
    await assert.rejects(stopped, /stopped by the test/);
  });

  it("is stretched once for each salt and cost, and each caller may wipe its own", async () => {
    const code = AccessCode.from("123456");
    assert.equal(code.has(SALT, 10), false);
    const first = await code.stretch(SALT, 10);
    const kept = toHex(first);
    first.fill(0);
    assert.equal(code.has(SALT, 10), true);
    assert.equal(toHex(await code.stretch(SALT, 10)), kept);
    assert.equal(code.has(SALT, 11), false);
  });

  it("is gone after wipe", async () => {
    const code = AccessCode.from("123456");
    await code.stretch(SALT, 10);
    code.wipe();
    assert.equal(code.has(SALT, 10), false);
    await assert.rejects(code.stretch(SALT, 10), /wiped/);
  });
});
