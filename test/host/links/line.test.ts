/**
 * The line frame: exact bytes, noise, limits.
 */

import assert from "node:assert/strict";
import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { toHex } from "../../../host/sdk/crypto/bytes.js";
import { crc32 } from "../../../host/sdk/links/line/crc32.js";
import {
  APDU_MOST,
  decodeFrame,
  encodeFrame,
  LINE_MOST,
  LineSplitter,
} from "../../../host/sdk/links/line/line.js";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (line: string) => new TextEncoder().encode(line);

describe("line frame", () => {
  it("is base64 of seq, APDU and CRC, with padding and an LF", () => {
    // CRC32(05 80 10 00 00) by another implementation.
    const line = text(encodeFrame({ seq: 5, apdu: Uint8Array.of(0x80, 0x10, 0, 0) }));
    const crc = zlibCrc32(Uint8Array.of(5, 0x80, 0x10, 0, 0));
    const body = Buffer.alloc(9);
    body.set([5, 0x80, 0x10, 0, 0]);
    body.writeUInt32BE(crc, 5);
    assert.equal(line, body.toString("base64") + "\n");
  });

  it("has the CRC of IEEE 802.3", () => {
    assert.equal(crc32(bytes("123456789")), 0xcbf43926);
    assert.equal(crc32(new Uint8Array(0)), 0);
  });

  it("comes back as it was sent, for any seq and APDU", () => {
    fc.assert(
      fc.property(fc.nat(255), fc.uint8Array({ maxLength: APDU_MOST }), (seq, apdu) => {
        const line = text(encodeFrame({ seq, apdu }));
        assert.ok(line.length <= LINE_MOST + 1);
        const frame = decodeFrame(line.slice(0, -1));
        assert.equal(frame?.seq, seq);
        assert.equal(toHex(frame?.apdu as Uint8Array), toHex(apdu));
      }),
      { numRuns: 100 },
    );
  });

  it("is refused when any one character is another", () => {
    // Nine bytes: no padding, so every character counts with all its bits.
    const line = text(encodeFrame({ seq: 9, apdu: Uint8Array.of(1, 2, 0x90, 0) })).slice(0, -1);
    for (let at = 0; at < line.length; at++) {
      for (const other of ["A", "/", "!", "="]) {
        if (line[at] === other) continue;
        const broken = line.slice(0, at) + other + line.slice(at + 1);
        assert.equal(decodeFrame(broken), undefined, `character ${at} as ${other}`);
      }
    }
  });

  it("is found behind noise that ends in what is not base64", () => {
    const line = text(encodeFrame({ seq: 9, apdu: Uint8Array.of(0x90, 0) })).slice(0, -1);
    assert.equal(decodeFrame(`>\u001b[J ${line}`)?.seq, 9);
    assert.equal(decodeFrame(""), undefined);
    assert.equal(decodeFrame("hello"), undefined);
    assert.equal(decodeFrame("AAAA"), undefined);
  });
});

describe("line splitter", () => {
  it("joins pieces and drops CR, XON and XOFF", () => {
    const splitter = new LineSplitter();
    assert.deepEqual(splitter.push(bytes("ab\u0011")), []);
    assert.deepEqual(splitter.push(bytes("c\u0013d\r\nef\n\ng")), ["abcd", "ef", ""]);
    assert.deepEqual(splitter.push(bytes("\n")), ["g"]);
  });
  it("drops a line that does not end, and takes the next", () => {
    const splitter = new LineSplitter();
    assert.deepEqual(splitter.push(bytes("x".repeat(1_000_000))), []);
    assert.deepEqual(splitter.push(bytes("yy\nok\n")), ["ok"]);
  });
});
