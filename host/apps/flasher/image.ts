/**
 * Puts an image together from its files, and trusts nothing in them that the manifest's hashes do not
 * confirm. Browser-safe.
 */
import { hash } from "../../sdk/crypto/hash.js";
import { toHex } from "../../sdk/crypto/bytes.js";
import { MANIFEST_FILE, type Manifest } from "../../../hw/images/manifest.js";
import { FlashError } from "./errors.js";

export interface ImageFolder {
  /** Where it came from. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** By name in Storage; the vault has none. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

/** The bytes of one of the image's files; throws when there are none. */
type ReadFile = (name: string) => Uint8Array;

/** `make`: what to do about an image that is no good. */
export function gatherImage(folder: string, make: string, read: ReadFile): ImageFolder {
  const problem = (message: string, cause?: unknown) =>
    new FlashError("files", `${folder}: ${message}`, make, { cause });
  const get = (name: string) => {
    try {
      return read(name);
    } catch (error) {
      throw problem(`there is no ${name}`, error);
    }
  };
  const text = new TextDecoder().decode(get(MANIFEST_FILE));
  const manifest = parseManifest(text, problem);
  const contents = new Map<string, Uint8Array>();
  for (const { name, file, size, sha256 } of manifest.files) {
    if (file === undefined) continue;
    const bytes = get(file);
    if (bytes.length !== size || toHex(hash(bytes)) !== sha256)
      throw problem(`${file} is not what the manifest describes`);
    contents.set(name, bytes.slice());
  }
  return { folder, manifest, contents };
}

type Problem = (message: string, cause?: unknown) => FlashError;

function parseManifest(text: string, problem: Problem): Manifest {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text) as Manifest;
  } catch (error) {
    throw problem("its manifest is no JSON", error);
  }
  if (manifest?.format !== 1) throw problem("its manifest is of another version of this program");
  return manifest;
}
