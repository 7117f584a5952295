/** The scheduler's unit: cycles of the 64 MHz processor. */
export const HZ = 64_000_000;
export const US = HZ / 1_000_000;
export const MS = HZ / 1000;
