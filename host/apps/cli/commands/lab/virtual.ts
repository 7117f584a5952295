/**
 * `kincard virtual`: keeps one virtual board alive, for any client that speaks the link's lines.
 *
 * It says at start that it is an emulation, and by hash what it executes. Ends on SIGINT or
 * SIGTERM; the flash file is whole whenever the process ends, however it does.
 */

import { existsSync } from "node:fs";
import type { Command } from "commander";
import { VirtualBoard, WARNING } from "../../../../emulator/board/virtual.js";
import { BUNDLE_PATH, loadBundle, readKernel } from "../../../../emulator/espruino/bundle.js";
import { KERNEL_FILE, installImage, isPlaceholder } from "../../../../emulator/board/fresh.js";
import { lockFile } from "../../../../sdk/files/lock.js";
import { NorFlash } from "../../../../emulator/flash/nor.js";
import { StorageLog } from "../../../../emulator/espruino/storage/storage-log.js";
import { runChip, type ChipOptions } from "../../virtual/chip.js";
import { checkWays, keepAlive, sayWays } from "../../virtual/ways.js";
import type { OpenWays } from "../../virtual/ways.js";
import { CliError, EXIT, usageError } from "../../failure.js";

interface VirtualOptions extends ChipOptions {
  bundle: string;
  kernel?: string;
  button: boolean;
}

export function addVirtualCommand(program: Command): void {
  program
    .command("virtual")
    .description("run a virtual board: the card's bundle in an emulation, protecting nothing")
    .requiredOption("--flash <file>", "the board's flash; made when it is not there")
    .option("--listen <uri>", "where clients reach the card: tcp:HOST:PORT (0 = any port)")
    .option("--serial <pty>", "put its serial port on a pseudo terminal of this machine")
    .option("--ble [uri]", "serve its air, for KINCARD_BLE of other programs: tcp:HOST:PORT")
    .option("--nfc <uri>", "serve a reader's coil at it, for KINCARD_NFC: tcp:HOST:PORT")
    .option("--reader [host:port]", "or put it in a PC/SC reader, as a card (vsmartcard's vpcd)")
    .option("--control <uri>", "where power, cuts, time and button are controlled: tcp:HOST:PORT")
    .option("--lan", "let other machines reach it: nothing protects the board from them")
    .option("--bundle <file>", "the bundle to run", BUNDLE_PATH)
    .option("--kernel <file>", "the native kernel to put in the flash")
    .option("--no-button", "a board without a button")
    .option("--chip <board>", "an emulated chip on this board, executing the real firmware")
    .option("--firmware <file>", "that firmware, .hex or .zip (default: KINCARD_FIRMWARE)")
    .option("--image <file>", "for a chip: a .hex of `npm run image`, put into Storage")
    .option("--gdb <host:port>", "for a chip: a debug port that speaks GDB's remote protocol")
    .option("--json", "one line of JSON in place of text")
    .action((options: VirtualOptions) => runVirtual(options));
}

async function runVirtual(options: VirtualOptions): Promise<void> {
  checkWays(options);
  if (options.chip === undefined) refuseChips(options);
  const unlock = owned(options.flash);
  try {
    await (options.chip === undefined ? serve(options) : runChip(options));
  } finally {
    unlock();
  }
}

function refuseChips({ gdb, image, firmware }: VirtualOptions): void {
  const named = Object.entries({ gdb, image, firmware }).find(([, value]) => value !== undefined);
  if (named) throw usageError(`--${named[0]} is for an emulated chip: add --chip BOARD`);
}

async function serve(options: VirtualOptions): Promise<void> {
  // All that is read first: a flash file that nothing runs in must not be left behind.
  const bundle = loadBundle(options.bundle);
  const kernel = kernelAt(options.kernel);
  const isNew = !existsSync(options.flash);
  const flash = new NorFlash({ path: options.flash });
  installImage(flash, kernel);
  const board = new VirtualBoard({ flash, bundle, button: options.button, clock: "real" });
  board.onFailure((error) => console.error(`the bundle failed: ${error.stack ?? error.message}`));
  await keepAlive(board, options, isNew, {
    announce: (open) => announce(options, board, open),
  });
}

function kernelAt(file: string | undefined): Uint8Array | undefined {
  if (file === undefined || existsSync(file)) return readKernel(file);
  throw usageError(`--kernel ${file}: there is no such file`);
}

function owned(file: string): () => void {
  try {
    return lockFile(file);
  } catch (error) {
    const next = "Stop that one, or choose another file. Nothing was started.";
    throw new CliError(EXIT.FILES, (error as Error).message, next);
  }
}

function announce(options: VirtualOptions, board: VirtualBoard, { ways }: OpenWays): void {
  const { bundle, kernel } = board.status();
  const file = new StorageLog(board.flash).read(KERNEL_FILE);
  const standIn = file !== undefined && isPlaceholder(file.bytes);
  if (options.json) {
    const line = { emulation: true, ...ways, bundle, kernel, standIn };
    console.log(JSON.stringify(line));
    return;
  }
  console.log(WARNING);
  console.log(`bundle ${bundle}  ${options.bundle}`);
  console.log(`kernel ${kernel ?? "none"}${standIn ? "  (a stand-in: no kernel was built)" : ""}`);
  sayWays(ways);
}
