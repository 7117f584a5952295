/**
 * The chips under the boards: memory, and what their flash allows between two erases.
 *
 * Sources: nRF52832 Product Specification 1.4 (NVMC: nWRITE 181 per 512-byte block), nRF52840
 * Product Specification 1.1 (nWRITE 2 per word). The limits are what host/emulator/flash/nor.ts enforces.
 */

/** Whose rules a flash keeps. */
export type FlashRules = "nRF52832" | "nRF52840";

export interface Chip {
  readonly part: string;
  readonly family: string;
  readonly ram: number;
  readonly flash: number;
  /** MHz */
  readonly speed: number;
  readonly page: number;
  /** Writes of words between erases; undefined: the interpreter's file has no limit. */
  readonly writes: { readonly perBlock?: number; readonly perWord: number } | undefined;
  /** Which rules of the flash emulation hold. */
  readonly nor: FlashRules;
  /** The kernel is Thumb-2 code that runs in place: only where flash is mapped on such a core. */
  readonly runsKernel: boolean;
}

const KB = 1024;
const NRF52 = {
  family: "NRF52",
  speed: 64,
  page: 4096,
  runsKernel: true,
} as const;

export const NRF52832: Chip = {
  ...NRF52,
  part: "NRF52832",
  ram: 64 * KB,
  flash: 512 * KB,
  writes: { perBlock: 181, perWord: 2 },
  nor: "nRF52832",
};

export const NRF52840: Chip = {
  ...NRF52,
  part: "NRF52840",
  ram: 256 * KB,
  flash: 1024 * KB,
  writes: { perWord: 2 },
  nor: "nRF52840",
};

/** Espruino's Linux build, which keeps its flash in a file of 1 KB pages. For tests. */
export const LINUX: Chip = {
  part: "LINUX",
  family: "LINUX",
  ram: 0,
  flash: 256 * KB,
  speed: -1,
  page: 1024,
  writes: undefined,
  nor: "nRF52840",
  runsKernel: false,
};
