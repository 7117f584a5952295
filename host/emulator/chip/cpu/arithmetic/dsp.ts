/**
 * The DSP extension by mnemonic (DDI 0403E, A7.7): parallel, saturating and half-word arithmetic.
 * Every function takes rn, rm, ra (or hi:lo) as int32 and gives int32; Q and GE go to the state.
 */

import { GE, Q } from "../state.js";

type Three = (n: number, m: number, a: number) => number;
/** Adds to hi:lo, which W[0] (lo) and W[1] (hi) hold before and after. */
type Long = (n: number, m: number, W: Int32Array) => void;

const low = (x: number): number => (x << 16) >> 16;
const high = (x: number): number => x >> 16;
const swap = (x: number): number => (x << 16) | (x >>> 16);
const join = (h: number, l: number): number => (h << 16) | (l & 0xffff);

export interface Dsp {
  readonly three: Readonly<Record<string, Three>>;
  readonly long: Readonly<Record<string, Long>>;
  /** SSAT (to 1..32 bits) and USAT (0..31); halves: each half-word on its own. */
  saturate(value: number, to: number, signed: boolean): number;
  saturate16(value: number, to: number, signed: boolean): number;
}

function clamp(value: number, min: number, max: number): number {
  return value < min ? min : value > max ? max : value;
}

const limits = (to: number, signed: boolean): [number, number] =>
  signed ? [-(2 ** (to - 1)), 2 ** (to - 1) - 1] : [0, 2 ** to - 1];

/** Lanes of `width` bits of a word, signed or not, lowest first. */
function lanes(x: number, width: number, signed: boolean): number[] {
  return Array.from({ length: 32 / width }, (_, i) => {
    const up = x << (32 - width * (i + 1));
    return signed ? up >> (32 - width) : up >>> (32 - width);
  });
}

function pack(values: readonly number[], width: number): number {
  const mask = 2 ** width - 1;
  return values.reduce((word, value, i) => word | ((value & mask) << (width * i)), 0);
}

/** The exact result of each lane of the six parallel operations. */
const OPERATIONS: Readonly<
  Record<string, { width: number; exact: (n: number[], m: number[]) => number[] }>
> = {
  add8: { width: 8, exact: (n, m) => n.map((x, i) => x + (m[i] as number)) },
  sub8: { width: 8, exact: (n, m) => n.map((x, i) => x - (m[i] as number)) },
  add16: { width: 16, exact: (n, m) => n.map((x, i) => x + (m[i] as number)) },
  sub16: { width: 16, exact: (n, m) => n.map((x, i) => x - (m[i] as number)) },
  asx: {
    width: 16,
    exact: ([n0 = 0, n1 = 0], [m0 = 0, m1 = 0]) => [n0 - m1, n1 + m0],
  },
  sax: {
    width: 16,
    exact: ([n0 = 0, n1 = 0], [m0 = 0, m1 = 0]) => [n0 + m1, n1 - m0],
  },
};

/** Which lanes subtract: their unsigned GE says "no borrow" and not "carry". */
const SUBTRACTS: Readonly<Record<string, readonly boolean[]>> = {
  sub8: [true, true, true, true],
  sub16: [true, true],
  asx: [true, false],
  sax: [false, true],
};

function parallel(R: Int32Array): Record<string, Three> {
  const out: Record<string, Three> = {};
  for (const [name, { width, exact }] of Object.entries(OPERATIONS)) {
    const compute = (n: number, m: number, signed: boolean): number[] =>
      exact(lanes(n, width, signed), lanes(m, width, signed));
    const setGe = (ge: readonly boolean[]): void => {
      const each = width === 8 ? 1 : 3;
      R[GE] = ge.reduce((bits, set, i) => bits | (set ? each << (i * (width / 8)) : 0), 0);
    };
    out[`s${name}`] = (n, m) => {
      const values = compute(n, m, true);
      setGe(values.map((x) => x >= 0));
      return pack(values, width);
    };
    out[`u${name}`] = (n, m) => {
      const values = compute(n, m, false);
      const subtracts = SUBTRACTS[name];
      setGe(values.map((x, i) => (subtracts?.[i] ? x >= 0 : x >= 2 ** width)));
      return pack(values, width);
    };
    for (const signed of [true, false]) {
      const u = signed ? "" : "u";
      const [min, max] = limits(width, signed);
      out[`${u}q${name}`] = (n, m) =>
        pack(
          compute(n, m, signed).map((x) => clamp(x, min, max)),
          width,
        );
      out[`${u || "s"}h${name}`] = (n, m) =>
        pack(
          compute(n, m, signed).map((x) => x >> 1),
          width,
        );
    }
  }
  return out;
}

function saturating(R: Int32Array): Record<string, Three> {
  const sat = (x: number): number => {
    const to = clamp(x, -0x80000000, 0x7fffffff);
    if (to !== x) R[Q] = 1;
    return to;
  };
  return {
    qadd: (n, m) => sat(m + n),
    qsub: (n, m) => sat(m - n),
    qdadd: (n, m) => sat(m + sat(2 * n)),
    qdsub: (n, m) => sat(m - sat(2 * n)),
    sel: (n, m) => {
      const ge = R[GE] as number;
      const mask =
        (ge & 1 ? 0xff : 0) |
        (ge & 2 ? 0xff00 : 0) |
        (ge & 4 ? 0xff0000 : 0) |
        (ge & 8 ? -1 << 24 : 0);
      return (n & mask) | (m & ~mask);
    },
    usada8: (n, m, a) => {
      const other = lanes(m, 8, false);
      return (
        lanes(n, 8, false).reduce((sum, x, i) => sum + Math.abs(x - (other[i] as number)), a) | 0
      );
    },
  };
}

/** The upper 32 bits of a 64-bit product of int32s and of that plus or minus a word on top. */
function topWord(value: bigint): number {
  return Number(BigInt.asIntN(32, value >> 32n));
}

function multiplying(R: Int32Array): Record<string, Three> {
  const overflow = (exact: number): number => {
    if ((exact | 0) !== exact) R[Q] = 1;
    return exact | 0;
  };
  const out: Record<string, Three> = {};
  const half = { b: low, t: high };
  for (const [i, first] of Object.entries(half)) {
    for (const [j, second] of Object.entries(half)) {
      out[`smla${i}${j}`] = (n, m, a) => overflow(first(n) * second(m) + a);
    }
    out[`smlaw${i}`] = (n, m, a) => overflow(Math.floor((n * first(m)) / 65536) + a);
  }
  for (const [x, order] of [["", (m: number) => m] as const, ["x", swap] as const]) {
    out[`smlad${x}`] = (n, m, a) => overflow(low(n) * low(order(m)) + high(n) * high(order(m)) + a);
    out[`smlsd${x}`] = (n, m, a) => overflow(low(n) * low(order(m)) - high(n) * high(order(m)) + a);
  }
  for (const [r, round] of [["", 0n] as const, ["r", 0x80000000n] as const]) {
    out[`smmla${r}`] = (n, m, a) => topWord((BigInt(a) << 32n) + BigInt(n) * BigInt(m) + round);
    out[`smmls${r}`] = (n, m, a) => topWord((BigInt(a) << 32n) - BigInt(n) * BigInt(m) + round);
  }
  return out;
}

function longs(): Record<string, Long> {
  const add = (W: Int32Array, value: number): void => {
    const before = (BigInt(W[1] as number) << 32n) | BigInt((W[0] as number) >>> 0);
    const sum = before + BigInt(value);
    W[0] = Number(BigInt.asIntN(32, sum));
    W[1] = topWord(sum);
  };
  const out: Record<string, Long> = {};
  const half = { b: low, t: high };
  for (const [i, first] of Object.entries(half)) {
    for (const [j, second] of Object.entries(half)) {
      out[`smlal${i}${j}`] = (n, m, W) => add(W, first(n) * second(m));
    }
  }
  for (const [x, order] of [["", (m: number) => m] as const, ["x", swap] as const]) {
    out[`smlald${x}`] = (n, m, W) => add(W, low(n) * low(order(m)) + high(n) * high(order(m)));
    out[`smlsld${x}`] = (n, m, W) => add(W, low(n) * low(order(m)) - high(n) * high(order(m)));
  }
  return out;
}

export function dsp(R: Int32Array): Dsp {
  const saturate = (value: number, to: number, signed: boolean): number => {
    const [min, max] = limits(to, signed);
    const result = clamp(value, min, max);
    if (result !== value) R[Q] = 1;
    return result | 0;
  };
  return {
    three: { ...parallel(R), ...saturating(R), ...multiplying(R) },
    long: longs(),
    saturate,
    saturate16: (value, to, signed) =>
      join(saturate(high(value), to, signed), saturate(low(value), to, signed)),
  };
}
