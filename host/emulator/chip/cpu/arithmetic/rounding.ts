/**
 * Rounds exact results to single precision as FPSCR says (DDI 0403E, A2.5 and its FPRound), with
 * the cumulative flags. An exact result comes as a double that is exact, or odd in its last bit
 * where it is not ("round to odd"): the second rounding then comes out as a single one would.
 */

/** FPSCR's bits. */
export const IOC = 1;
export const DZC = 2;
export const OFC = 4;
export const UFC = 8;
export const IXC = 16;
export const IDC = 128;
export const FZ = 1 << 24;
export const DN = 1 << 25;
export const AHP = 1 << 26;
export const MODE = 3 << 22;
const MODE_SHIFT = 22;

export const SMALLEST_NORMAL = 2 ** -126;
const TOO_BIG = 2 ** 128;

const f32 = new Float32Array(1);
const i32 = new Int32Array(f32.buffer);
const f64 = new Float64Array(1);
const words = new Int32Array(f64.buffer);

export function toFloat(bits: number): number {
  i32[0] = bits;
  return f32[0] as number;
}

export function toBits(value: number): number {
  f32[0] = value;
  return i32[0] as number;
}

/** The neighbouring single, up (+1) or down (-1). */
function neighbour(value: number, direction: 1 | -1): number {
  if (value === 0) return direction * 2 ** -149;
  const bits = toBits(value);
  return toFloat(bits + (value > 0 === direction > 0 ? 1 : -1));
}

/** The neighbouring double toward zero or away from it whose last bit is 1. */
function odd(sum: number, away: boolean): number {
  f64[0] = sum;
  const low = words[0] as number;
  if (low & 1) return sum;
  if (away) {
    words[0] = low | 1;
  } else {
    if (low === 0) words[1] = (words[1] as number) - 1;
    words[0] = low - 1;
  }
  return f64[0] as number;
}

/** a + b, exact or odd. */
export function sum(a: number, b: number): number {
  const s = a + b;
  const back = s - a;
  const error = a - (s - back) + (b - back);
  if (error === 0 || !Number.isFinite(s)) return s;
  return odd(s, error > 0 === s > 0);
}

export class Rounding {
  /** FPSCR with its flags and modes; bits 31 to 28 are the comparison's. */
  fpscr = 0;

  /** A quotient or root whose single result is within half a unit: `sign` of exact - nearest. */
  correct(nearest: number, sign: number): number {
    return sign === 0 ? nearest : this.#settle(nearest, sign, Math.abs(nearest));
  }

  /** The single nearest by mode. */
  round(exact: number): number {
    const nearest = Math.fround(exact);
    if (nearest === exact) {
      const tiny = Math.abs(exact) < SMALLEST_NORMAL && exact !== 0;
      return tiny && this.fpscr & FZ ? this.#flush(exact) : nearest;
    }
    return this.#settle(nearest, exact > nearest ? 1 : -1, Math.abs(exact));
  }

  #flush(exact: number): number {
    this.fpscr |= UFC;
    return exact < 0 ? -0 : 0;
  }

  /** `sign`: where the exact value lies from the nearest single; `size`: its magnitude. */
  #settle(nearest: number, sign: number, size: number): number {
    const negative = nearest < 0 || Object.is(nearest, -0);
    const tiny = size < SMALLEST_NORMAL || (size === SMALLEST_NORMAL && sign > 0 === negative);
    if (tiny && this.fpscr & FZ) return this.#flush(negative ? -1 : 1);
    const mode = (this.fpscr & MODE) >>> MODE_SHIFT;
    let result = nearest;
    if (mode === 1 && sign > 0) result = neighbour(nearest, 1);
    if (mode === 2 && sign < 0) result = neighbour(nearest, -1);
    if (mode === 3 && sign < 0 && !negative) result = neighbour(nearest, -1);
    if (mode === 3 && sign > 0 && negative) result = neighbour(nearest, 1);
    if (result === 0 && negative) result = -0;
    this.fpscr |= IXC | (tiny ? UFC : 0);
    if (Math.abs(result) === Infinity || size >= TOO_BIG) this.fpscr |= OFC;
    return result;
  }

  /** An exact real to an integer, by mode or toward zero. */
  whole(value: number, toZero: boolean): number {
    const mode = toZero ? 3 : (this.fpscr & MODE) >>> MODE_SHIFT;
    if (mode === 1) return Math.ceil(value);
    if (mode === 2) return Math.floor(value);
    if (mode === 3) return Math.trunc(value);
    const down = Math.floor(value);
    const rest = value - down;
    if (rest !== 0.5) return rest < 0.5 ? down : down + 1;
    return down % 2 === 0 ? down : down + 1;
  }

  /** An integer in range, or the nearest that is, with the invalid flag; flags inexactness. */
  saturated(exact: number, rounded: number, min: number, max: number): number {
    if (rounded < min || rounded > max) {
      this.fpscr |= IOC;
      return rounded < min ? min : max;
    }
    if (rounded !== exact) this.fpscr |= IXC;
    return rounded;
  }
}
