/**
 * `kincard virtual --chip BOARD --firmware F`: an emulated chip that executes the real firmware,
 * reached like any other board (docs/chip.md).
 *
 * The flash file holds all 512 KB: firmware, Storage, bonds. A fresh one gets the firmware, and the
 * image if one is named; in one that is in use only a firmware that differs is replaced, and only
 * an image that leaves the vault's pages alone is programmed.
 */

import { existsSync, readFileSync } from "node:fs";
import { boardById } from "../../../../hw/boards/index.js";
import type { Board } from "../../../../hw/boards/board.js";
import { readIntelHex, type Segment } from "../../../../hw/images/read-intel-hex.js";
import { VAULT_PAGE, VAULT_SPAN } from "../../../../hw/images/storage-names.js";
import { ChipBoard } from "../../../emulator/board/chip.js";
import { listenGdb } from "../../../emulator/board/chip/gdb.js";
import { WARNING } from "../../../emulator/board/virtual.js";
import { FirmwareError, readFirmware, type Firmware } from "../../../emulator/chip/firmware.js";
import { usageError } from "../failure.js";
import { hasCable, keepAlive, sayWays, tcpOf } from "./ways.js";
import type { OpenWays, WayOptions } from "./ways.js";

export interface ChipSource {
  readonly chip?: string;
  readonly firmware?: string;
  readonly image?: string;
}
export interface ChipOptions extends ChipSource, WayOptions {
  readonly flash: string;
  readonly json?: boolean;
}

/** A board that can be emulated. Throws for any other. */
export function chipNamed(id: string): Board {
  let board: Board;
  try {
    board = boardById(id);
  } catch (error) {
    throw usageError(`--chip ${id}: ${(error as Error).message}`);
  }
  if (board.chip.part === "NRF52832") return board;
  throw usageError(`--chip ${board.id}: only boards with an nRF52832 are emulated`);
}

export function firmwareOf({ firmware = process.env.KINCARD_FIRMWARE }: ChipSource): Firmware {
  if (!firmware) throw usageError("--chip needs a firmware: --firmware FILE, see docs/chip.md");
  if (!existsSync(firmware)) throw usageError(`--firmware ${firmware}: there is no such file`);
  try {
    return readFirmware(firmware);
  } catch (error) {
    if (error instanceof FirmwareError) throw usageError(error.message);
    throw error;
  }
}

export function imageAt(file: string): Segment[] {
  try {
    return readIntelHex(readFileSync(file, "latin1"));
  } catch (error) {
    throw usageError(`--image ${file}: ${(error as Error).message}`);
  }
}

/** What a programmer would put into Storage; in a chip that is in use, behind the vault alone. */
function imageOf({ image, flash }: ChipOptions, board: Board, fresh: boolean): Segment[] {
  if (image === undefined) return [];
  const segments = imageAt(image);
  const { address } = board.storage;
  const [from, to] = [address + VAULT_PAGE, address + VAULT_SPAN];
  const inVault = segments.some(({ address: at, bytes }) => at < to && at + bytes.length > from);
  if (inVault && !fresh)
    throw usageError(
      `--image: ${flash} is in use, and this image would erase the card that it may hold. ` +
        "Name a new file, or the image's code .hex, which leaves the vault's pages alone",
    );
  return segments;
}

/** Runs until SIGINT or SIGTERM. */
export async function runChip(options: ChipOptions): Promise<void> {
  const board = chipNamed(options.chip!);
  const firmware = firmwareOf(options);
  const isNew = !existsSync(options.flash);
  const image = imageOf(options, board, isNew);
  const cable = hasCable(options);
  const chip = new ChipBoard({ board, firmware, flash: options.flash, clock: "real", cable });
  for (const { address, bytes } of image) chip.program(bytes, address);
  chip.onFailure((error) => console.error(`the chip stopped: ${error.message}`));
  const { gdb } = options;
  await keepAlive(chip, options, isNew, {
    before: async (open) => {
      if (gdb !== undefined) await open.add("gdb", listenGdb(chip, tcpOf(gdb)));
    },
    announce: (open) => announce(chip, open, options.json ?? false),
  });
}

function announce(chip: ChipBoard, { ways }: OpenWays, json: boolean): void {
  const { firmware } = chip.status();
  const { id, title } = chip.board;
  if (json) return console.log(JSON.stringify({ emulation: true, chip: id, ...ways, firmware }));
  console.log(WARNING);
  console.log(`chip nRF52832, ${title}`);
  console.log(`firmware ${firmware}`);
  sayWays(ways);
}
