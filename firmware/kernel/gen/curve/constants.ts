/**
 * The blob's 32-byte constants and the comb table of G.
 *
 * Every one is computed from curve.ts.
 */

import * as C from "./curve.js";
import type { Code } from "../frame.js";

/** Comb: TEETH bits of the scalar, SPACING apart, choose one of 2^(TEETH-1) points and a sign. */
export const TEETH = 5;
export const SPACING = 52;
export const COMB_POINTS = 1 << (TEETH - 1);

/** The GLV halves as recoded: one bit at 128, then windows of 4. */
export const WINDOW_TOP = 128;

const n = (value: bigint) => C.mod(value, C.N);
const half = C.invert(2n, C.N);

/** Words, least significant first. */
export function wordsOf(value: bigint, count = 8): number[] {
  return Array.from({ length: count }, (_, i) => Number((value >> BigInt(32 * i)) & 0xffffffffn));
}

/**
 * Signed-bit recoding (Hamburg; libsecp256k1's ecmult_const describes the GLV form): with all
 * digits +1 or -1, sum of (2 v_i - 1) 2^i over l bits = 2 v + 1 - 2^l, so an odd number K has the
 * digits v = (K - 1) / 2 + 2^(l-1). The comb: l = 260, K = k for odd k and k + n for even k, that
 * is (K - 1) / 2 = (k - 1) / 2 mod n. The GLV halves of k: l = 129, K1 = 2 s1 + 1 and K2 = 2 s2 +
 * 1, so s1 + s2 lambda = (k - 1 - lambda) / 2.
 */
const splitOffset = n((1n + C.LAMBDA) * half);

export const CONSTANTS: Readonly<Record<string, readonly [bigint, string]>> = {
  c_p: [C.P, "p"],
  c_n: [C.N, "n"],
  c_half_n: [C.N >> 1n, "(n - 1) / 2"],
  c_half: [half, "1 / 2 mod n"],
  c_split_offset: [splitOffset, "(1 + lambda) / 2 mod n for the GLV halves"],
  c_minus_2_128: [n(-(2n ** 128n)), "-2^128 mod n"],
  c_g1: [C.SPLIT.g1, "round(2^384 b2 / n)"],
  c_g2: [C.SPLIT.g2, "round(2^384 b1 / n)"],
  c_b1: [n(-C.SPLIT.b1), "-b1 mod n"],
  c_b2: [n(C.SPLIT.b2), "b2 mod n"],
  c_lambda: [C.LAMBDA, "lambda"],
  c_beta: [C.BETA, "beta"],
  c_one: [1n, "1"],
  c_seven: [7n, "the curve's b"],
};

/** Words of 2^256 - n. */
export const FOLD_WORDS = 5;

/** What the inverse works with: a ninth word follows them. */
const MODULI = ["c_p", "c_n"];
const LIMB = 2n ** 30n;

/** The comb's points: top tooth positive, the others by the bits of the index. */
export function combPoints(): C.Affine[] {
  const teeth = Array.from({ length: TEETH }, (_, t) => 2n ** BigInt(SPACING * t));
  const top = teeth[TEETH - 1] as bigint;
  return Array.from({ length: COMB_POINTS }, (_, index) => {
    const sum = teeth
      .slice(0, -1)
      .reduce((k, tooth, t) => k + ((index >> t) & 1 ? tooth : -tooth), top);
    return C.multiplyPoint(sum, C.G);
  });
}

export function constants(a: Code): void {
  a.align(4);
  for (const [name, [value, about]] of Object.entries(CONSTANTS)) {
    a.label(name, about);
    const words = wordsOf(value);
    if (name === "c_one") {
      a.words(words.splice(0, 1));
      a.label("c_zero", "the rest of 1, and one word more");
      words.push(0);
    }
    a.words(words);
    if (!MODULI.includes(name)) continue;
    a.comment("-1 / it mod 2^30: see numbers/inverse.ts");
    a.words(wordsOf(LIMB - C.invert(value, LIMB), 1));
  }
  a.label("c_fold", "2^256 - n");
  a.words(wordsOf(2n ** 256n - C.N, FOLD_WORDS));
  const points = combPoints();
  a.label("c_comb", "points of the comb: all x, then all y");
  for (const coordinate of ["x", "y"] as const) {
    for (const point of points) a.words(wordsOf(point[coordinate]));
  }
}
