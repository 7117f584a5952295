/**
 * What the flasher puts on a fresh board: first the vault's file, allocated and empty, then the
 * kernel. With the log at a page boundary the vault's header and data fill exactly three 4 KB
 * pages, so that two whole pages lie inside its data and the kernel's file starts on a page of its
 * own.
 *
 * Limits: the bundle is not in the image; a virtual board is handed it directly.
 */

import { equal } from "../../sdk/crypto/bytes.js";
import { latin1 } from "../espruino/bytes.js";
import { NorFlash } from "../flash/nor.js";
import { StorageLog, dataAddress } from "../espruino/storage/storage-log.js";
import {
  KERNEL_FILE,
  VAULT_FILE,
  VAULT_SIZE,
  VAULT_SPAN,
} from "../../../hw/images/storage-names.js";

export { KERNEL_FILE, VAULT_FILE, VAULT_SIZE, VAULT_SPAN };

/** Stands where the kernel would when there is none: the entries are then answered by an oracle. */
const PLACEHOLDER = latin1("no kernel: stand-in.".repeat(13).slice(0, 256));

export function isPlaceholder(kernel: Uint8Array): boolean {
  return equal(kernel, PLACEHOLDER);
}

/** Erases everything and writes the image. */
export function writeImage(flash: NorFlash, kernel?: Uint8Array): void {
  const log = new StorageLog(flash);
  log.eraseAll();
  log.write(VAULT_FILE, Uint8Array.of(255), 0, VAULT_SIZE);
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
  if (vault.address !== log.start || (after - log.start) % flash.page) return false;
  for (let at = after; at < log.end; at += flash.page) flash.erase(at);
  log.write(KERNEL_FILE, wanted);
  return true;
}
