/**
 * secp256k1 in BigInt, and the values at which big-number code breaks: word boundaries, the ends of
 * the field and of the scalars.
 */

import { secp256k1 } from "@noble/curves/secp256k1.js";

export { BAD_SCALARS, EDGE_SCALARS, LAMBDA, N, be32 } from "../../host/tools/measure/scalars.js";

export const Point = secp256k1.Point;
export type CurvePoint = InstanceType<typeof Point>;
export const P = 2n ** 256n - 2n ** 32n - 977n;
export function big(bytes: Uint8Array): bigint {
  return BigInt("0x" + Buffer.from(bytes).toString("hex"));
}

export const mod = (a: bigint, m: bigint): bigint => ((a % m) + m) % m;

export function power(base: bigint, exponent: bigint, m: bigint): bigint {
  let result = 1n;
  for (let b = base % m, e = exponent; e > 0n; e >>= 1n, b = (b * b) % m) {
    if (e & 1n) result = (result * b) % m;
  }
  return result;
}

export const invert = (a: bigint, m: bigint): bigint => power(mod(a, m), m - 2n, m);

/** The even root y of y^2 = x^3 + 7, if there is one: p = 3 mod 4. */
export function evenY(x: bigint): bigint | undefined {
  const square = (x * x * x + 7n) % P;
  const y = power(square, (P + 1n) / 4n, P);
  if ((y * y) % P !== square) return undefined;
  return y & 1n ? P - y : y;
}

/** x || y. */
export const raw = (p: CurvePoint): Uint8Array => p.toBytes(false).slice(1);

/** Word boundaries of a 256-bit number: 2^32i and its neighbours, ones below and above. */
export function limbEdges(): bigint[] {
  const edges: bigint[] = [];
  for (let bit = 32n; bit < 256n; bit += 32n) {
    const at = 1n << bit;
    edges.push(at - 1n, at, at + 1n, 2n ** 256n - at, (at << 31n) % 2n ** 256n);
  }
  return edges;
}
