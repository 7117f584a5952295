/**
 * Numbers from the edges against BigInt and the oracle: scalars around 0, n, the halves of the
 * GLV split and word boundaries; coordinates around 0, p, 2^256 and word boundaries; ECDSA
 * verifications built from chosen u1, u2 so that every special case of the double multiplication
 * (zero, equal and opposite terms, infinity) comes up.
 */

import assert from "node:assert/strict";
import { hex } from "../support/wycheproof.js";
import {
  BAD_SCALARS,
  EDGE_SCALARS,
  LAMBDA,
  N,
  P,
  Point,
  be32,
  evenY,
  invert,
  limbEdges,
  mod,
  raw,
} from "./numbers.js";
import type { CurvePoint } from "./numbers.js";
import * as kernel from "./operations.js";
import { onBoth } from "./subject.js";
import { FULL, PART, some } from "../support/full.js";

const times = (k: bigint): CurvePoint => Point.BASE.multiply(mod(k, N));

/** Points with a special x or a special discrete logarithm. */
function specialPoints(): CurvePoint[] {
  const points = [1n, 2n, 3n, N - 1n, LAMBDA, N - LAMBDA, mod(LAMBDA * LAMBDA, N)].map(times);
  for (const start of [1n, P - 1n, 2n ** 128n, ...limbEdges().filter((x) => x < P)]) {
    for (let x = start, tries = 0; tries < 8; x = mod(x + 1n, P), tries++) {
      const y = evenY(x);
      if (y === undefined) continue;
      points.push(Point.fromAffine({ x, y: tries & 1 ? P - y : y }));
      break;
    }
  }
  return points;
}

/** Coordinates at the edges of the field, and just outside it. */
function coordinates(): bigint[] {
  const edges = [0n, 1n, 2n, 3n, 4n, 7n, P - 1n, P - 2n, P - 7n, P, P + 1n, P + 7n, N, N - 1n];
  return [...edges, 2n ** 256n - 1n, 2n ** 256n - 977n, (P - 1n) / 2n, ...limbEdges()];
}

onBoth(`edges${PART}`, (s) => {
  it("pubkey of every edge scalar", () => {
    for (const k of EDGE_SCALARS) {
      assert.equal(hex(kernel.pubkey(s, be32(k))), hex(raw(times(k))), k.toString(16));
    }
  });

  it("pubkey, sign, ecdh, derive and keyok refuse 0 and everything from n up", () => {
    const base = raw(Point.BASE);
    for (const k of BAD_SCALARS) {
      const key = be32(k);
      const digest = be32(1n);
      const refused = [
        kernel.pubkey(s, key),
        kernel.sign(s, digest, key),
        kernel.ecdh(s, base, key),
        kernel.derive(s, kernel.join(key, digest), 0),
        kernel.derive(s, kernel.join(key, digest), 2 ** 31),
      ];
      assert.deepEqual(refused, new Array(5).fill(undefined), k.toString(16));
      assert.equal(kernel.keyok(s, key), false, k.toString(16));
    }
  });

  it("keyok of every edge scalar and of each word's boundary below n", () => {
    for (const k of [...EDGE_SCALARS, ...limbEdges()]) {
      assert.equal(kernel.keyok(s, be32(k)), k > 0n && k < N, k.toString(16));
    }
    for (let bit = 0n; bit < 256n; bit += 8n) {
      const [below, above] = [N - 2n ** bit, N + 2n ** bit];
      assert.equal(kernel.keyok(s, be32(below)), true, `n - 2^${bit}`);
      if (above < 2n ** 256n) assert.equal(kernel.keyok(s, be32(above)), false, `n + 2^${bit}`);
    }
  });

  it("ecdh: every edge scalar times points with special coordinates and logarithms", function () {
    this.timeout(60_000);
    const points = specialPoints();
    const scalars = [...EDGE_SCALARS.entries()];
    for (const [i, k] of some("ecdh", scalars, 12)) {
      const [a, b] = [points[i % points.length], points[(7 * i + 3) % points.length]];
      for (const p of [points[0], a, b] as CurvePoint[]) {
        const want = hex(p.multiply(k).toBytes(true).slice(1));
        assert.equal(
          hex(kernel.ecdh(s, raw(p), be32(k))),
          want,
          `${k.toString(16)} * ${p.toHex()}`,
        );
      }
    }
    for (const p of some("lambda", points, 8)) {
      const want = hex(p.multiply(LAMBDA).toBytes(true).slice(1));
      assert.equal(hex(kernel.ecdh(s, raw(p), be32(LAMBDA))), want, `lambda * ${p.toHex()}`);
    }
  });

  it("decompress agrees with BigInt at the edges of the field, both parities", () => {
    let found = 0;
    for (const x of coordinates()) {
      const y = x < P ? evenY(x) : undefined;
      for (const odd of [0, 1]) {
        const got = kernel.decompress(s, kernel.join(Uint8Array.of(2 + odd), be32(x)));
        const want = y === undefined ? undefined : kernel.join(be32(x), be32(odd ? P - y : y));
        assert.equal(hex(got), hex(want), `${odd ? "03" : "02"} ${x.toString(16)}`);
        if (got) found++;
      }
    }
    assert.ok(found > 20, "too few points on the curve to mean anything");
  });

  it("decompress refuses every prefix but 02 and 03", () => {
    const x = raw(Point.BASE).slice(0, 32);
    for (let prefix = 0; prefix < 256; prefix++) {
      const got = kernel.decompress(s, kernel.join(Uint8Array.of(prefix), x));
      assert.equal(got !== undefined, prefix === 2 || prefix === 3, `prefix ${prefix}`);
    }
  });

  it("compress takes y's parity and x", () => {
    for (const p of specialPoints()) {
      assert.equal(hex(kernel.compress(s, raw(p))), hex(p.toBytes(true)));
    }
  });

  it("ecdh and verify refuse coordinates that stand for the same point plus p", () => {
    // x = 1 has a point; so has x + p < 2^256, which SEC 1 refuses
    const y = evenY(1n) as bigint;
    const alias = kernel.join(be32(P + 1n), be32(y));
    assert.equal(kernel.ecdh(s, alias, be32(5n)), undefined, "ecdh took x + p");
    const [digest, key] = [be32(77n), be32(1n)];
    const signature = (kernel.sign(s, digest, key) as Uint8Array).slice(0, 64);
    assert.equal(kernel.verify(s, signature, digest, raw(Point.BASE)), true);
    assert.equal(kernel.verify(s, signature, digest, alias), false, "verify took x + p");
  });

  it("ecdh and verify refuse points off the curve, each coordinate bit flipped", () => {
    const digest = be32(5n);
    const signature = (kernel.sign(s, digest, be32(2n)) as Uint8Array).slice(0, 64);
    for (let bit = 0; bit < 512; bit += 7) {
      const pub = raw(times(2n));
      pub[bit >> 3] = (pub[bit >> 3] as number) ^ (1 << (bit & 7));
      assert.equal(kernel.ecdh(s, pub, be32(3n)), undefined, `ecdh, bit ${bit}`);
      assert.equal(kernel.verify(s, signature, digest, pub), false, `verify, bit ${bit}`);
    }
    for (const pub of [new Uint8Array(64), new Uint8Array(64).fill(255)]) {
      assert.equal(kernel.ecdh(s, pub, be32(3n)), undefined);
    }
  });

  it("lows: r from 1 to n - 1, s from 1 to (n - 1) / 2", () => {
    const half = (N - 1n) / 2n;
    const cases: [bigint, bigint, boolean][] = [
      [1n, 1n, true],
      [N - 1n, half, true],
      [0n, 1n, false],
      [1n, 0n, false],
      [N, 1n, false],
      [1n, half + 1n, false],
      [1n, N - 1n, false],
      [1n, N, false],
      [2n ** 256n - 1n, 1n, false],
      [1n, 2n ** 256n - 1n, false],
    ];
    for (let bit = 0n; bit < 256n; bit += 16n) {
      cases.push([1n, half - 2n ** bit < 0n ? 1n : half - 2n ** bit, true]);
      cases.push([1n, mod(half + 2n ** bit, 2n ** 256n), false]);
    }
    for (const [r, sValue, want] of cases) {
      const got = kernel.lows(s, kernel.join(be32(r), be32(sValue)));
      assert.equal(got, want, `r ${r.toString(16)}, s ${sValue.toString(16)}`);
    }
  });

  it("sign: digests at the edges are taken mod n, s is low, the key is recovered", () => {
    for (const digest of [
      0n,
      1n,
      N - 1n,
      N,
      N + 1n,
      2n ** 256n - 1n,
      ...some("digests", limbEdges(), 4),
    ]) {
      for (const key of [1n, N - 1n, LAMBDA]) {
        const signature = kernel.sign(s, be32(digest), be32(key)) as Uint8Array;
        assert.equal(kernel.lows(s, signature.slice(0, 64)), true, "high s");
        const pub = raw(times(key));
        assert.equal(kernel.verify(s, signature.slice(0, 64), be32(digest), pub), true);
        const point = recover(signature, mod(digest, N));
        assert.equal(hex(raw(point)), hex(pub), "recovery id");
      }
    }
  });

  it("verify refuses r and s of 0, n and above", () => {
    const digest = be32(9n);
    const good = (kernel.sign(s, digest, be32(3n)) as Uint8Array).slice(0, 64);
    const pub = raw(times(3n));
    assert.equal(kernel.verify(s, good, digest, pub), true);
    for (const bad of [...BAD_SCALARS]) {
      const [r, sBytes] = [good.slice(0, 32), good.slice(32)];
      assert.equal(kernel.verify(s, kernel.join(be32(bad), sBytes), digest, pub), false, "r");
      assert.equal(kernel.verify(s, kernel.join(r, be32(bad)), digest, pub), false, "s");
    }
  });

  it("verify takes the high s as well (lows is another entry)", () => {
    const digest = be32(9n);
    const good = (kernel.sign(s, digest, be32(3n)) as Uint8Array).slice(0, 64);
    const high = be32(N - BigInt("0x" + hex(good.slice(32))));
    const signature = kernel.join(good.slice(0, 32), high);
    assert.equal(kernel.verify(s, signature, digest, raw(times(3n))), true);
  });

  it("verify: chosen u1, u2 and key, all special cases of u1 G + u2 Q", function () {
    this.timeout(60_000);
    let infinities = 0;
    const keys = [1n, N - 1n, 2n, LAMBDA, mod(-LAMBDA, N), (N + 1n) / 2n, 12345n];
    for (const d of some("verified keys", keys, 1)) {
      for (const u2 of [1n, 2n, N - 1n, LAMBDA, 2n ** 128n, (N - 1n) / 2n, 0xffffffffn]) {
        for (const u1 of [0n, 1n, N - 1n, u2, N - u2, mod(-u2 * d, N), mod(u2 * d, N), LAMBDA]) {
          const k = mod(u1 + u2 * d, N);
          if (k === 0n) infinities++;
          const r = k === 0n ? 1n : mod(times(k).toAffine().x, N);
          const sValue = mod(r * invert(u2, N), N);
          const z = mod(u1 * sValue, N);
          const signature = kernel.join(be32(r), be32(sValue));
          const got = kernel.verify(s, signature, be32(z), raw(times(d)));
          assert.equal(got, k !== 0n, `d ${d}, u1 ${u1}, u2 ${u2}`);
          const other = kernel.join(be32(r === 1n ? 2n : r - 1n), be32(sValue));
          assert.equal(kernel.verify(s, other, be32(z), raw(times(d))), false, "r - 1");
        }
      }
    }
    assert.ok(infinities >= (FULL ? 49 : 7), `only ${infinities} sums at infinity`);
  });
});

/** SEC 1 4.1.6: Q = r^-1 (s R - z G), R from r and the recovery id. */
function recover(signature: Uint8Array, z: bigint): CurvePoint {
  const r = BigInt("0x" + hex(signature.slice(0, 32)));
  const sValue = BigInt("0x" + hex(signature.slice(32, 64)));
  const id = signature[64] as number;
  assert.ok(id < 4, `recovery id ${id}`);
  const x = r + (id & 2 ? N : 0n);
  const even = evenY(x) as bigint;
  const point = Point.fromAffine({ x, y: id & 1 ? P - even : even });
  const sum = point.multiply(sValue).add(Point.BASE.multiplyUnsafe(mod(-z, N)));
  return sum.multiply(invert(r, N));
}
