/**
 * Puts an image together from its files, and trusts nothing in them that the manifest's hashes do
 * not confirm. Browser-safe.
 */
import { parseJson } from "../../../sdk/crypto/text.js";
import { hash } from "../../../sdk/crypto/hash.js";
import { toHex } from "../../../sdk/crypto/bytes.js";
import { MANIFEST_FILE, type Manifest } from "../../../../hw/images/manifest.js";
import { FlashError } from "../failures.js";

export interface ImageFolder {
  /** Where it came from. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** By name in Storage; the vault has none. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

/** The bytes of one of the image's files; throws when there are none. */
type ReadFile = (name: string) => Uint8Array;

/** `folder` is where it comes from, for people; `board` the one that it was looked for, if any. */
export function gatherImage(folder: string, read: ReadFile, board?: string): ImageFolder {
  const image = { image: folder, board };
  const get = (file: string) => {
    try {
      return read(file);
    } catch (cause) {
      throw new FlashError("flash/image-file", { ...image, file }, { cause });
    }
  };
  const text = new TextDecoder().decode(get(MANIFEST_FILE));
  let manifest: Manifest;
  try {
    manifest = parseJson(text) as Manifest;
  } catch (cause) {
    throw new FlashError("flash/image-json", image, { cause });
  }
  if (manifest?.format !== 2) throw new FlashError("flash/image-version", image);
  const contents = new Map<string, Uint8Array>();
  for (const { name, file, size, sha256 } of manifest.files) {
    if (file === undefined) continue;
    const bytes = get(file);
    if (bytes.length !== size || toHex(hash(bytes)) !== sha256)
      throw new FlashError("flash/image-hash", { ...image, file });
    contents.set(name, bytes.slice());
  }
  return { folder, manifest, contents };
}
