/**
 * `npm run image -- BOARD [--maker-key HEX] [--out FOLDER]`: what gets flashed, into dist/BOARD.
 * With ESPRUINO_BIN set, the interpreter itself is asked whether every function stays in flash.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BuildRefused } from "../../../firmware/build/check/findings.js";
import { buildFirmware } from "../../../firmware/build/firmware.js";
import { DIST, shown } from "../../../firmware/build/paths.js";
import { publishImages } from "../../apps/page/server/images.js";
import { buildKernel } from "../../../firmware/kernel/build.js";
import { BOARDS, boardById } from "../../../hw/boards/index.js";
import type { Board } from "../../../hw/boards/board.js";
import { espruinoJson } from "../../../hw/espruino-json.js";
import { askable, bodiesOnInterpreter } from "./bodies.js";
import { makeImage, type Image, type ImageParts } from "./image.js";
import { reportLines } from "./report.js";

const KNOWN = BOARDS.map((one) => one.id).join(", ");
const HELP = `npm run image -- BOARD [--maker-key HEX] [--out FOLDER]

Makes what is put on a board, in dist/BOARD, and for the phone page.

  BOARD             ${KNOWN}
  --maker-key HEX   the public key of your maker (default: the demo maker's, published)
  --out FOLDER      another folder
  --help            this

Example:
  npm run image -- puckjs`;

function board(id: string | undefined): Board {
  if (id === undefined) {
    throw new BuildRefused(`npm run image -- BOARD: which board? One of ${KNOWN}`);
  }
  try {
    return boardById(id);
  } catch (error) {
    throw new BuildRefused(`npm run image -- BOARD: ${(error as Error).message}`);
  }
}

/** Writes the folder anew: nothing of an older image stays in it. */
export function writeOutput(image: Image, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of image.output) writeFileSync(join(folder, name), bytes);
  const json = JSON.stringify(espruinoJson(image.board), null, 2) + "\n";
  writeFileSync(join(folder, `${image.board.boardName}.json`), json);
}

async function checkBodies(parts: ImageParts): Promise<string> {
  const bin = process.env["ESPRUINO_BIN"];
  if (!bin) return "bodies    not asked the interpreter: ESPRUINO_BIN names none";
  const firmware = { ...parts.firmware, code: askable(parts.firmware.code) };
  const { layout } = makeImage(boardById("linux"), { ...parts, firmware });
  const { inFlash, inRam } = await bodiesOnInterpreter(bin, layout.bytes);
  if (inRam || !inFlash)
    throw new BuildRefused(`the interpreter copied ${inRam} of ${inFlash + inRam} bodies to RAM`);
  return `bodies    ${inFlash} functions after boot, all of them in flash`;
}

export async function imageTask(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: {
      "maker-key": { type: "string" },
      out: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const wanted = board(positionals[0]);
  const firmware = await buildFirmware({ makerKey: values["maker-key"], outDir: null });
  const parts = { firmware, kernel: buildKernel().bytes };
  const image = makeImage(wanted, parts);
  for (const line of reportLines(image, firmware.info)) console.log(line);
  console.log(await checkBodies(parts));
  const folder = values.out ?? join(DIST, wanted.id);
  writeOutput(image, folder);
  publishImages(join(DIST, "web"), DIST);
  const names = [...image.output.keys(), `${wanted.boardName}.json`];
  console.log(`written   ${values.out ?? shown(folder)}: ${names.join(", ")}`);
  return 0;
}
