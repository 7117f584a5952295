/** The payload of an NDEF URI record, against the NFC Forum's table and what must be refused. */
import assert from "node:assert/strict";
import { uriRecord } from "../../../host/sdk/card/uri-record.js";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");

describe("the address for an NFC tag", () => {
  for (const [address, code, rest] of [
    ["https://kincard.example/", 4, "kincard.example/"],
    ["http://kincard.example/", 3, "kincard.example/"],
    ["https://www.kincard.example/app", 2, "kincard.example/app"],
    ["http://www.kincard.example/?a=1", 1, "kincard.example/?a=1"],
    [" HTTPS://Kincard.Example ", 4, "kincard.example/"],
    ["https://localhost:8443/p", 4, "localhost:8443/p"],
    ["https://bücher.example/ü", 4, "xn--bcher-kva.example/%C3%BC"],
  ] as const) {
    it(`${address.trim()} -> ${code}, ${rest}`, () => {
      const payload = uriRecord(address);
      assert.equal(payload[0], code);
      assert.equal(text(payload.subarray(1)), rest);
    });
  }
  it("47 bytes are the most", () => {
    const longest = `https://${"k".repeat(37)}.example/`;
    assert.equal(uriRecord(longest).length, 47);
    assert.throws(() => uriRecord(`${longest}k`), {
      code: "input/url-long",
      facts: { bytes: 47, most: 46, prefix: "https://" },
    });
  });
  for (const [address, code] of [
    ["kincard.example", "input/url"],
    ["", "input/url"],
    ["https://", "input/url"],
    ["ftp://kincard.example/", "input/url-scheme"],
    ["javascript:alert(1)", "input/url-scheme"],
    ["https://kincard.example/#x", "input/url-fragment"],
    ["https://kincard.example/#", "input/url-fragment"],
    ["https://user:secret@kincard.example/", "input/url-user"],
  ] as const) {
    it(`"${address}" is refused`, () => {
      assert.throws(() => uriRecord(address), { code });
    });
  }
});
