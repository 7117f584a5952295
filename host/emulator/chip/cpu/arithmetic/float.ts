/**
 * FPv4-SP's arithmetic (DDI 0403E, A2.5 and A7.7): registers s0..s31 by their bits, NaNs and
 * flags as the manual's pseudo-code has them.
 */

import type { FloatOp } from "../../../arm/decode/extended.js";
import { AHP, DN, DZC, FZ, IDC, IOC, IXC, MODE, Rounding } from "./rounding.js";
import { SMALLEST_NORMAL, sum, toBits, toFloat } from "./rounding.js";

const SIGN = 0x80000000 | 0;
const QUIET = 0x00400000;
const DEFAULT_NAN = 0x7fc00000;
const INFINITY = 0x7f800000;

const isNan = (bits: number): boolean => (bits & 0x7fffffff) > INFINITY;
const isSignalling = (bits: number): boolean => isNan(bits) && !(bits & QUIET);

export class Float extends Rounding {
  /** s0..s31. */
  readonly bits = new Int32Array(32);

  /** FPProcessNaNs: what NaN operands make, or undefined without any. */
  #nans(...operands: number[]): number | undefined {
    const signalling = operands.find(isSignalling);
    const nan = signalling ?? operands.find(isNan);
    if (nan === undefined) return undefined;
    if (signalling !== undefined) this.fpscr |= IOC;
    return this.fpscr & DN ? DEFAULT_NAN : nan | QUIET;
  }

  #invalid(): number {
    this.fpscr |= IOC;
    return DEFAULT_NAN;
  }

  /** FPUnpack's flush of a denormal operand. */
  #in(bits: number): number {
    if (this.fpscr & FZ && !(bits & INFINITY) && bits & 0x7fffff) {
      this.fpscr |= IDC;
      return bits & SIGN;
    }
    return bits;
  }

  /** True if `result` needs no look at flags: ordinary, and inexactness is flagged already. */
  #plain(result: number): boolean {
    const size = Math.abs(result);
    return (this.fpscr & (IXC | FZ | MODE)) === IXC && size > SMALLEST_NORMAL && size < Infinity;
  }

  add(n: number, m: number): number {
    const quick = toFloat(n) + toFloat(m);
    if (this.#plain(Math.fround(quick))) return toBits(quick);
    [n, m] = [this.#in(n), this.#in(m)];
    const nan = this.#nans(n, m);
    if (nan !== undefined) return nan;
    const [a, b] = [toFloat(n), toFloat(m)];
    const exact = sum(a, b);
    if (Number.isNaN(exact)) return this.#invalid();
    if (exact === 0) return this.#zero(n, m);
    return toBits(this.round(exact));
  }

  /** The sign of an exact zero sum: the operands' own, or by mode. */
  #zero(n: number, m: number): number {
    if (!((n | m) & 0x7fffffff) && n === m) return n;
    return (this.fpscr & MODE) >>> 22 === 2 ? SIGN : 0;
  }

  mul(n: number, m: number): number {
    const quick = toFloat(n) * toFloat(m);
    if (this.#plain(Math.fround(quick))) return toBits(quick);
    [n, m] = [this.#in(n), this.#in(m)];
    const nan = this.#nans(n, m);
    if (nan !== undefined) return nan;
    const product = toFloat(n) * toFloat(m);
    return Number.isNaN(product) ? this.#invalid() : toBits(this.round(product));
  }

  div(n: number, m: number): number {
    [n, m] = [this.#in(n), this.#in(m)];
    const nan = this.#nans(n, m);
    if (nan !== undefined) return nan;
    const [a, b] = [toFloat(n), toFloat(m)];
    const quotient = a / b;
    if (Number.isNaN(quotient)) return this.#invalid();
    if (b === 0 && Number.isFinite(a)) this.fpscr |= DZC;
    if (b === 0 || !Number.isFinite(a) || !Number.isFinite(b) || a === 0) return toBits(quotient);
    const nearest = Math.fround(quotient);
    if (!Number.isFinite(nearest)) return toBits(this.round(quotient));
    const rest = a - nearest * b;
    if (rest === 0) return toBits(this.round(nearest));
    return toBits(this.correct(nearest, rest > 0 === b > 0 ? 1 : -1));
  }

  sqrt(n: number): number {
    n = this.#in(n);
    const nan = this.#nans(n);
    if (nan !== undefined) return nan;
    const a = toFloat(n);
    if (a < 0) return this.#invalid();
    const nearest = Math.fround(Math.sqrt(a));
    if (a === 0 || a === Infinity) return n;
    return toBits(this.correct(nearest, Math.sign(a - nearest * nearest)));
  }

  /** d + n * m, rounded once. */
  fma(d: number, n: number, m: number): number {
    [d, n, m] = [this.#in(d), this.#in(n), this.#in(m)];
    const product = toFloat(n) * toFloat(m);
    const bad = Number.isNaN(product) && !isNan(n) && !isNan(m);
    const nan = this.#nans(d, n, m);
    if (nan !== undefined) return bad && !isSignalling(d) ? this.#invalid() : nan;
    const exact = sum(toFloat(d), product);
    if (Number.isNaN(exact)) return this.#invalid();
    if (exact === 0) {
      const sign = (n ^ m) & SIGN;
      return product === 0 ? this.#zero(d, sign) : this.#zero(0, SIGN);
    }
    return toBits(this.round(exact));
  }

  /** An instruction by its name, on the registers. */
  operate(fn: FloatOp, d: number, n: number, m: number): void {
    const S = this.bits;
    const [D, N, M] = [S[d] as number, S[n] as number, S[m] as number];
    S[d] = this.#compute(fn, D, N, M);
  }

  #compute(fn: FloatOp, d: number, n: number, m: number): number {
    switch (fn) {
      case "add":
        return this.add(n, m);
      case "sub":
        return this.#subtract(n, m);
      case "mul":
        return this.mul(n, m);
      case "nmul":
        return this.mul(n, m) ^ SIGN;
      case "div":
        return this.div(n, m);
      case "sqrt":
        return this.sqrt(m);
      case "mla":
        return this.add(d, this.mul(n, m));
      case "mls":
        return this.add(d, this.mul(n, m) ^ SIGN);
      case "nmla":
        return this.add(d ^ SIGN, this.mul(n, m) ^ SIGN);
      case "nmls":
        return this.add(d ^ SIGN, this.mul(n, m));
      case "fma":
        return this.fma(d, n, m);
      case "fms":
        return this.fma(d, n ^ SIGN, m);
      case "fnma":
        return this.fma(d ^ SIGN, n ^ SIGN, m);
      case "fnms":
        return this.fma(d ^ SIGN, n, m);
    }
  }

  /** FPSub: as the sum with -m, but a NaN keeps its sign. */
  #subtract(n: number, m: number): number {
    return isNan(m) ? this.add(n, m) : this.add(n, m ^ SIGN);
  }

  /** m < 0: with zero. */
  compare(d: number, m: number, quiet: boolean): void {
    const n = this.#in(this.bits[d] as number);
    const o = m < 0 ? 0 : this.#in(this.bits[m] as number);
    const [a, b] = [toFloat(n), toFloat(o)];
    let flags = a === b ? 6 : a < b ? 8 : 2;
    if (isNan(n) || isNan(o)) {
      flags = 3;
      if (!quiet || isSignalling(n) || isSignalling(o)) this.fpscr |= IOC;
    }
    this.fpscr = (this.fpscr & 0x0fffffff) | (flags << 28);
  }

  toInteger(d: number, m: number, signed: boolean, toZero: boolean): void {
    this.bits[d] = this.#integer(this.bits[m] as number, signed, 32, 0, toZero);
  }

  #integer(bits: number, signed: boolean, width: number, fraction: number, toZero: boolean) {
    const n = this.#in(bits);
    if (isNan(n)) {
      this.fpscr |= IOC;
      return 0;
    }
    const exact = toFloat(n) * 2 ** fraction;
    const min = signed ? -(2 ** (width - 1)) : 0;
    const max = signed ? 2 ** (width - 1) - 1 : 2 ** width - 1;
    return this.saturated(exact, this.whole(exact, toZero), min, max) | 0;
  }

  fromInteger(d: number, m: number, signed: boolean): void {
    const value = this.bits[m] as number;
    this.bits[d] = toBits(this.round(signed ? value : value >>> 0));
  }

  toFixed(d: number, signed: boolean, width: number, fraction: number): void {
    this.bits[d] = this.#integer(this.bits[d] as number, signed, width, fraction, true);
  }

  fromFixed(d: number, signed: boolean, width: number, fraction: number): void {
    const value = (this.bits[d] as number) << (32 - width);
    const integer = signed ? value >> (32 - width) : value >>> (32 - width);
    const mode = this.fpscr & MODE;
    this.fpscr &= ~MODE;
    this.bits[d] = toBits(this.round(integer * 2 ** -fraction));
    this.fpscr |= mode;
  }

  /** Half precision to single: half of s[m], upper or lower. */
  fromHalf(d: number, m: number, top: boolean): void {
    const half = ((this.bits[m] as number) >>> (top ? 16 : 0)) & 0xffff;
    const sign = (half & 0x8000) << 16;
    const exponent = (half >>> 10) & 31;
    const fraction = half & 0x3ff;
    if (exponent === 31 && !(this.fpscr & AHP)) {
      const nan = sign | INFINITY | (fraction << 13);
      this.bits[d] = fraction ? (this.#nans(nan) as number) : sign | INFINITY;
      return;
    }
    const size = exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24;
    this.bits[d] = toBits(size) | sign;
  }

  toHalf(d: number, m: number, top: boolean): void {
    const half = this.#half(this.#in(this.bits[m] as number));
    const old = this.bits[d] as number;
    this.bits[d] = top ? (half << 16) | (old & 0xffff) : (old & ~0xffff) | half;
  }

  #half(bits: number): number {
    const sign = (bits >>> 16) & 0x8000;
    const alternative = (this.fpscr & AHP) !== 0;
    if (isNan(bits)) {
      const nan = this.#nans(bits) as number;
      if (alternative) this.fpscr |= IOC;
      const kept = this.fpscr & DN ? 0 : sign;
      return alternative ? sign : kept | 0x7c00 | ((nan >>> 13) & 0x3ff);
    }
    const size = Math.abs(toFloat(bits));
    if (size === Infinity) {
      if (alternative) this.fpscr |= IOC;
      return sign | (alternative ? 0x7fff : 0x7c00);
    }
    return this.#roundHalf(sign, size, alternative);
  }

  /** Rounds a magnitude to 11 bits: a small FPRound. */
  #roundHalf(sign: number, size: number, alternative: boolean): number {
    const exponent = size === 0 ? -14 : Math.max(-14, Math.floor(Math.log2(size)));
    const scaled = size * 2 ** (10 - exponent);
    const units = Math.abs(this.whole(sign ? -scaled : scaled, false));
    const encoded = units + (exponent + 14) * 1024;
    const exact = units === scaled;
    if (encoded >= (alternative ? 0x8000 : 0x7c00)) return this.#halfOverflow(sign, alternative);
    if (!exact) this.fpscr |= IXC | (size < 2 ** -14 ? 8 : 0);
    return sign | encoded;
  }

  #halfOverflow(sign: number, alternative: boolean): number {
    if (alternative) {
      this.fpscr |= IOC;
      return sign | 0x7fff;
    }
    this.fpscr |= 4 | IXC;
    const mode = (this.fpscr & MODE) >>> 22;
    const toInfinity = mode === 0 || (mode === 1 && !sign) || (mode === 2 && sign !== 0);
    return sign | (toInfinity ? 0x7c00 : 0x7bff);
  }
}
