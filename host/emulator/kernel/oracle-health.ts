/**
 * The health tests of the kernel's `health` entry, for its oracle: NIST SP 800-90B 4.4.1
 * (repetition count) and 4.4.2 (adaptive proportion) over 8-bit samples, H = 4 bits a sample,
 * alpha = 2^-20: cutoffs 1 + 20/4 = 6, and 62 of a window of 512 (the entry's figures).
 *
 * The proportion test fails at the sample that reaches the cutoff, not at the window's end: no
 * later sample could take that back.
 */

export const REPETITION_CUTOFF = 6;
export const PROPORTION_CUTOFF = 62;
export const PROPORTION_WINDOW = 512;

/** Updates `state` (16 bytes, see firmware/kernel/abi.ts); false if a test failed on a sample. */
export function healthTest(state: Uint8Array, samples: Uint8Array): boolean {
  const view = new DataView(state.buffer, state.byteOffset, 16);
  let last = view.getUint32(0, true) - 1;
  let run = view.getUint32(4, true);
  let first = view.getUint16(8, true);
  let seen = view.getUint16(10, true);
  let count = view.getUint32(12, true);
  let ok = true;
  for (const sample of samples) {
    run = sample === last ? run + 1 : 1;
    last = sample;
    if (run >= REPETITION_CUTOFF) ok = false;
    if (seen === 0) {
      first = sample;
      count = 0;
    }
    seen++;
    if (sample === first) count++;
    if (count >= PROPORTION_CUTOFF) ok = false;
    if (seen === PROPORTION_WINDOW) first = seen = count = 0;
  }
  view.setUint32(0, last + 1, true);
  view.setUint32(4, run, true);
  view.setUint16(8, first, true);
  view.setUint16(10, seen, true);
  view.setUint32(12, count, true);
  return ok;
}
