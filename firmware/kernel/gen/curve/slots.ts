/**
 * The frame that the elliptic-curve routines share: offsets of its slots.
 *
 * A = the accumulator (Jacobian X, Y, Z), B = the second operand (affine x, y, and a place for
 * another x), T = temporaries; V = scalars in the recoded form, then what the main loop remembers.
 * B and T together are also the eight slots of the power routine.
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

/** The comb reads 260 bits of VG: its ninth word. */
export const VG_TOP = 448;

/** The main loop's: bit, what it multiplies, and what a fetch needs. */
export const COUNTER = 452;
export const USES_TABLE = 456;
export const HALF = 460;
export const SIGN = 464;
/** 1: A is infinity (and its Z is 1, its X and Y anything). */
export const INFINITE = 468;
/** All ones: the point that comes out is the wanted one's negative. */
export const FLIP = 472;
/** Address of the Z1 that an addition works with. */
export const Z1 = 476;
export const BASE_FRAME = 480;

/** USES_TABLE: 0 = key * G alone, or key * P by masked windows, or public u2 * P by wNAF. */
export const SECRET = 1;
export const PUBLIC = 2;

/**
 * Table of 8 odd multiples: all x first, then all y, then all beta x. They are affine on a curve
 * of their own: see tables.ts. SCALE is what its Z must be multiplied by for the real curve.
 */
export const TABLE = BASE_FRAME;
export const SCALE = TABLE + 8 * 3 * SLOT;
export const TABLE_FRAME = SCALE + SLOT;

/** Verify's wNAF digits, one signed byte a bit: of V1, then of V2. */
export const NAF = TABLE_FRAME;
export const NAF_BYTES = 136;
export const PUBLIC_FRAME = NAF + 2 * NAF_BYTES;
