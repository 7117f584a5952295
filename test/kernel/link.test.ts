/**
 * The link's entries: CRC-32, lines of the byte link taken apart and put together, commands of the
 * channel and their answers. Lines are those of the vectors, and any.
 */

import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { LINES } from "../vectors/lines.js";
import { frame } from "../vectors/messages.js";
import { hex } from "../support/wycheproof.js";
import * as kernel from "./operations.js";
import { JUNK, onBoth, Subject } from "./subject.js";

const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => 7 * i + 1);
const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
/** For what is only computed: an arena of its own. */
const ORACLE = new Subject();
/** What a card looks at: it cuts before. */
const LINE_MOST = 716;

/** The bytes before the CRC, undefined for no good frame; then nothing of the line is left. */
function unframe(s: Subject, line: Uint8Array, text: number, skew = 0): Uint8Array | undefined {
  s.fresh();
  const at = s.put(line, skew);
  const length = s.call("unframe", [at, line.length, text], at, line.length);
  if (length) return s.read(at, length);
  assert.ok(
    s.read(at, line.length).every((byte) => byte === 0),
    "something of it is left",
  );
  return undefined;
}

onBoth("crc", (s) => {
  it("is zlib's, for every small length and alignment, and a record's", () => {
    for (const length of [...Array(40).keys(), 536, 1660])
      for (const skew of [0, 1, 2, 3]) {
        s.fresh();
        const data = counting(length);
        const sum = s.call("crc", [s.put(data, skew), length]);
        assert.equal(sum >>> 0, crc32(data), `${length} bytes, skew ${skew}`);
      }
  });
});

onBoth("unframe", (s) => {
  for (const { comment, line, good } of LINES) {
    if (line.length > LINE_MOST + 1 || (line.length > LINE_MOST && !good)) continue;
    it(`${good ? "takes" : "refuses"} a line: ${comment}`, () => {
      const body = new Uint8Array(Buffer.from(line, "base64")).slice(0, -4);
      for (const skew of [0, 1, 2, 3]) {
        const found = unframe(s, latin1(line), 1, skew);
        assert.deepEqual(found, good ? body : undefined, `skew ${skew}`);
      }
    });
  }

  it("takes digits for digits and nothing else, at each place of four and before padding", () => {
    const digits = /^[A-Za-z0-9+/]+={0,2}$/;
    for (const bytes of [6, 7, 8])
      for (let value = 0; value < 256; value++)
        for (const from of [0, 1, 2, 3, 8, 9, 10, 11]) {
          const line = latin1(frame(value, counting(bytes - 5)));
          if (from >= line.length) continue;
          line[from] = value;
          const text = Buffer.from(line).toString("latin1");
          const whole = Buffer.from(text, "base64");
          const body = new Uint8Array(whole.subarray(0, -4));
          const good =
            digits.test(text) &&
            whole.toString("base64") === text &&
            whole.readUInt32BE(body.length) === crc32(body);
          assert.deepEqual(unframe(s, line, 1), good ? body : undefined, `${text} at ${from}`);
        }
  });

  it("takes frames of every length, and refuses each flipped bit of their bytes", () => {
    for (let length = 1; length < 70; length++) {
      const body = counting(length);
      const line = latin1(frame(1, body.subarray(1)));
      assert.deepEqual(unframe(s, line, 1), body, `${length} bytes`);
      const raw = new Uint8Array(Buffer.from(Buffer.from(line).toString(), "base64"));
      assert.deepEqual(unframe(s, raw, 0), body, `${length} bytes, no text`);
      const bit = (length * 13) % (8 * raw.length);
      raw[bit >> 3]! ^= 1 << (bit & 7);
      assert.equal(unframe(s, raw, 0), undefined, `${length} bytes, bit ${bit}`);
    }
  });
  it("refuses less than a seq and its CRC", () => {
    for (let length = 0; length < 5; length++)
      assert.equal(unframe(s, new Uint8Array(length), 0), undefined);
  });
});

onBoth("enframe", (s) => {
  it("makes the one line of every length, also over what lies a third before its data", () => {
    for (let length = 1; length < 400; length += length < 60 ? 1 : 37) {
      const body = counting(length);
      const want = frame(1, body.subarray(1)) + "\n";
      for (const skew of [0, 1, 2, 3]) {
        s.fresh();
        const room = want.length;
        const before = Math.ceil((length + 4) / 3) + 4;
        const start = s.put(new Uint8Array(before + skew + length + 4 + room).fill(JUNK));
        const data = start + before + skew;
        s.memory.write(data, body);
        const size = s.call("enframe", [start, data, length, 1], start, before + skew + length + 4);
        assert.equal(Buffer.from(s.read(start, size)).toString(), want, `${length}, skew ${skew}`);
      }
    }
  });
  it("without text: the CRC behind the data, and no more", () => {
    s.fresh();
    const data = s.put(kernel.join(counting(9), new Uint8Array(4)));
    assert.equal(s.call("enframe", [0, data, 9, 0], data + 9, 4), 13);
    const sum = Buffer.from(s.read(data + 9, 4)).readUInt32BE(0);
    assert.equal(sum, crc32(counting(9)));
  });
});

onBoth("take and give", (s) => {
  const header = Uint8Array.of(0x84, 0x22, 0, 0);
  const nonce = (count: number): Uint8Array => Uint8Array.of(count, ...new Uint8Array(11));
  const [toCard, toHost] = [counting(32), counting(64).slice(32)];
  /** Both keys and counters, no last command. */
  const session = (count = 0) => {
    const direction = (key: Uint8Array) => kernel.join(key, nonce(count), new Uint8Array(4));
    return kernel.join(direction(toCard), direction(toHost), new Uint8Array(20));
  };
  const take = (block: number, head: Uint8Array, data: Uint8Array) => {
    const at = s.put(data);
    const from = s.put(head, 1);
    // Session and data may change: the data are looked at here.
    const result = s.call("take", [block, from, at, data.length], block, at + data.length - block);
    return { result, data: s.read(at, data.length) };
  };

  it("takes a command once, says again to the same, and counts each", () => {
    s.fresh();
    const block = s.put(session());
    for (let count = 0; count < 3; count++) {
      const text = counting(count * 20);
      const sealed = kernel.seal(ORACLE, toCard, nonce(count), header, text);
      const first = take(block, header, sealed);
      assert.deepEqual([first.result, first.data.slice(0, text.length)], [1, text]);
      const again = take(block, header, sealed);
      assert.deepEqual([again.result, again.data], [2, sealed]);
      assert.equal(s.read(block + 32, 1)[0], count + 1);
      const answer = s.put(kernel.join(counting(30), new Uint8Array(16)));
      s.call("give", [block, answer, 30], block, answer + 46 - block);
      const want = kernel.seal(ORACLE, toHost, nonce(count), header, counting(30));
      assert.equal(hex(s.read(answer, 46)), hex(want));
      assert.equal(s.read(block + 48 + 32, 1)[0], count + 1);
    }
  });
  it("refuses another header, counter, tag, direction, and less than a tag", () => {
    const text = counting(20);
    const good = kernel.seal(ORACLE, toCard, nonce(1), header, text);
    const flipped = good.slice();
    flipped[20]! ^= 1;
    for (const [name, head, data] of [
      ["header", Uint8Array.of(0x84, 0x24, 0, 0), good],
      ["counter", header, kernel.seal(ORACLE, toCard, nonce(2), header, text)],
      ["tag", header, flipped],
      ["direction", header, kernel.seal(ORACLE, toHost, nonce(1), header, text)],
      ["nothing", header, new Uint8Array(0)],
      ["a tag cut off", header, good.slice(0, 15)],
    ] as const) {
      s.fresh();
      const block = s.put(session(1));
      const { result, data: left } = take(block, head, data);
      assert.equal(result, 0, name);
      assert.deepEqual(left, data, `${name}: the data were touched`);
      assert.equal(s.read(block + 32, 1)[0], 1, `${name}: counted`);
    }
  });
  it("says again only to the header and the tag, not to one of them", () => {
    s.fresh();
    const block = s.put(session());
    const sealed = kernel.seal(ORACLE, toCard, nonce(0), header, counting(5));
    assert.equal(take(block, header, sealed).result, 1);
    const other = sealed.slice();
    other[other.length - 1]! ^= 128;
    assert.equal(take(block, header, other).result, 0, "another tag");
    s.fresh();
    const second = s.put(session());
    assert.equal(take(second, header, sealed).result, 1);
    assert.equal(take(second, Uint8Array.of(0x84, 0x24, 0, 0), sealed).result, 0, "another header");
  });
});
