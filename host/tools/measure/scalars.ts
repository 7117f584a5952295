/**
 * Scalars each of which is special to some step of a scalar multiplication on secp256k1: ends of
 * the range, windows, word boundaries, the endomorphism's lambda (SEC 2 2.4.1; Guide to Elliptic
 * Curve Cryptography 3.5), runs of ones and zeros.
 */

export const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
/** lambda^3 = 1 mod n: lambda * (x, y) = (beta * x, y). */
export const LAMBDA = 0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72n;

const repeated = (digits: string): bigint => BigInt("0x" + digits.repeat(64 / digits.length));

export const EDGE_SCALARS: readonly bigint[] = [
  ...[1n, 2n, 3n, 4n, 7n, 8n, 15n, 16n, 17n, 31n, 32n, 33n],
  ...[1n, 2n, 3n, 16n, 17n].map((x) => N - x),
  ...[(N - 1n) / 2n, (N + 1n) / 2n, (N + 3n) / 2n],
  ...[2n ** 64n, 2n ** 127n, 2n ** 128n - 1n, 2n ** 128n, 2n ** 128n + 1n, 2n ** 129n - 1n],
  ...[2n ** 192n - 1n, 2n ** 255n - 1n, 2n ** 255n],
  ...[LAMBDA, LAMBDA - 1n, LAMBDA + 1n, N - LAMBDA, (LAMBDA * 2n) % N],
  ...[(LAMBDA * LAMBDA) % N, N - ((LAMBDA * LAMBDA) % N), (LAMBDA * 2n ** 127n) % N],
  (2n ** 128n * (LAMBDA + 1n)) % N,
  ...["5", "a", "00000000ffffffff", "ffffffff00000000"].map(repeated),
];

/** Not keys: 0 and numbers from n up. */
export const BAD_SCALARS: readonly bigint[] = [
  ...[0n, N, N + 1n, N + 2n ** 128n, 2n ** 256n - 2n ** 32n - 977n, 2n ** 256n - 2n ** 32n],
  2n ** 256n - 1n,
];

export function be32(value: bigint): Uint8Array {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(64, "0"), "hex"));
}
