/**
 * Boards' images as static files beside the page: every image that `npm run image` left in dist
 * goes to images/BOARD/ with its manifest, and images.json lists them. Node only.
 */

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseJson } from "../../../sdk/crypto/text.js";
import { BOARDS } from "../../../../hw/boards/index.js";
import { MANIFEST_FILE, type Manifest } from "../../../../hw/images/manifest.js";
import { IMAGES_FILE, IMAGES_FOLDER, type ListedImage } from "../config.js";

/** What is in `dist` now takes the place of what was published before. */
export function publishImages(page: string, dist: string): readonly ListedImage[] {
  if (!existsSync(page)) return [];
  const folder = join(page, IMAGES_FOLDER);
  rmSync(folder, { recursive: true, force: true });
  const listed: ListedImage[] = [];
  for (const { id, title } of BOARDS) {
    const from = join(dist, id);
    if (!existsSync(join(from, MANIFEST_FILE))) continue;
    const manifest = parseJson(readFileSync(join(from, MANIFEST_FILE), "utf8")) as Manifest;
    const { demo, version } = manifest;
    const to = join(folder, id);
    mkdirSync(to, { recursive: true });
    const parts = manifest.files.flatMap(({ file }) => (file === undefined ? [] : [file]));
    const scripts = readdirSync(from).filter((name) => /^(DEMO-)?upload\.js$/.test(name));
    for (const name of [MANIFEST_FILE, ...parts, ...scripts]) {
      copyFileSync(join(from, name), join(to, name));
    }
    listed.push({ board: id, title, version, demo, url: `${IMAGES_FOLDER}/${id}/` });
  }
  writeFileSync(join(page, IMAGES_FILE), JSON.stringify({ images: listed }));
  return listed;
}
