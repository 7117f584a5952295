/**
 * The rules of firmware/kernel/abi.ts: alignment, aliases the entries allow, lengths, and the
 * small entries. Subject.call checks for every call that nothing but the output is written.
 */

import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { entryNumber, KERNEL_ABI, KERNEL_ENTRIES } from "../../firmware/kernel/abi.js";
import type { KernelEntry } from "../../firmware/kernel/abi.js";
import { hex } from "../support/wycheproof.js";
import { Point, be32, raw } from "./numbers.js";
import * as kernel from "./operations.js";
import { JUNK, generated, onBoth } from "./subject.js";
import type { Subject } from "./subject.js";

const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i + 1);

/** Arguments with which an entry would work, and the place of one of them moved off by `skew`. */
function unalignedCall(s: Subject, entry: KernelEntry, moved: number, skew: number): number {
  s.fresh();
  const args = entry.arguments.map(([name, kind], i) => {
    if (kind === "int") return /^(index|aadLength)$/.test(name) ? 0 : 16;
    const data = kernel.join(be32(1n), new Uint8Array(64));
    if (name.startsWith("pub")) data.set(raw(Point.BASE));
    if (name === "point33") data.set(Point.BASE.toBytes(true));
    return s.put(data, i === moved ? skew : 0);
  });
  return s.call(entry.name as never, args);
}

onBoth("rules for every entry", (s) => {
  for (const entry of KERNEL_ENTRIES as readonly KernelEntry[]) {
    entry.arguments.forEach(([name, kind], i) => {
      if (kind !== "word") return;
      it(`${entry.name}: unaligned ${name} returns 0 and touches nothing`, () => {
        for (const skew of [1, 2, 3]) {
          assert.equal(unalignedCall(s, entry, i, skew), 0, `${name} + ${skew}`);
        }
      });
    });
  }

  it("version is KERNEL_ABI", () => assert.equal(s.call("version", []), KERNEL_ABI));
});

onBoth("copy, zero, equal, filled", (s) => {
  it("copy: every small length, every alignment of both ends", () => {
    for (let length = 0; length <= 24; length++) {
      for (let skew = 0; skew < 16; skew++) {
        s.fresh();
        const data = s.put(counting(length), skew & 3);
        const out = s.room(length, skew >> 2);
        assert.equal(s.call("copy", [out, data, length], out, length), 1);
        assert.deepEqual(s.read(out, length), counting(length), `${length} bytes, skew ${skew}`);
      }
    }
  });

  it("copy: long, and down over itself", () => {
    for (const down of [1, 2, 3, 4, 5, 31, 100]) {
      s.fresh();
      const data = s.put(counting(700), 0);
      const out = data - down;
      const from = Math.max(out, data - 16);
      if (down <= 16) {
        assert.equal(s.call("copy", [from, data, 700], from, 700), 1);
        assert.deepEqual(s.read(from, 700), counting(700), `down by ${down}`);
      } else {
        assert.equal(s.call("copy", [data, data + down, 700 - down], data, 700 - down), 1);
        assert.deepEqual(s.read(data, 700 - down), counting(700).slice(down), `down by ${down}`);
      }
    }
  });

  it("zero: every small length and alignment", () => {
    for (let length = 0; length <= 24; length++) {
      for (let skew = 0; skew < 4; skew++) {
        s.fresh();
        const out = s.put(counting(length), skew);
        assert.equal(s.call("zero", [out, length], out, length), 1);
        assert.deepEqual(s.read(out, length), new Uint8Array(length), `${length}, skew ${skew}`);
      }
    }
  });

  it("equal: same bytes, and one bit of any byte different", () => {
    for (const length of [0, 1, 2, 3, 4, 5, 7, 16, 33]) {
      for (let skew = 0; skew < 4; skew++) {
        s.fresh();
        const a = s.put(counting(length), skew);
        const b = s.put(counting(length), skew >> 1);
        assert.equal(s.call("equal", [a, b, length]), 1, `${length} same bytes`);
        for (let at = 0; at < length; at++) {
          const other = counting(length);
          other[at] = (other[at] as number) ^ (1 << (at & 7));
          s.fresh();
          const [x, y] = [s.put(counting(length), skew), s.put(other)];
          assert.equal(s.call("equal", [x, y, length]), 0, `${length} bytes, byte ${at}`);
        }
      }
    }
  });

  it("filled: all the value, and one byte different", () => {
    for (const length of [0, 1, 3, 4, 8, 31]) {
      for (const value of [0, 0xff, JUNK]) {
        for (let skew = 0; skew < 4; skew++) {
          s.fresh();
          const data = new Uint8Array(length).fill(value);
          const at = s.put(data, skew);
          assert.equal(s.call("filled", [at, length, value]), 1, `${length} of ${value}`);
          for (let i = 0; i < length; i++) {
            data[i] = value ^ 0x80;
            s.fresh();
            assert.equal(s.call("filled", [s.put(data, skew), length, value]), 0, `byte ${i}`);
            data[i] = value;
          }
        }
      }
    }
  });
});

onBoth("outputs that are inputs too", (s) => {
  const data = counting(100);
  const sha = createHash("sha256").update(data).digest("hex");

  it("sha256: out anywhere inside data", () => {
    for (const offset of [0, 4, 32, 64, 68]) {
      s.fresh();
      const at = s.put(data);
      assert.equal(s.call("sha256", [at + offset, at, 100], at + offset, 32), 1);
      assert.equal(hex(s.read(at + offset, 32)), sha, `offset ${offset}`);
    }
  });

  it("hmac: out is the key, or inside data", () => {
    const mac = createHmac("sha256", data.slice(0, 32)).update(data).digest("hex");
    s.fresh();
    const [key, at] = [s.put(data.slice(0, 32)), s.put(data)];
    assert.equal(s.call("hmac", [at + 64, key, at, 100], at + 64, 32), 1);
    assert.equal(hex(s.read(at + 64, 32)), mac, "inside data");
    s.fresh();
    const [key2, at2] = [s.put(data.slice(0, 32)), s.put(data)];
    assert.equal(s.call("hmac", [key2, key2, at2, 100], key2, 32), 1);
    assert.equal(hex(s.read(key2, 32)), mac, "over the key");
  });

  it("hkdf: out is ikm", () => {
    const [ikm, salt, info] = [counting(32), counting(32).reverse(), kernel.labelled("x")];
    const want = hex(kernel.hkdf(s, ikm, salt, info));
    s.fresh();
    const at = s.put(ikm);
    assert.equal(s.call("hkdf", [at, at, s.put(salt), s.put(info)], at, 32), 1);
    assert.equal(hex(s.read(at, 32)), want);
  });

  it("derive: out is node; a refused one is left alone or cleared", () => {
    for (const index of [5, 2 ** 31 + 5]) {
      const want = hex(kernel.derive(s, counting(64), index));
      s.fresh();
      const at = s.put(counting(64));
      assert.equal(s.call("derive", [at, at, index], at, 64), 1);
      assert.equal(hex(s.read(at, 64)), want, `index ${index}`);
    }
  });
});

onBoth("seal and open", (s) => {
  const [key, nonce] = [counting(32), counting(12)];

  it("open takes what seal made, for every length of data and aad about a block", () => {
    for (let length = 0; length <= 130; length += length < 70 ? 1 : 9) {
      for (const aadLength of [0, 1, 15, 16, 17, 33]) {
        const [text, aad] = [counting(length), counting(aadLength)];
        const sealed = kernel.seal(s, key, nonce, aad, text);
        assert.deepEqual(kernel.open(s, key, nonce, aad, sealed), text, `${length}, ${aadLength}`);
      }
    }
  });

  it("open refuses any changed bit of tag, text or aad, and leaves the data as it was", () => {
    const [text, aad] = [counting(40), counting(5)];
    const sealed = kernel.seal(s, key, nonce, aad, text);
    for (let bit = 0; bit < sealed.length * 8; bit += 3) {
      const other = sealed.slice();
      other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7));
      assert.equal(kernel.open(s, key, nonce, aad, other), undefined, `bit ${bit}`);
    }
    assert.equal(kernel.open(s, key, nonce, counting(6), sealed), undefined, "longer aad");
    assert.equal(kernel.open(s, key, nonce, counting(4), sealed), undefined, "shorter aad");
  });
});

onBoth("lock and unlock", (s) => {
  it("unlock gives the node back for the right code and label only", () => {
    const [node, code] = [counting(64), counting(32)];
    const label = kernel.labelled("kincard/wrap/1");
    const wrapped = kernel.lock(s, node, code, label);
    assert.deepEqual(kernel.unlock(s, wrapped, code, label), node);
    assert.equal(kernel.unlock(s, wrapped, code, kernel.labelled("kincard/wrap/2")), undefined);
    for (let byte = 0; byte < 32; byte++) {
      const other = code.slice();
      other[byte] = (other[byte] as number) ^ 1;
      assert.equal(kernel.unlock(s, wrapped, other, label), undefined, `code byte ${byte}`);
    }
    for (let byte = 0; byte < 80; byte++) {
      const other = wrapped.slice();
      other[byte] = (other[byte] as number) ^ 128;
      assert.equal(kernel.unlock(s, other, code, label), undefined, `wrapped byte ${byte}`);
    }
  });
});

describe("kernel, generated bytes: position", () => {
  it("gives the same answers wherever it lies", () => {
    const answers = [0x00000000, 0x00000104, 0x00040000, 0x1000abcc, 0x20020000].map((address) => {
      const s = generated(address);
      const [digest, key] = [be32(7n), be32(9n)];
      const sealed = kernel.seal(s, counting(32), counting(12), counting(3), counting(70));
      return [
        hex(kernel.sign(s, digest, key)),
        hex(kernel.ecdh(s, raw(Point.BASE), key)),
        hex(kernel.sha512(s, counting(200))),
        hex(sealed),
      ].join(" ");
    });
    assert.equal(new Set(answers).size, 1);
  });
});

onBoth("list", (s) => {
  const [BASE, X, MUST] = [0x8000, 0x4000, 0x80];
  const call = (name: Parameters<typeof entryNumber>[0], ...args: number[]) => [
    entryNumber(name) | ((args.length - 1) << 5),
    ...args.flatMap((value) => [value & 255, value >> 8]),
  ];
  const must = ([code = 0, ...rest]: number[]) => [code | MUST, ...rest];

  it("makes its calls in order, with base and x added, and stores bytes", () => {
    for (let skew = 0; skew < 4; skew++) {
      s.fresh();
      const arena = s.put(counting(64), 0);
      const list = [
        call("copy", 40 | BASE, 1 | BASE | X, 6),
        [0x20, ...[41 | BASE, 77].flatMap((value) => [value & 255, value >> 8])],
        call("zero", 44 | BASE, 1),
        must(call("equal", 0 | BASE, 0 | BASE, 64)),
        call("equal", 0 | BASE, 1 | BASE, 2),
        call("copy", 46 | BASE, 0 | BASE, 2),
        [0],
      ].flat();
      const at = s.put(Uint8Array.from(list), skew);
      assert.equal(s.call("list", [at, arena, 8], arena + 40, 8), 1);
      assert.deepEqual([...s.read(arena + 40, 8)], [10, 77, 12, 13, 0, 15, 1, 2]);
    }
  });
  it("ends with 0 at a no that counts, and makes no call behind it", () => {
    s.fresh();
    const arena = s.put(counting(64), 0);
    const no = must(call("equal", 0 | BASE, 1 | BASE, 2));
    const at = s.put(Uint8Array.from([...no, ...call("zero", 0 | BASE, 64), 0]), 0);
    assert.equal(s.call("list", [at, arena, 0]), 0);
    assert.deepEqual(s.read(arena, 64), counting(64));
  });
  it("an empty one is done", () => {
    s.fresh();
    assert.equal(s.call("list", [s.put(Uint8Array.of(0), 0), 0, 0]), 1);
  });
});
