/**
 * secp256k1 in BigInt, for the generator only: the constants and tables that go into the blob.
 *
 * Sources: SEC 2 v2, 2.4.1 (p, n, G); Gallant, Lambert, Vanstone, "Faster Point Multiplication on
 * Elliptic Curves with Efficient Endomorphisms", CRYPTO 2001 (lambda, beta and the short basis).
 * Everything but p, n, G and the choice of lambda's root is computed here. Not constant time; no
 * secret ever comes here.
 */

export const P = 2n ** 256n - 2n ** 32n - 977n;
export const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
export const GX = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n;
export const GY = 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n;

export const mod = (a: bigint, m: bigint): bigint => ((a % m) + m) % m;

export function power(base: bigint, exponent: bigint, m: bigint): bigint {
  let result = 1n;
  let square = mod(base, m);
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % m;
    square = (square * square) % m;
  }
  return result;
}

/** 1 / a mod m (extended Euclid). */
export function invert(a: bigint, m: bigint): bigint {
  let [r, next] = [m, mod(a, m)];
  let [t, nextT] = [0n, 1n];
  while (next !== 0n) {
    const quotient = r / next;
    [r, next] = [next, r - quotient * next];
    [t, nextT] = [nextT, t - quotient * nextT];
  }
  if (r !== 1n) throw new RangeError("no inverse");
  return mod(t, m);
}

export interface Affine {
  readonly x: bigint;
  readonly y: bigint;
}

/** Affine addition; refuses what the tables never need (infinity). */
export function addPoints(a: Affine, b: Affine): Affine {
  if (a.x === b.x && a.y !== b.y) throw new RangeError("the sum is infinity");
  const slope =
    a.x === b.x ? 3n * a.x * a.x * invert(2n * a.y, P) : (b.y - a.y) * invert(mod(b.x - a.x, P), P);
  const x = mod(slope * slope - a.x - b.x, P);
  return { x, y: mod(slope * (a.x - x) - a.y, P) };
}

export function multiplyPoint(k: bigint, point: Affine): Affine {
  let result: Affine | undefined;
  for (const bit of mod(k, N).toString(2)) {
    if (result) result = addPoints(result, result);
    if (bit === "1") result = result ? addPoints(result, point) : point;
  }
  if (!result) throw new RangeError("k is 0");
  return result;
}

export const G: Affine = { x: GX, y: GY };

/** A cube root of 1 mod m other than 1, by raising 2, 3, ... to (m - 1) / 3. */
function cubeRoot(m: bigint): bigint {
  for (let base = 2n; ; base++) {
    const root = power(base, (m - 1n) / 3n, m);
    if (root !== 1n) return root;
  }
}

/** lambda * (x, y) = (beta * x, y). Of the two pairs, the one with the smaller lambda. */
function endomorphism(): { lambda: bigint; beta: bigint } {
  const root = cubeRoot(N);
  const square = (root * root) % N;
  const lambda = root < square ? root : square;
  const target = multiplyPoint(lambda, G);
  const first = cubeRoot(P);
  const beta = [first, (first * first) % P].find((b) => (b * GX) % P === target.x);
  if (beta === undefined || target.y !== GY) throw new Error("no endomorphism found");
  return { lambda, beta };
}

export const { lambda: LAMBDA, beta: BETA } = endomorphism();

/**
 * Two short vectors (a, b) with a + b * lambda = 0 mod n: GLV, section 4 (extended Euclid,
 * stopped around the square root of n).
 */
function shortBasis(): readonly [readonly [bigint, bigint], readonly [bigint, bigint]] {
  const rows: [bigint, bigint][] = [
    [N, 0n],
    [LAMBDA, 1n],
  ];
  for (;;) {
    const [before, last] = rows.slice(-2) as [[bigint, bigint], [bigint, bigint]];
    const quotient = before[0] / last[0];
    rows.push([before[0] - quotient * last[0], before[1] - quotient * last[1]]);
    if (last[0] * last[0] < N) break;
  }
  const [previous, middle, next] = rows.slice(-3) as [bigint, bigint][] as [
    [bigint, bigint],
    [bigint, bigint],
    [bigint, bigint],
  ];
  const norm = ([r, t]: [bigint, bigint]) => r * r + t * t;
  const other = norm(previous) < norm(next) ? previous : next;
  return [
    [middle[0], -middle[1]],
    [other[0], -other[1]],
  ];
}

const [[a1, b1], [a2, b2]] = shortBasis();
const determinant = a1 * b2 - a2 * b1;
if (determinant !== N && determinant !== -N) throw new Error("not a basis");
if (mod(a1 + b1 * LAMBDA, N) !== 0n || mod(a2 + b2 * LAMBDA, N) !== 0n) throw new Error("basis");

const roundedDivision = (a: bigint, b: bigint): bigint => (2n * a + b) / (2n * b);

/**
 * Splitting k = k1 + k2 * lambda: c1 = round(k * b2 / det), c2 = round(k * -b1 / det),
 * k1 = k - c1 * a1 - c2 * a2, k2 = -c1 * b1 - c2 * b2, with the divisions done as a multiplication
 * by a 384-bit reciprocal (`G1`, `G2`, made positive; the signs move into `B1`, `B2`).
 */
function splitting(): { g1: bigint; g2: bigint; b1: bigint; b2: bigint } {
  const scale = 2n ** 384n;
  const sign = (value: bigint) => (value < 0n ? -1n : 1n);
  const [first, second] = [b2 * sign(determinant), -b1 * sign(determinant)];
  return {
    g1: roundedDivision(first * sign(first) * scale, N),
    g2: roundedDivision(second * sign(second) * scale, N),
    b1: b1 * sign(first),
    b2: b2 * sign(second),
  };
}

export const SPLIT = splitting();
