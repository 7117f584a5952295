/**
 * The image as it lies in flash: first page's code, vault, kernel, boot code, in this order, written
 * by the same Storage log that virtual boards use. What docs/design.md asks of the places is checked
 * here.
 */
import { BuildRefused } from "../../../firmware/build/check/findings.js";
import {
  KERNEL_FILE,
  VAULT_FILE,
  VAULT_SPAN,
  writeImage,
  type FirstFile,
} from "../../emulator/board/fresh.js";
import { NorFlash } from "../../emulator/flash/nor.js";
import {
  align4,
  dataAddress,
  HEADER,
  StorageLog,
} from "../../emulator/espruino/storage/storage-log.js";
import { storageBytes, storageEnd, type Board } from "../../../hw/boards/board.js";
import { BOOT_FILE, type BootCode } from "../../../hw/images/boot.js";
import type { Segment } from "../../../hw/images/read-intel-hex.js";
import { VAULT_PAGE } from "../../../hw/images/storage-names.js";

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
  /** What replaces the code of a card in use and leaves the vault's pages as they are. */
  readonly code: readonly [Segment, ...Segment[]];
  readonly used: number;
}
export type BootFiles = Pick<BootCode, "bytes"> & { readonly first?: FirstFile };

function blank({ chip, storage, ...board }: Board, from: number): StorageLog {
  const size = storageBytes({ chip, storage, ...board }) - from;
  const { page, nor } = chip;
  return new StorageLog(new NorFlash({ address: storage.address + from, size, page, chip: nor }));
}
function place(board: Board, log: StorageLog): PlacedFile[] {
  const files = [...log.headers()].map((file) => ({
    name: file.name,
    address: dataAddress(file),
    size: file.size,
    takes: HEADER + align4(file.size),
  }));
  if (files.length === 0) throw new BuildRefused(`${board.id}: the log holds no files`);
  return files;
}

/**
 * All the code behind the vault, where that fits: then a cut leaves a board that starts at its
 * prompt, or takes the code again. Else the first page too, with the vault's head at its end.
 */
function codeRuns(
  board: Board,
  whole: Uint8Array,
  kernel: Uint8Array,
  { bytes, first }: BootFiles,
): Layout["code"] {
  const { address } = board.storage;
  const log = blank(board, VAULT_SPAN);
  try {
    log.write(KERNEL_FILE, kernel);
    if (first) log.write(first.name, first.bytes);
    log.write(BOOT_FILE, bytes);
    return [{ address: address + VAULT_SPAN, bytes: new Uint8Array(log.flash.bytes) }];
  } catch {
    return [
      { address, bytes: whole.subarray(0, VAULT_PAGE) },
      { address: address + VAULT_SPAN, bytes: whole.subarray(VAULT_SPAN) },
    ];
  }
}

export function layout(board: Board, kernel: Uint8Array, boot: BootFiles): Layout {
  const { id } = board;
  const log = blank(board, 0);
  const { flash } = log;
  try {
    writeImage(flash, kernel, boot.first);
    log.write(BOOT_FILE, boot.bytes);
  } catch (error) {
    const code = 2 * HEADER + align4(kernel.length) + align4(boot.bytes.length);
    const over = VAULT_SPAN + code - storageBytes(board);
    if (over <= 0) throw error;
    throw new BuildRefused(
      `${id}: kernel and boot code (${code} bytes) do not fit its Storage of ` +
        `${storageBytes(board)} bytes beside the vault (${VAULT_SPAN}): ${over} bytes too many`,
    );
  }
  const files = place(board, log);
  const bytes = new Uint8Array(flash.bytes);
  const used = files.reduce((sum, file) => sum + file.takes, 0);
  const places = { bytes, files, code: codeRuns(board, bytes, kernel, boot), used };
  check(board, places, log.isValid());
  return places;
}

function check(board: Board, { files, used }: Layout, valid: boolean): void {
  const [first, vault, kernel, boot, ...more] = files as [
    PlacedFile,
    PlacedFile,
    PlacedFile,
    PlacedFile,
  ];
  const { address } = board.storage;
  const rules: [boolean, string][] = [
    [valid, "Espruino would call this Storage corrupt and erase it"],
    [
      [vault, kernel, boot].map((file) => file?.name).join() ===
        [VAULT_FILE, KERNEL_FILE, BOOT_FILE].join() && more.length === 0,
      "the files are not a first one, vault, kernel, boot code",
    ],
    [first.address === address + HEADER, "the first file is not at the begin"],
    [
      vault.address === address + VAULT_PAGE && vault.size === 2 * VAULT_PAGE,
      "the vault's data are not the second and the third page",
    ],
    [kernel.address === address + VAULT_SPAN + HEADER, "the code is not on a page of its own"],
    [kernel.address % 4 === 0, "the kernel is not 4-byte aligned"],
    [address + used <= storageEnd(board), "the files go beyond Storage"],
  ];
  for (const [holds, message] of rules)
    if (!holds) throw new BuildRefused(`${board.id}: ${message}`);
}
