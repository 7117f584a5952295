/** Reads an image's folder, and trusts nothing in it that its manifest's hashes do not confirm. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MANIFEST_FILE, type Manifest } from "../../hw/image/manifest.js";
import { FlashError } from "./errors.js";

export interface ImageFolder {
  readonly folder: string;
  readonly manifest: Manifest;
  /** By name in Storage; the vault has none. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

export function readImage(folder: string, boardId: string): ImageFolder {
  const make = `Make it: npm run image -- ${boardId}`;
  const problem = (message: string, cause?: unknown) =>
    new FlashError("files", `${folder}: ${message}`, make, { cause });
  const read = (name: string): Buffer => {
    try {
      return readFileSync(join(folder, name));
    } catch (error) {
      throw problem(`there is no ${name}`, error);
    }
  };
  let manifest: Manifest;
  try {
    manifest = JSON.parse(read(MANIFEST_FILE).toString()) as Manifest;
  } catch (error) {
    throw error instanceof FlashError ? error : problem("its manifest is no JSON", error);
  }
  if (manifest.format !== 1) throw problem("its manifest is of another version of this program");
  const contents = new Map<string, Uint8Array>();
  for (const { name, file, size, sha256 } of manifest.files) {
    if (file === undefined) continue;
    const bytes = read(file);
    const found = createHash("sha256").update(bytes).digest("hex");
    if (bytes.length !== size || found !== sha256)
      throw problem(`${file} is not what the manifest describes`);
    contents.set(name, new Uint8Array(bytes));
  }
  return { folder, manifest, contents };
}
