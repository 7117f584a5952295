/**
 * How long an nRF52832's flash takes, at most: Product Specification 1.4, NVMC, electrical
 * specification, tERASEPAGE and tWRITE. The processor stands still meanwhile.
 */
export const ERASE_MS = 85;
/** Microseconds a word. */
export const WORD_US = 67.5;
