/**
 * `kincard virtual --chip BOARD --firmware F`: an emulated chip that executes the real firmware,
 * reached like any other board (docs/chip.md).
 *
 * The flash file holds all 512 KB: firmware, Storage, bonds. A fresh one gets the firmware, and the
 * image if one is named; in one that is in use only a firmware that differs is replaced.
 */

import { existsSync, readFileSync } from "node:fs";
import { boardById } from "../../../../hw/boards/index.js";
import { readIntelHex } from "../../../../hw/images/read-intel-hex.js";
import { ChipBoard } from "../../../emulator/board/chip.js";
import { listenCard, listenControl } from "../../../emulator/board/listen.js";
import { WARNING } from "../../../emulator/board/virtual.js";
import { FirmwareError, readFirmware, type Firmware } from "../../../emulator/chip/firmware.js";
import { usageError } from "../failure.js";

export interface ChipOptions {
  readonly flash: string;
  readonly chip?: string;
  readonly firmware?: string;
  readonly image?: string;
  readonly listen?: string;
  readonly control?: string;
  readonly json?: boolean;
}

function boardNamed(id: string) {
  try {
    return boardById(id);
  } catch (error) {
    throw usageError(`--chip ${id}: ${(error as Error).message}`);
  }
}

function firmwareOf(file: string | undefined): Firmware {
  if (!file) throw usageError("--chip needs a firmware: --firmware FILE, see docs/chip.md");
  if (!existsSync(file)) throw usageError(`--firmware ${file}: there is no such file`);
  try {
    return readFirmware(file);
  } catch (error) {
    if (error instanceof FirmwareError) throw usageError(error.message);
    throw error;
  }
}

/** Runs until SIGINT or SIGTERM. */
export async function runChip(options: ChipOptions): Promise<void> {
  if (options.listen === undefined)
    throw usageError("--chip is reached by --listen tcp:HOST:PORT only");
  const board = boardNamed(options.chip!);
  if (board.chip.part !== "NRF52832")
    throw usageError(`--chip ${board.id}: only boards with an nRF52832 are emulated`);
  const firmware = firmwareOf(options.firmware ?? process.env.KINCARD_FIRMWARE);
  const fresh = !existsSync(options.flash);
  const image = options.image === undefined ? [] : imageOf(options.image);
  if (image.length && !fresh)
    throw usageError(`--image: ${options.flash} is in use; name a new file, or leave it out`);
  const chip = new ChipBoard({ board, firmware, flash: options.flash, clock: "real" });
  for (const { address, bytes } of image) chip.program(bytes, address);
  chip.onFailure((error) => console.error(`the chip stopped: ${error.message}`));
  chip.onPower((on) => {
    if (!on && chip.lastEnd) console.error(chip.lastEnd.message);
  });
  const open: (() => Promise<void>)[] = [];
  try {
    const ways: { listening?: string; control?: string } = {};
    if (options.control !== undefined) {
      const listening = await listenControl(chip, options.control);
      open.push(listening.close);
      ways.control = listening.uri;
    }
    const listening = await listenCard(chip, options.listen);
    open.push(listening.close);
    ways.listening = listening.uri;
    chip.powerOn();
    announce(chip, ways, options.json ?? false);
    await new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    });
  } finally {
    chip.powerOff();
    for (const close of open) await close();
    chip.flash.close();
  }
}

function imageOf(file: string) {
  try {
    return readIntelHex(readFileSync(file, "latin1"));
  } catch (error) {
    throw usageError(`--image ${file}: ${(error as Error).message}`);
  }
}

function announce(
  chip: ChipBoard,
  ways: { listening?: string; control?: string },
  json: boolean,
): void {
  const { firmware } = chip.status();
  const { id, title } = chip.board;
  if (json) return console.log(JSON.stringify({ emulation: true, chip: id, ...ways, firmware }));
  console.log(WARNING);
  console.log(`chip nRF52832, ${title}`);
  console.log(`firmware ${firmware}`);
  if (ways.control) console.log(`control ${ways.control}`);
  if (ways.listening) console.log(`listening ${ways.listening}`);
}
