/** The flasher's image: where the vault's raw pages and the kernel come to lie. */

import { strict as assert } from "node:assert";
import {
  KERNEL_FILE,
  VAULT_FILE,
  VAULT_SPAN,
  installImage,
  isPlaceholder,
  writeImage,
} from "../../host/emulator/board/fresh.js";
import { OLD_VAULT_SIZE } from "../../hw/images/storage-names.js";
import { NorFlash } from "../../host/emulator/flash/nor.js";
import { HEADER, StorageLog } from "../../host/emulator/espruino/storage/storage-log.js";

const AT = 0x5e000;
const KERNEL = Uint8Array.from({ length: 5000 }, (_, i) => i & 127);

describe("image of a fresh board", () => {
  it("has the vault's two pages behind a file that fills the first, still erased", () => {
    const flash = new NorFlash();
    writeImage(flash, KERNEL);
    const log = new StorageLog(flash);
    const vault = log.find(VAULT_FILE);
    assert.deepEqual([vault?.address, vault?.size], [AT + 4096 - HEADER, 2 * 4096]);
    const pages = flash.read(AT + 4096, 2 * 4096);
    assert.ok(pages.every((byte) => byte === 255));
    assert.deepEqual([log.list(), log.isValid()], [["kccode", VAULT_FILE, KERNEL_FILE], true]);
  });

  it("has the kernel at a 4-byte aligned address, byte for byte", () => {
    const flash = new NorFlash();
    writeImage(flash, KERNEL);
    const file = new StorageLog(flash).read(KERNEL_FILE);
    assert.equal((file?.address ?? 1) & 3, 0);
    assert.deepEqual(file?.bytes, KERNEL);
  });

  it("says by a placeholder that there is no kernel", () => {
    const flash = new NorFlash();
    writeImage(flash);
    const file = new StorageLog(flash).read(KERNEL_FILE);
    assert.ok(file && isPlaceholder(file.bytes));
  });

  it("gets a new kernel without touching the vault's pages", () => {
    const flash = new NorFlash();
    writeImage(flash);
    flash.write(AT + 4096, Uint8Array.of(1, 2, 3, 4));
    const before = flash.read(AT, VAULT_SPAN);
    const erases = [...flash.erases].slice(0, VAULT_SPAN / 4096);
    assert.equal(installImage(flash, KERNEL), true);
    assert.deepEqual(flash.read(AT, VAULT_SPAN), before);
    assert.deepEqual([...flash.erases].slice(0, VAULT_SPAN / 4096), erases);
    assert.deepEqual(new StorageLog(flash).read(KERNEL_FILE)?.bytes, KERNEL);
    assert.equal(installImage(flash, KERNEL), false);
  });

  it("gets a new kernel where the vault is the first file, as in older images", () => {
    const flash = new NorFlash();
    const log = new StorageLog(flash);
    log.write(VAULT_FILE, Uint8Array.of(255), 0, OLD_VAULT_SIZE);
    log.write(KERNEL_FILE, Uint8Array.of(1));
    flash.write(AT + 4096, Uint8Array.of(1, 2, 3, 4));
    const before = flash.read(AT, VAULT_SPAN);
    assert.equal(installImage(flash, KERNEL), true);
    assert.deepEqual(flash.read(AT, VAULT_SPAN), before);
    assert.deepEqual(log.read(KERNEL_FILE)?.bytes, KERNEL);
  });

  it("is not forced on a flash that holds something else", () => {
    const flash = new NorFlash();
    new StorageLog(flash).write("other", KERNEL);
    const before = flash.snapshot();
    assert.equal(installImage(flash, KERNEL), false);
    assert.deepEqual(flash.snapshot(), before);
  });
});
