/** Reads an image's folder. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gatherImage, type ImageFolder } from "./image.js";

export type { ImageFolder } from "./image.js";

export function readImage(folder: string, boardId: string): ImageFolder {
  const make = `Make it: npm run image -- ${boardId}`;
  return gatherImage(folder, make, (name) => readFileSync(join(folder, name)));
}
