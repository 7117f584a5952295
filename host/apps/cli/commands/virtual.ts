/**
 * `kincard virtual`: keeps one virtual board alive, for any client that speaks the link's lines.
 *
 * It says at start that it is an emulation, and by hash what it executes. Ends on SIGINT or
 * SIGTERM; the flash file is whole whenever the process ends, however it does.
 */

import type { Command } from "commander";
import { VirtualBoard, WARNING } from "../../../emulator/board/virtual.js";
import { BUNDLE_PATH, loadBundle, readKernel } from "../../../emulator/espruino/bundle.js";
import { KERNEL_FILE, installImage, isPlaceholder } from "../../../emulator/board/fresh.js";
import { isLoopbackListen, listenCard, listenControl } from "../../../emulator/board/listen.js";
import { lockFile } from "../../../sdk/files/lock.js";
import { NorFlash } from "../../../emulator/flash/nor.js";
import { StorageLog } from "../../../emulator/espruino/storage/storage-log.js";
import { runChip, type ChipOptions } from "./virtual-chip.js";
import { CliError, EXIT, usageError } from "../failure.js";
import { putInReader } from "../reader.js";
import type { ReaderOption } from "../reader.js";

interface VirtualOptions extends ChipOptions {
  flash: string;
  listen?: string;
  reader?: ReaderOption;
  control?: string;
  bundle: string;
  kernel?: string;
  button: boolean;
  lan?: boolean;
  json?: boolean;
}

export function addVirtualCommand(program: Command): void {
  program
    .command("virtual")
    .description("run a virtual board: the card's bundle in an emulation, protecting nothing")
    .requiredOption("--flash <file>", "the board's flash; made when it is not there")
    .option("--listen <uri>", "where clients reach the card: tcp:HOST:PORT (0 = any port)")
    .option("--reader [host:port]", "or put it in a PC/SC reader, as a card (vsmartcard's vpcd)")
    .option("--control <uri>", "where power, cuts, time and button are controlled: tcp:HOST:PORT")
    .option("--lan", "let other machines reach it: nothing protects the board from them")
    .option("--bundle <file>", "the bundle to run", BUNDLE_PATH)
    .option("--kernel <file>", "the native kernel to put in the flash")
    .option("--no-button", "a board without a button")
    .option("--chip <board>", "an emulated chip on this board, executing the real firmware")
    .option("--firmware <file>", "that firmware, .hex or .zip (default: KINCARD_FIRMWARE)")
    .option("--image <file>", "for a fresh chip: a full.hex of `npm run image`, put into Storage")
    .option("--json", "one line of JSON in place of text")
    .action((options: VirtualOptions) => runVirtual(options));
}

async function runVirtual(options: VirtualOptions): Promise<void> {
  // Two clients at once would read each other's answers.
  if ((options.listen === undefined) === (options.reader === undefined)) {
    throw usageError("say how the card is reached: --listen tcp:HOST:PORT, or --reader");
  }
  refuseOthers(options);
  const unlock = owned(options.flash);
  try {
    await (options.chip === undefined ? serve(options) : runChip(options));
  } finally {
    unlock();
  }
}

async function serve(options: VirtualOptions): Promise<void> {
  const bundle = loadBundle(options.bundle);
  const flash = new NorFlash({ path: options.flash });
  installImage(flash, readKernel(options.kernel));
  const board = new VirtualBoard({ flash, bundle, button: options.button, clock: "real" });
  board.onFailure((error) => console.error(`the bundle failed: ${error.stack ?? error.message}`));
  board.onPower((on) => {
    if (!on && board.lastEnd) console.error(board.lastEnd.message);
  });
  const open: (() => Promise<void>)[] = [];
  try {
    announce(options, board, await connect(options, board, open));
    await new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    });
  } finally {
    board.powerOff();
    for (const close of open) await close();
    flash.close();
  }
}

/** Any address beyond this machine's own needs a word of the user's, and is warned of. */
function refuseOthers({ listen, control, lan }: VirtualOptions): void {
  const open = [listen, control].filter((uri) => uri !== undefined && !isLoopbackListen(uri));
  if (!open.length) return;
  if (!lan)
    throw usageError(
      `${open.join(" and ")} can be reached from other machines, and nothing protects the board ` +
        "from them: use 127.0.0.1, or say --lan",
    );
  console.error(`Warning: whoever reaches ${open.join(" or ")} can use and steer this board.`);
}

function owned(file: string): () => void {
  try {
    return lockFile(file);
  } catch (error) {
    const next = "Stop that one, or choose another file. Nothing was started.";
    throw new CliError(EXIT.FILES, (error as Error).message, next);
  }
}

/** How the board is reached. */
interface Ways {
  listening?: string;
  reader?: string;
  control?: string;
}

/** Powers it on; `open` gets what must be closed again, also when it fails. */
async function connect(
  { listen, reader, control }: VirtualOptions,
  board: VirtualBoard,
  open: (() => Promise<void>)[],
): Promise<Ways> {
  const ways: Ways = {};
  if (listen !== undefined) {
    const card = await listenCard(board, listen);
    open.push(card.close);
    ways.listening = card.uri;
  }
  if (control !== undefined) {
    const listening = await listenControl(board, control);
    open.push(listening.close);
    ways.control = listening.uri;
  }
  board.powerOn();
  if (reader !== undefined) {
    const slot = await putInReader(board, reader);
    open.unshift(slot.close);
    ways.reader = slot.place;
  }
  return ways;
}

function announce(options: VirtualOptions, board: VirtualBoard, ways: Ways): void {
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
  if (ways.control) console.log(`control ${ways.control}`);
  if (ways.reader) console.log(`reader ${ways.reader}`);
  if (ways.listening) console.log(`listening ${ways.listening}`);
}
