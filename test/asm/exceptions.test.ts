/**
 * No addition of a secret multiple is exceptional: the finite part of the proof at the head of
 * firmware/kernel/gen/curve/multiply.ts, in BigInt. Points are stood for by their logarithms mod n, so
 * that "equal", "opposite" and "infinity" are comparisons of numbers.
 */

import assert from "node:assert/strict";
import { SPACING, TEETH } from "../../firmware/kernel/gen/curve/constants.js";
import { invert, LAMBDA, mod, N, SPLIT } from "../../firmware/kernel/gen/curve/curve.js";

const S = BigInt(SPACING);
const WIDTH = BigInt(TEETH);
const HALF = invert(2n, N);

const digit = (v: bigint, bit: bigint): bigint => ((v >> bit) & 1n ? 1n : -1n);

/** Signed sums of the teeth: what a column of the comb can add. */
const TOOTH_SUMS = Array.from({ length: 1 << TEETH }, (_, index) => {
  const signs = Array.from({ length: TEETH }, (_, t) => ((index >> t) & 1 ? 1n : -1n));
  return signs.reduce((sum, sign, t) => sum + (sign << (S * BigInt(t))), 0n);
});
const LARGEST = TOOTH_SUMS.reduce((a, b) => (a > b ? a : b));

/** Whether a is a sum of a_t 2^(S t), all a_t odd and below 2^columns in absolute value. */
function isPartial(a: bigint, columns: bigint): boolean {
  let rest = a;
  for (let t = 0n; t < WIDTH; t++) {
    let part = t === WIDTH - 1n ? rest : mod(rest, 1n << S);
    if (t < WIDTH - 1n && part >> (S - 1n)) part -= 1n << S;
    if (mod(part, 2n) === 0n || part >= 1n << columns || part <= -(1n << columns)) return false;
    rest = (rest - part) >> S;
  }
  return true;
}

interface Meeting {
  readonly column: bigint;
  readonly tooth: bigint;
  /** 2 a = z T + j n */
  readonly z: bigint;
  readonly j: bigint;
}

/** Exceptional additions of the comb that some K with low < K < high can come to. */
function meetings(low: bigint, high: bigint): Meeting[] {
  const found: Meeting[] = [];
  for (let column = 0n; column < S - 1n; column++) {
    const later = ((1n << column) - 1n) * LARGEST;
    // The partial sums 2 a that such a K can have here.
    const reach = (high > -low ? high : -low) + later + (LARGEST << column);
    const most = reach / (N << column) + 1n;
    for (const tooth of TOOTH_SUMS) {
      for (const z of [-1n, 0n, 1n]) {
        for (let j = -most; j <= most; j++) {
          const twice = z * tooth + j * N;
          if (mod(twice, 2n) !== 0n || !isPartial(twice / 2n, S - 1n - column)) continue;
          const middle = (twice + tooth) << column;
          if (middle + later <= low || middle - later >= high) continue;
          // The last column, and the sum is infinity: that is the key 0.
          if (column === 0n && mod(middle, N) === 0n) continue;
          found.push({ column, tooth, z, j });
        }
      }
    }
  }
  return found;
}

/** constants.ts: the comb's digits of an even e; and the columns' additions with them. */
function combAdditions(e: bigint): { before: bigint; added: bigint }[] {
  const v = mod((e - 1n) * HALF, N) + (1n << (S * WIDTH - 1n));
  const steps: { before: bigint; added: bigint }[] = [];
  let sum = 0n;
  for (let column = S - 1n; column >= 0n; column--) {
    let added = 0n;
    for (let t = 0n; t < WIDTH; t++) added += digit(v, column + S * t) << (S * t);
    if (column < S - 1n) steps.push({ before: 2n * sum, added });
    sum = 2n * sum + added;
  }
  assert.equal(sum, e + N, "K = e + n");
  return steps;
}

const exceptional = (before: bigint, added: bigint): boolean =>
  [before, before - added, before + added].some((x) => mod(x, N) === 0n);

/** curve.ts: s = s1 + s2 lambda. */
function split(s: bigint): [bigint, bigint] {
  const round = (value: bigint) => (value + (1n << 383n)) >> 384n;
  const centred = (value: bigint) => (value > N / 2n ? value - N : value);
  const s2 = mod(-round(s * SPLIT.g1) * SPLIT.b1 - round(s * SPLIT.g2) * SPLIT.b2, N);
  return [centred(mod(s - s2 * LAMBDA, N)), centred(s2)];
}

/** The additions of the windows for k, as logarithms to the base P. */
function windowAdditions(k: bigint): { before: bigint; added: bigint }[] {
  const halves = split(mod((k - 1n - LAMBDA) * HALF, N));
  const digits = halves.map((half) => half + (1n << 128n));
  assert.ok(
    digits.every((v) => v > 0n && v < 1n << 129n),
    "129 bits",
  );
  const steps: { before: bigint; added: bigint }[] = [];
  const sums = digits.map((v) => digit(v, 128n)) as [bigint, bigint];
  steps.push({ before: sums[0], added: sums[1] * LAMBDA });
  for (let bit = 124n; bit >= 0n; bit -= 4n) {
    sums[0] *= 16n;
    sums[1] *= 16n;
    digits.forEach((v, half) => {
      let window = 0n;
      for (let i = 0n; i < 4n; i++) window += digit(v, bit + i) << i;
      const before = sums[0] + sums[1] * LAMBDA;
      steps.push({ before, added: half ? window * LAMBDA : window });
      sums[half as 0 | 1] += window;
    });
  }
  assert.deepEqual(
    sums,
    halves.map((half) => 2n * half + 1n),
    "K1 and K2",
  );
  assert.equal(mod(sums[0] + sums[1] * LAMBDA, N), k, "k");
  return steps;
}

describe("kernel generator: no exceptional addition of a secret multiple", function () {
  this.timeout(60_000);

  it("comb: no partial sum of K = e + n meets what is added", () => {
    assert.deepEqual(meetings(N, 2n * N), []);
  });

  it("comb: the search knows every sum that keys really come to", () => {
    for (let i = 1n; i < 40n; i++) {
      const key = mod(i * i * LAMBDA, N);
      combAdditions(key % 2n === 0n ? key : N - key).forEach(({ before }, at) => {
        const known = isPartial(before / 2n, BigInt(at) + 1n);
        assert.ok(known && !isPartial(before / 2n + 1n, S), `${key.toString(16)} at ${at}`);
      });
    }
  });

  it("comb: the search does find the key for which K = k would fail, and it does fail", () => {
    const [found, ...others] = meetings(0n, N);
    assert.deepEqual([found?.column, others], [0n, []]);
    const k = mod(2n * (found as Meeting).tooth, N);
    assert.equal(k % 2n, 1n, "an odd key, which the kernel negates");
    const v = (k - 1n) / 2n + (1n << (S * WIDTH - 1n));
    let last = 0n;
    for (let t = 0n; t < WIDTH; t++) last += digit(v, S * t) << (S * t);
    assert.ok(exceptional(k - last, last));
  });

  it("comb: even keys at the edges and twice each tooth sum", () => {
    const keys = [2n, 4n, N - 1n, N - 3n, (N - 1n) / 2n, 2n ** 255n, 2n ** 208n, 2n ** 52n];
    for (const sum of TOOTH_SUMS) keys.push(mod(2n * sum, N), mod(4n * sum, N));
    for (const key of keys) {
      const e = key % 2n === 0n ? key : N - key;
      const bad = combAdditions(e).filter(({ before, added }) => exceptional(before, added));
      assert.deepEqual(bad, [], e.toString(16));
    }
  });

  it("windows: n divides x^2 - x y + y^2 for every x + y lambda = 0", () => {
    // x + y lambda = 0 gives x^2 - x y + y^2 = y^2 (lambda^2 + lambda + 1) = 0 mod n.
    assert.equal(mod(LAMBDA * LAMBDA + LAMBDA + 1n, N), 0n);
    assert.ok(3n * (2n ** 125n) ** 2n < N, "below 2^125 there is only 0");
  });

  it("windows: no exceptional addition for any k = e1 + e2 lambda, |e1|, |e2| <= 30", () => {
    for (let e1 = -30n; e1 <= 30n; e1++) {
      for (let e2 = -30n; e2 <= 30n; e2++) {
        const k = mod(e1 + e2 * LAMBDA, N);
        if (k === 0n) continue;
        const bad = windowAdditions(k).filter(({ before, added }) => exceptional(before, added));
        assert.deepEqual(bad, [], `${e1} + ${e2} lambda`);
      }
    }
  });
});
