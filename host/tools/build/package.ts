/**
 * What `npm pack` needs beside a build: the package's types, and DEMO images of every board beside
 * the page, where the command line finds them too. `prepack` of package.json runs it.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BuildRefused } from "../../../firmware/build/check/findings.js";
import { buildFirmware } from "../../../firmware/build/firmware.js";
import { DIST, fromRoot } from "../../../firmware/build/paths.js";
import { buildKernel } from "../../../firmware/kernel/build.js";
import type { Board } from "../../../hw/boards/board.js";
import { BOARDS } from "../../../hw/boards/index.js";
import { publishImages } from "../../apps/page/server/images.js";
import { makeImage, type Image, type ImageParts } from "../image/image.js";
import { writeOutput } from "../image/task.js";
import { writeTypes } from "./types.js";

interface Export {
  readonly types: string;
}

/** The entries' sources by subpath, from package.json's exports: dist/types mirrors the folders. */
export function packageExports(): Readonly<Record<string, string>> {
  const { exports } = JSON.parse(readFileSync(fromRoot("package.json"), "utf8")) as {
    exports: Readonly<Record<string, Export | string>>;
  };
  return Object.fromEntries(
    Object.entries(exports).flatMap(([subpath, entry]) =>
      typeof entry === "string"
        ? []
        : [[subpath, entry.types.replace("./dist/types/", "").replace(/\.d\.ts$/, ".ts")]],
    ),
  );
}
export const packageEntries = (): string[] => Object.values(packageExports());

/** Nothing for a board that it does not fit: docs/boards.md names them. */
function imageFor(board: Board, parts: ImageParts): Image | undefined {
  try {
    return makeImage(board, parts);
  } catch (error) {
    if (!(error instanceof BuildRefused)) throw error;
    console.error(error.message);
    return undefined;
  }
}

export async function buildPackage(): Promise<void> {
  writeTypes(packageEntries(), join(DIST, "types"));
  const folder = mkdtempSync(join(tmpdir(), "kincard-images-"));
  try {
    const firmware = await buildFirmware({ outDir: null });
    const parts = { firmware, kernel: buildKernel().bytes };
    for (const board of BOARDS) {
      const image = imageFor(board, parts);
      if (image) writeOutput(image, join(folder, board.id));
    }
    publishImages(join(DIST, "web"), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
