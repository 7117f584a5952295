/**
 * What lies in an interpreter's `espruino.flash`: the card's image as on a board (the
 * first page's file, vault, kernel and boot code), and between vault and kernel one file more, the
 * bridge, over which the interpreter and the host talk while a call is under way. Nothing before it
 * goes, so it never moves.
 *
 * The bridge's memory, from its first byte: what the interpreter writes (like flash: bits only
 * fall, so the host sets it back to FF), then what only the host writes.
 */

import { writeFileSync } from "node:fs";
import { KERNEL_FILE, VAULT_FILE, writeVault } from "../fresh.js";
import { NorFlash } from "../../flash/nor.js";
import { StorageLog, dataAddress } from "../../espruino/storage/storage-log.js";
import type { Interpreter } from "./command.js";

export const BRIDGE_FILE = "kcbridge";
/** The largest arena that fits. */
export const ARENA_MOST = 8192;
export const POOL_WORDS = 64;

/** Offsets in the bridge. */
export const Bridge = {
  /** Eight words: seq, entry, four arguments, arena's length + 65536 * JsVars in use, ~seq. */
  REQUEST: 0,
  REQUEST_ARENA: 32,
  /** Four words: seq, result, first changed byte, how many. */
  ANSWER: 32 + ARENA_MOST,
  ANSWER_ARENA: 48 + ARENA_MOST,
  /** Entropy for the next calls of E.hwRand. */
  POOL: 48 + 2 * ARENA_MOST,
  /** One word: 1 while the button is held. */
  BUTTON: 48 + 2 * ARENA_MOST + 4 * POOL_WORDS,
  SIZE: 52 + 2 * ARENA_MOST + 4 * POOL_WORDS,
} as const;

export const FLASH_NAME = "espruino.flash";
export const BOOT_SHIM = ".boot0";
export const BOOT_CODE = ".bootcde";

export interface Image {
  readonly kernel: Uint8Array;
  readonly bundle: Uint8Array;
  readonly shim: string;
}
/** Offsets of data in the flash file. */
export interface Places {
  readonly bridge: number;
  readonly kernel: number;
}

function newFlash({ flash }: Interpreter): NorFlash {
  return new NorFlash({ address: flash.address, size: flash.size, page: flash.page });
}

/** Where the bridge will lie in a new image; the kernel comes right after it. */
export function places(interpreter: Interpreter, kernelSize = 4): Places {
  const log = new StorageLog(newFlash(interpreter));
  writeVault(log);
  log.write(BRIDGE_FILE, Uint8Array.of(255), 0, Bridge.SIZE);
  log.write(KERNEL_FILE, Uint8Array.of(0), 0, kernelSize);
  const at = (name: string): number => dataAddress(log.find(name)!) - log.start;
  return { bridge: at(BRIDGE_FILE), kernel: at(KERNEL_FILE) };
}

/** Writes a whole new flash file: the image on an erased board; `vault` = its file's name. */
export function writeFlash(
  file: string,
  interpreter: Interpreter,
  { kernel, bundle, shim }: Image,
  vault = VAULT_FILE,
): void {
  const flash = newFlash(interpreter);
  const log = new StorageLog(flash);
  writeVault(log, undefined, vault);
  log.write(BRIDGE_FILE, Uint8Array.of(255), 0, Bridge.SIZE);
  log.write(KERNEL_FILE, kernel);
  log.write(BOOT_SHIM, Buffer.from(shim, "latin1"));
  log.write(BOOT_CODE, bundle);
  writeFileSync(file, flash.bytes);
}
