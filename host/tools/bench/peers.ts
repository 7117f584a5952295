/**
 * What other libraries take, under the cycle model of host/emulator/arm/cycles.ts at 64 MHz:
 * measured elsewhere, once. libsecp256k1 commit 687155d with its own ARM assembler for the field
 * made into Thumb-2, -O2 with comb 11x6 and window 6 (the fastest of its builds) and -Os with comb
 * 2x5 and window 4 (the smallest of the fast ones); Emil Lenngren's P-256 without the FPU (another
 * curve; signing is given its nonce); micro-ecc -O3 with its ARM assembler and squaring (no RFC 6979).
 */

export const PEERS = ["libsecp fast", "libsecp small", "Lenngren P-256", "micro-ecc"] as const;

/** As PEERS: milliseconds, or bytes. */
export const OTHERS = {
  pubkey: [9.4, 10.8, 4.94, 48],
  sign: [11.0, 12.6, 5.66, 60],
  verify: [17.2, 19.8, 15.1, 60],
  ecdh: [18.2, 18.9, 14.0, 49],
  size: [67980, 33680, 8844, 16152],
  stack: [4908, 4676, 1968, 1024],
  traces: ["vary", "vary", 1, "vary"],
  addressTraces: ["vary", "vary", "vary", "vary"],
} as const;
