/** Makes a board's image in memory: the same inputs give the same bytes. */
import { crc32 } from "node:zlib";
import { createHash } from "node:crypto";
import { BuildRefused } from "../../../firmware/build/check/findings.js";
import type { FirmwareInfo } from "../../../firmware/build/firmware.js";
import { ESPRUINO_VERSION, storageBytes, type Board } from "../../../hw/boards/board.js";
import { bootCode, BOOT_FILE, type BootCode } from "../../../hw/images/boot.js";
import { intelHex } from "../../../hw/images/intel-hex.js";
import { layout, type Layout, type PlacedFile } from "./layout.js";
import {
  MANIFEST_FILE,
  type Manifest,
  type ManifestFile,
  type ManifestHex,
} from "../../../hw/images/manifest.js";
import { uploadScript } from "./upload.js";

/** What everything in Storage may take, on any board (docs/design.md, "Budgets"). */
export const STORAGE_BUDGET = 56 * 1024;

export interface Image {
  readonly board: Board;
  readonly manifest: Manifest;
  readonly layout: Layout;
  readonly boot: BootCode;
  /** What goes into the image's folder, the manifest included. */
  readonly output: ReadonlyMap<string, Uint8Array>;
}
export interface ImageParts {
  readonly firmware: { readonly code: string; readonly info: FirmwareInfo };
  readonly kernel: Uint8Array;
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const ON_DISK: Readonly<Record<string, string>> = {
  kckern: "kernel.bin",
  [BOOT_FILE]: "boot0.bin",
};
const FIRST_ON_DISK = "first.bin";

export function makeImage(board: Board, { firmware, kernel }: ImageParts): Image {
  if (board.unsupported) throw new BuildRefused(`${board.id}: no image, ${board.unsupported}`);
  const boot = bootCode(board, firmware.code);
  const places = layout(board, kernel, boot);
  if (places.used > STORAGE_BUDGET)
    throw new BuildRefused(
      `${board.id}: ${places.used} bytes of Storage, the budget is ${STORAGE_BUDGET}`,
    );
  const { info } = firmware;
  const { address } = board.storage;
  const inFlash = (file: PlacedFile) =>
    places.bytes.subarray(file.address - address, file.address - address + file.size);

  const output = new Map<string, Uint8Array>();
  const files = places.files.map((file): ManifestFile => {
    const bytes = inFlash(file);
    const name = file.name === boot.first.name ? FIRST_ON_DISK : ON_DISK[file.name];
    if (name) output.set(name, bytes);
    const { size } = file;
    const sums = { sha256: sha256(bytes), crc32: crc32(bytes) };
    return { name: file.name, ...(name && { file: name }), size, address: file.address, ...sums };
  });
  const demoName = (name: string) => (info.demo ? `DEMO-${name}` : name);
  const hex = (kind: string, [run, ...more]: Layout["code"], means: string): ManifestHex => {
    const text = Buffer.from(intelHex(run.address, run.bytes, ...more));
    const file = demoName(`${kind}.hex`);
    output.set(file, text);
    return { file, size: text.length, sha256: sha256(text), means };
  };
  if (board.id === "linux") output.set("espruino.flash", places.bytes);
  const manifest: Manifest = {
    format: 2,
    board: board.id,
    boardName: board.boardName,
    espruino: ESPRUINO_VERSION,
    version: info.version,
    demo: info.demo,
    makerKey: info.makerKey,
    storage: { address, size: storageBytes(board), page: board.chip.page },
    files,
    used: places.used,
    budget: STORAGE_BUDGET,
    hex: {
      full: hex(
        "full",
        [{ address, bytes: places.bytes }],
        "the whole Storage area, vault included: DESTROYS a wallet",
      ),
      code: hex(
        "code",
        places.code,
        places.code.length === 1
          ? "the code; the vault's pages stay as they are"
          : "the code; the vault's pages stay as they are, but a card whose power goes before " +
              "the first page is whole again LOSES its wallet",
      ),
    },
  };
  const contents = new Map(files.map(({ name, file }) => [name, output.get(file ?? "")!] as const));
  output.set(demoName("upload.js"), Buffer.from(uploadScript(manifest, contents)));
  output.set(MANIFEST_FILE, Buffer.from(JSON.stringify(manifest, null, 2) + "\n"));
  return { board, manifest, layout: places, boot, output };
}
