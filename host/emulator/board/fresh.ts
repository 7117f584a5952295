/**
 * What the flasher puts on a fresh board (hw/images/storage-names.ts): the file that fills the
 * first page, the vault's file, allocated and empty, then the kernel, on a page of its own.
 *
 * Limits: the bundle is not in the image; a virtual board is handed it directly, and the first file
 * is empty.
 */

import { equal } from "../../sdk/crypto/bytes.js";
import { latin1 } from "../espruino/bytes.js";
import { NorFlash } from "../flash/nor.js";
import { StorageLog, dataAddress } from "../espruino/storage/storage-log.js";
import {
  FIRST_SIZE,
  KERNEL_FILE,
  VAULT_FILE,
  VAULT_PAGE,
  VAULT_SIZE,
  VAULT_SPAN,
} from "../../../hw/images/storage-names.js";

export { KERNEL_FILE, VAULT_FILE, VAULT_SIZE, VAULT_SPAN };

/** Stands where the kernel would when there is none: the entries are then answered by an oracle. */
const PLACEHOLDER = latin1("no kernel: stand-in.".repeat(13).slice(0, 256));

export function isPlaceholder(kernel: Uint8Array): boolean {
  return equal(kernel, PLACEHOLDER);
}

/** The log's first file. */
export interface FirstFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}
const NO_CODE: FirstFile = { name: "kccode", bytes: Uint8Array.of(255) };

/** The first file and the vault, on a log that is empty. `vault`: another name for its file. */
export function writeVault(log: StorageLog, first = NO_CODE, vault = VAULT_FILE): void {
  log.write(first.name, first.bytes, 0, FIRST_SIZE);
  log.write(vault, Uint8Array.of(255), 0, VAULT_SIZE);
}

/** Erases everything and writes the image. */
export function writeImage(flash: NorFlash, kernel?: Uint8Array, first?: FirstFile): void {
  const log = new StorageLog(flash);
  log.eraseAll();
  writeVault(log, first);
  log.write(KERNEL_FILE, kernel ?? PLACEHOLDER);
}

/**
 * The image on a new flash; on one in use the kernel alone is replaced, if it is another, by
 * rewriting everything after the vault. True when something was written.
 */
export function installImage(flash: NorFlash, kernel?: Uint8Array): boolean {
  const log = new StorageLog(flash);
  const vault = log.find(VAULT_FILE);
  if (!vault) {
    if (!flash.bytes.every((byte) => byte === 255)) return false; // the card says what is wrong
    writeImage(flash, kernel);
    return true;
  }
  const wanted = kernel ?? PLACEHOLDER;
  const found = log.read(KERNEL_FILE);
  if (found && equal(found.bytes, wanted)) return false;
  const after = dataAddress(vault) + vault.size;
  // Of an older image too, where it is the first file.
  const first = vault.address === log.start || dataAddress(vault) === log.start + VAULT_PAGE;
  if (!first || after !== log.start + VAULT_SPAN) return false;
  for (let at = after; at < log.end; at += flash.page) flash.erase(at);
  log.write(KERNEL_FILE, wanted);
  return true;
}
