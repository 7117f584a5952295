/**
 * The frame that the elliptic-curve routines share: offsets of its slots.
 *
 * A = the accumulator (projective X:Y:Z), B = the second operand, T = temporaries; V = scalars in
 * the recoded form, then what the main loop remembers. B and T together are also the eight slots
 * of the power routine.
 */

export const SLOT = 32;

export const A = [0, 32, 64] as const;
export const B = [96, 128, 160] as const;
export const T = [192, 224, 256, 288, 320] as const;

/** The power routine's slots: result (and base on entry), base, six more. */
export const POWER = B[0];
export const POWER_BASE = B[1];

/** Recoded scalars: the two GLV halves (or k on the way there), and the one for G. */
export const V1 = 352;
export const V2 = 384;
export const VG = 416;

/** The comb reads up to 260 bits of VG: a word of 0 behind it. */
export const VG_TOP = 448;

/** The main loop's: bit, first bit, what it multiplies, and what a fetch needs. */
export const COUNTER = 452;
export const START = 456;
export const USES_TABLE = 460;
export const USES_COMB = 464;
export const HALF = 468;
export const SIGN = 472;
export const BASE_FRAME = 476;

/** USES_TABLE: key * P by masked windows, or public u2 * P by wNAF. */
export const SECRET = 1;
export const PUBLIC = 2;

/** Table of 8 odd multiples (X, Y, Z): all X first, then all Y, then all Z. */
export const TABLE = BASE_FRAME;
export const TABLE_FRAME = TABLE + 8 * 3 * SLOT;

/** Verify's wNAF digits, one signed byte a bit: of V1, then of V2. */
export const NAF = TABLE_FRAME;
export const NAF_BYTES = 136;
export const PUBLIC_FRAME = NAF + 2 * NAF_BYTES;
