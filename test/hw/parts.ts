/** Small image parts for tests that are not about the firmware's own code. */
import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FirmwareInfo } from "../../firmware/build/firmware.js";
import { makeImage, type ImageParts } from "../../host/tools/image/image.js";
import { writeOutput } from "../../host/tools/image/task.js";
import type { Board } from "../../hw/boards/board.js";
import { readImage, type ImageFolder } from "../../host/apps/flasher/image/files.js";

export const SMALL_BUNDLE = '(function(){function a(n){return n+1}print("image "+a(1))})();';

export function smallParts(options: { demo?: boolean; code?: string; kernel?: number } = {}) {
  const code = options.code ?? SMALL_BUNDLE;
  const info: FirmwareInfo = {
    file: "firmware.js",
    size: code.length,
    sha256: createHash("sha256").update(code).digest("hex"),
    pretokenised: code.length,
    makerKey: "02".padEnd(66, "1"),
    demo: options.demo ?? false,
    version: "1.2.3",
    nesting: 1,
    deepest: "",
    modules: [["firmware/src/main.ts", code.length]],
  };
  const kernel = Uint8Array.from({ length: options.kernel ?? 1001 }, (_, i) => i * 7);
  return { firmware: { code, info }, kernel } satisfies ImageParts;
}

/** The image of `board`, written to a folder of its own. */
export function smallImage(board: Board, options: Parameters<typeof smallParts>[0] = {}) {
  const folder = join(mkdtempSync(join(tmpdir(), "kincard-image-")), board.id);
  writeOutput(makeImage(board, smallParts(options)), folder);
  return folder;
}
export const imageOf = (
  board: Board,
  options: Parameters<typeof smallParts>[0] = {},
): ImageFolder => readImage(smallImage(board, options), board.id);
