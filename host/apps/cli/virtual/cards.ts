/** Cards for the page to be tried with: boards of either kind, certified by a maker. */

import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { existsSync } from "node:fs";
import type { Board } from "../../../../hw/boards/board.js";
import { DIST } from "../../../emulator/espruino/bundle.js";
import { ChipBoard } from "../../../emulator/board/chip.js";
import type { Duplex } from "../../../sdk/links/link.js";
import type { CardOptions } from "../../../sdk/card/certificate.js";
import { CardSession } from "../../../sdk/card/session.js";
import { formatLabel } from "../../../sdk/card/label.js";
import { LineTransport } from "../../../sdk/links/line/transport.js";
import { demoMaker } from "../../../sdk/maker/demo.js";
import type { Maker } from "../../../sdk/maker/maker.js";
import type { ServedBoard } from "../../page/server/serve.js";
import { usageError } from "../failure.js";
import { chipNamed, firmwareOf, imageAt, type ChipSource } from "./chip.js";

export const cardName = (at: number): string => `Card ${"ABCDEF".charAt(at)}`;

/** A blank card gets its certificate over this link; its label. */
export async function certify(
  duplex: Duplex,
  name: string,
  maker: Maker,
  options?: CardOptions,
): Promise<string> {
  const session = new CardSession(await LineTransport.connect(duplex, { name }));
  const certificate = maker.certify(await session.personalise(), options);
  await session.certify(certificate.bytes);
  await session.close();
  return formatLabel(certificate.id);
}

/** The DEMO image that `npm run image` made for this board, unless another is named. */
function imageOf(image: string | undefined, board: Board) {
  const file = image ?? fileURLToPath(new URL(join(board.id, "DEMO-full.hex"), DIST));
  if (existsSync(file)) return imageAt(file);
  throw usageError(`there is no ${file}: make it (npm run image -- ${board.id}), or say --image`);
}

/** New chips with the real firmware, powered and signed by the demo maker: EMPTY. */
export async function chipCards(
  count: number,
  source: ChipSource,
): Promise<ServedBoard<ChipBoard>[]> {
  const board = chipNamed(source.chip!);
  const firmware = firmwareOf(source);
  const image = imageOf(source.image, board);
  const maker = demoMaker();
  const made = Array.from({ length: count }, async (_, at) => {
    const chip = new ChipBoard({ board, firmware, seed: `card ${at}`, clock: "real" });
    chip.onFailure((error) => console.error(`a chip stopped: ${error.message}`));
    for (const { address, bytes } of image) chip.program(bytes, address);
    chip.powerOn();
    const name = cardName(at);
    return { name, label: await certify(chip.duplex(), name, maker), board: chip };
  });
  try {
    return await Promise.all(made);
  } finally {
    maker.wipe();
  }
}
