/**
 * Images for boards: those beside the page, and files that the user chooses. An upload script
 * carries its manifest along (host/tools/image/upload.ts), so that it goes the same way as an
 * image's folder.
 */

import { parseJson } from "../../../../sdk/crypto/text.js";
import { FlashError } from "../../../flasher/failures.js";
import { gatherImage, type ImageFolder } from "../../../flasher/image/image.js";
import { MANIFEST_FILE, type Manifest } from "../../../../../hw/images/manifest.js";
import { readUploadScript } from "../../../flasher/image/upload-script.js";
import { IMAGES_FILE } from "../../config.js";
import type { ListedImage } from "../../config.js";

/** None where the host publishes none. */
export async function listedImages(): Promise<readonly ListedImage[]> {
  try {
    const answer = await fetch(IMAGES_FILE, { cache: "no-store" });
    const { images } = answer.ok ? ((await answer.json()) as { images?: unknown }) : {};
    return Array.isArray(images) ? (images as ListedImage[]) : [];
  } catch {
    return [];
  }
}

async function load(url: string): Promise<Uint8Array> {
  const answer = await fetch(url, { cache: "no-store" }).catch(() => undefined);
  if (answer?.ok) return new Uint8Array(await answer.arrayBuffer());
  throw new FlashError("flash/load", { url });
}

export async function loadListed({ url, title }: ListedImage): Promise<ImageFolder> {
  const files = new Map([[MANIFEST_FILE, await load(url + MANIFEST_FILE)]]);
  const text = new TextDecoder().decode(files.get(MANIFEST_FILE));
  const { files: parts = [] } = parseJson(text) as Partial<Manifest>;
  for (const { file } of parts) if (file) files.set(file, await load(url + file));
  return gather(`the image for ${title}`, files);
}

/** upload.js alone, or manifest.json together with the files that it names. */
export async function loadChosen(chosen: readonly File[]): Promise<ImageFolder> {
  const files = new Map<string, Uint8Array>();
  for (const file of chosen) files.set(file.name, new Uint8Array(await file.arrayBuffer()));
  const script = chosen.find(({ name }) => name.endsWith("upload.js"));
  if (!script || files.has(MANIFEST_FILE)) return gather("the files that you chose", files);
  const text = new TextDecoder().decode(files.get(script.name));
  const parts = readUploadScript(text);
  if (parts) return gather(script.name, parts);
  throw new FlashError("flash/script", { file: script.name });
}

function gather(what: string, files: ReadonlyMap<string, Uint8Array>): ImageFolder {
  return gatherImage(what, (name) => {
    const bytes = files.get(name);
    if (bytes) return bytes;
    throw new Error(`${name} is missing`);
  });
}
