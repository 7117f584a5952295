/**
 * Virtual boards for tests: in memory, from the build, reproducible for a seed.
 */

import { existsSync, readFileSync } from "node:fs";
import { VirtualBoard, type BoardOptions } from "../../host/emulator/board/virtual.js";
import { BUNDLE_PATH, KERNEL_PATH, bundleFromSource } from "../../host/emulator/espruino/bundle.js";
import { writeImage } from "../../host/emulator/board/fresh.js";
import { NorFlash, type NorOptions } from "../../host/emulator/flash/nor.js";
import { seededRandom } from "../../host/emulator/entropy.js";
import { SameAgain, rememberingKernel } from "./quick.js";

export interface TestBoard extends Omit<Partial<BoardOptions>, "bundle" | "flash"> {
  /** Of the entropy; another seed is another card. */
  readonly seed?: number | string;
  /** Source text of a bundle; the build's unless given. */
  readonly source?: string;
  /** Path of another build's bundle (another maker's, say). */
  readonly bundle?: string;
  readonly flash?: NorFlash;
  readonly nor?: NorOptions;
  /**
   * Entries are answered by the oracle (quick.ts), not by the build's kernel (default for `source`).
   */
  readonly standIn?: boolean;
  /**
   * For suites that bring a card back to a state again and again: the oracle, which remembers what
   * it computed, and from each power-up on the same random numbers.
   */
  readonly quick?: boolean;
  /** Leave the flash as it is: no image (default: a fresh image on a new flash). */
  readonly bare?: boolean;
}

/** The kernel that the build made, if it made one; KINCARD_KERNEL=standin takes the oracle. */
export function builtKernel(): Uint8Array | undefined {
  if (process.env.KINCARD_KERNEL === "standin") return undefined;
  return existsSync(KERNEL_PATH) ? new Uint8Array(readFileSync(KERNEL_PATH)) : undefined;
}

/** Says why the build's bundle can't be used, or nothing. */
export function missingBundle(): string | undefined {
  return existsSync(BUNDLE_PATH) ? undefined : "no dist/firmware.js: run `npm run build`";
}

/** A board, powered off, with a fresh image in its flash. */
export function makeBoard(options: TestBoard = {}): VirtualBoard {
  const { seed = 1, source, bundle, flash, nor, bare, quick = false, ...rest } = options;
  const standIn = options.standIn ?? (quick || source !== undefined);
  const random = quick ? new SameAgain(seed) : seededRandom(seed);
  const cells = flash ?? new NorFlash(nor);
  if (!flash && !bare) writeImage(cells, standIn ? undefined : builtKernel());
  // KINCARD_BUNDLE: another bundle for every board (test/mutants plants bugs that way).
  const path = bundle ?? process.env.KINCARD_BUNDLE;
  const code = source === undefined ? path : bundleFromSource(source);
  const board = new VirtualBoard({
    random,
    keepRam: !quick,
    ...(standIn ? { kernel: rememberingKernel } : {}),
    ...rest,
    ...(code === undefined ? {} : { bundle: code }),
    flash: cells,
  });
  if (random instanceof SameAgain) board.onPower((on) => on && random.restart());
  return board;
}
