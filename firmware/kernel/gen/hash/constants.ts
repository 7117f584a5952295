/**
 * SHA-2's constants, computed: fractional parts of square and cube roots of the first primes
 * (FIPS 180-4, 4.2 and 5.3). SHA-256's are the high words of SHA-512's, so one table serves both.
 */

import type { Code } from "../frame.js";

const ROUNDS = 80;

function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let n = 2n; found.length < count; n++) if (found.every((p) => n % p !== 0n)) found.push(n);
  return found;
}

/** floor(n ^ (1 / degree)) by bisection. */
function root(n: bigint, degree: bigint): bigint {
  let [low, high] = [0n, 1n << 128n];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= n) low = middle;
    else high = middle;
  }
  return low;
}

/** 64 bits of the fraction of a root, as words low, high. */
function fraction(prime: bigint, degree: bigint): number[] {
  const bits = root(prime << (64n * degree), degree) & 0xffffffffffffffffn;
  return [Number(bits & 0xffffffffn), Number(bits >> 32n)];
}

export function hashConstants(a: Code): void {
  a.align(4);
  a.label("h_k", "round constants: low and high word");
  a.words(primes(ROUNDS).flatMap((prime) => fraction(prime, 3n)));
  a.label("h_iv", "initial hash values: low and high word");
  a.words(primes(8).flatMap((prime) => fraction(prime, 2n)));
}
