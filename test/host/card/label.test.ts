/**
 * Card labels: no mistyped character and no two exchanged ones go unnoticed.
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { fromHex, toHex } from "../../../host/sdk/crypto/bytes.js";
import { describeExpected, matchesId } from "../../../host/sdk/card/identity.js";
import { groupLabel } from "../../../host/sdk/card/label.js";
import { formatLabel, labelMatches, labelOf, parseLabel } from "../../../host/sdk/card/label.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const anyId = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe("card label", () => {
  it("holds the id's first 95 bits, most significant first", () => {
    const values = labelOf(fromHex("f8000000000000000000000000000000"));
    assert.deepEqual(values, [31, ...new Array<number>(18).fill(0)]);
    assert.equal(labelOf(fromHex("0000000000000000000000021fffffff")).at(-1), 1);
    const last = fromHex("000000000000000000000001ffffffff");
    assert.deepEqual(labelOf(last), new Array(19).fill(0), "the last 33 bits are not in it");
  });

  it("is five groups of four, and reads back", () => {
    fc.assert(
      fc.property(anyId, (id) => {
        const text = formatLabel(id);
        assert.match(text, /^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/);
        assert.ok(labelMatches(parseLabel(text), id));
      }),
    );
  });

  it("finds every single wrong character", () => {
    const text = formatLabel(fromHex("00112233445566778899aabbccddeeff")).replaceAll("-", "");
    for (let at = 0; at < text.length; at++) {
      for (const other of ALPHABET) {
        if (other === text[at]) continue;
        const wrong = text.slice(0, at) + other + text.slice(at + 1);
        assert.throws(() => parseLabel(wrong), /mistyped/, wrong);
      }
    }
  });

  it("finds any two exchanged characters", () => {
    fc.assert(
      fc.property(anyId, (id) => {
        const text = [...formatLabel(id).replaceAll("-", "")];
        for (let a = 0; a < text.length; a++) {
          for (let b = a + 1; b < text.length; b++) {
            if (text[a] === text[b]) continue;
            const swapped = [...text];
            [swapped[a], swapped[b]] = [text[b] as string, text[a] as string];
            assert.throws(() => parseLabel(swapped.join("")), /mistyped/);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it("is read however it was typed", () => {
    const id = fromHex("0842108421084210842108421084210f");
    const text = formatLabel(id);
    assert.match(text, /1/);
    const typed = text.toLowerCase().replaceAll("-", " ").replaceAll("1", "l");
    assert.ok(labelMatches(parseLabel(typed), id));
    for (const wrong of ["", "1234", text + "0", text.replace(/.$/, "U"), "hello world"]) {
      assert.throws(() => parseLabel(wrong), /label/);
    }
  });

  it("is grouped while it is typed, and loses nothing", () => {
    assert.equal(groupLabel("9q3k41zb"), "9Q3K-41ZB");
    assert.equal(groupLabel("9Q3K-41ZB-"), "9Q3K-41ZB");
    assert.equal(groupLabel("9Q3K 4"), "9Q3K-4");
    assert.equal(groupLabel(""), "");
    for (const odd of ["9Q3K%41", "９Ｑ", "9Q3K/", "0".repeat(21)]) {
      assert.equal(groupLabel(odd), undefined, odd);
    }
  });

  it("names its card and no other, as does the id in hex", () => {
    const id = fromHex("00112233445566778899aabbccddeeff");
    const other = fromHex("10112233445566778899aabbccddeeff");
    for (const name of [id, toHex(id), toHex(id).toUpperCase(), formatLabel(id)]) {
      assert.ok(matchesId(name, id));
      assert.ok(!matchesId(name, other));
      assert.equal(describeExpected(name), formatLabel(id));
    }
  });
});
