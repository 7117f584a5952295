/** Reads an image's folder. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gatherImage, type ImageFolder } from "./image.js";

export type { ImageFolder } from "./image.js";

export function readImage(folder: string, boardId: string): ImageFolder {
  return gatherImage(folder, (name) => readFileSync(join(folder, name)), boardId);
}
