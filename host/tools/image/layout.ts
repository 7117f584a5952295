/**
 * The image as it lies in flash: vault, kernel, boot code, in this order, written by the same
 * Storage log that virtual boards use. What docs/design.md asks of the places is checked here.
 */
import { BuildRefused } from "../../../firmware/build/check/findings.js";
import { KERNEL_FILE, VAULT_FILE, VAULT_SPAN, writeImage } from "../../emulator/board/fresh.js";
import { NorFlash } from "../../emulator/flash/nor.js";
import {
  align4,
  dataAddress,
  HEADER,
  StorageLog,
} from "../../emulator/espruino/storage/storage-log.js";
import { storageBytes, storageEnd, type Board } from "../../../hw/boards/board.js";
import { BOOT_FILE } from "../../../hw/images/boot.js";

/** 4 KB: what the card takes as a page, whatever the chip's pages are. */
const VAULT_PAGE = 4096;

export interface PlacedFile {
  readonly name: string;
  /** Of its data. */
  readonly address: number;
  readonly size: number;
  /** With header and padding. */
  readonly takes: number;
}
export interface Layout {
  /** The whole Storage area. */
  readonly bytes: Uint8Array;
  readonly files: readonly PlacedFile[];
  /** Of the first byte after the vault, on a page boundary: where the code's part begins. */
  readonly codeStart: number;
  readonly used: number;
}

export function layout(board: Board, kernel: Uint8Array, boot: Uint8Array): Layout {
  const { chip, storage, id } = board;
  const flash = new NorFlash({
    address: storage.address,
    size: storageBytes(board),
    page: chip.page,
    chip: chip.nor,
  });
  const log = new StorageLog(flash);
  try {
    writeImage(flash, kernel);
    log.write(BOOT_FILE, boot);
  } catch (error) {
    const code = 2 * HEADER + align4(kernel.length) + align4(boot.length);
    const over = VAULT_SPAN + code - storageBytes(board);
    if (over <= 0) throw error;
    throw new BuildRefused(
      `${id}: kernel and boot code (${code} bytes) do not fit its Storage of ` +
        `${storageBytes(board)} bytes beside the vault (${VAULT_SPAN}): ${over} bytes too many`,
    );
  }
  const files = [...log.headers()].map((file) => ({
    name: file.name,
    address: dataAddress(file),
    size: file.size,
    takes: HEADER + align4(file.size),
  }));
  const [vault, code] = files;
  if (!vault || !code) throw new BuildRefused(`${id}: the log holds no files`);
  const codeStart = code.address - HEADER;
  const used = files.reduce((sum, file) => sum + file.takes, 0);
  const places = { bytes: new Uint8Array(flash.bytes), files, codeStart, used };
  check(board, places, log.isValid());
  return places;
}

function check(board: Board, { files, codeStart, used }: Layout, valid: boolean): void {
  const [vault, kernel, boot, ...more] = files as [PlacedFile, PlacedFile, PlacedFile];
  const { address } = board.storage;
  const firstPage = Math.ceil(vault.address / VAULT_PAGE) * VAULT_PAGE;
  const rules: [boolean, string][] = [
    [valid, "Espruino would call this Storage corrupt and erase it"],
    [
      [vault, kernel, boot].map((file) => file.name).join() ===
        [VAULT_FILE, KERNEL_FILE, BOOT_FILE].join() && more.length === 0,
      "the files are not vault, kernel, boot code",
    ],
    [vault.address === address + HEADER, "the vault is not the first file"],
    [
      firstPage + 2 * VAULT_PAGE <= vault.address + vault.size,
      "no two whole pages lie inside the vault's data",
    ],
    [(codeStart - address) % VAULT_PAGE === 0, "the code does not begin on a page of its own"],
    [kernel.address % 4 === 0, "the kernel is not 4-byte aligned"],
    [address + used <= storageEnd(board), "the files go beyond Storage"],
  ];
  for (const [holds, message] of rules)
    if (!holds) throw new BuildRefused(`${board.id}: ${message}`);
}
