/** `kincard flash`: puts an image on a board through Espruino's prompt. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { boardById } from "../../../../../hw/boards/index.js";
import { BAUD } from "../../../../../hw/images/boot.js";
import type { Board } from "../../../../../hw/boards/board.js";
import { DIST } from "../../../../emulator/espruino/built.js";
import type { Status } from "../../../../sdk/card/commands/index.js";
import { either } from "../../../../sdk/failures/text.js";
import { LINKS } from "../../../../sdk/links/registry.js";
import { describe, flash } from "../../../flasher/flash-board.js";
import type { FlashStep } from "../../../flasher/flash-board.js";
import { readImage } from "../../../flasher/image/files.js";
import { IMAGES_FOLDER } from "../../../page/config.js";
import { portOf } from "../../../flasher/console/open.js";
import type { Plan } from "../../../flasher/plan.js";
import { assertTools } from "../../../flasher/espruino/tools.js";
import { askLine, askYes } from "../../asking/ask.js";
import type { CliContext } from "../../context.js";
import { describeState } from "../../context.js";
import { usageError } from "../../failure.js";
import { withJson } from "../../options.js";
import type { CommonOptions } from "../../options.js";
import { act } from "../../run.js";
import type { Work } from "../../output.js";
import { canAsk } from "../../asking/secrets.js";
import { FLASH_STEPS } from "../../words/flash.js";

interface Options extends CommonOptions {
  readonly board: string;
  readonly port: string;
  readonly image?: string;
  readonly verify?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly destroyWallet?: boolean;
  readonly yes?: boolean;
}

const CONSOLES = [LINKS.serial, LINKS.ble, LINKS.tcp].map(({ form }) => form);
const BUILT = fileURLToPath(DIST);

export function addFlashCommand(program: Command): void {
  const command = program.command("flash").description("put an image on a board (docs/boards.md)");
  withJson(command)
    .requiredOption("--board <id>", "which board it is")
    .requiredOption("--port <uri>", `where its console is: ${either(CONSOLES)}`)
    .option("--image <folder>", "the image (default: dist/BOARD, see `npm run image`)")
    .option("--verify", "read every byte of the code back and compare its hash")
    .option("--dry-run", "say what would be done; with --verify: compare what is there")
    .option("--force", "a DEMO image, or a version of Espruino that is not known here")
    .option("--destroy-wallet", "erase the card that the board holds, with its key")
    .option("--yes", "don't ask")
    .action(act(flashCommand));
}

/** What `npm run image` left, else what came with the package. */
function imageFolder(id: string): string {
  const made = join(BUILT, id);
  const packed = join(BUILT, "web", IMAGES_FOLDER, id);
  return !existsSync(made) && existsSync(packed) ? packed : made;
}

function boardNamed(id: string): Board {
  try {
    return boardById(id);
  } catch (error) {
    throw usageError((error as Error).message);
  }
}

const GOES_ON =
  "Writing goes on to its end. Ctrl-C again stops at once; the board must then be flashed again.";
const WRITTEN =
  "The whole image is written: switch the board off and on, then run `kincard status`.";

/** Ctrl-C ends every step at once but the writing, which would leave half an image. */
function stoppable(context: CliContext, port: string) {
  const { out, signal } = context;
  context.resume = "Nothing was changed on the board.";
  return async <T>(step: FlashStep, work: Work<T>): Promise<T> => {
    signal.throwIfAborted();
    const writing = step === "write";
    if (writing) context.resume = "Flash the board again: it may hold only a part of the image.";
    let interrupted = (): void => out.say(GOES_ON);
    const stopped = new Promise<never>((_, reject) => {
      if (!writing) interrupted = () => reject(new Error("Interrupted."));
    });
    const listener = (): void => interrupted();
    signal.addEventListener("abort", listener, { once: true });
    try {
      const result = await Promise.race([out.step(FLASH_STEPS[step](port), work), stopped]);
      if (writing) context.resume = WRITTEN;
      return result;
    } finally {
      signal.removeEventListener("abort", listener);
    }
  };
}

async function flashCommand(context: CliContext, options: Options) {
  const { out } = context;
  const board = boardNamed(options.board);
  const port = portOf(options.port, { console: board.serial?.baud ?? BAUD, image: BAUD });
  const image = readImage(options.image ?? imageFolder(board.id), board.id);
  assertTools();
  const result = await flash(
    { ...options, board, port, image },
    {
      say: (text) => out.say(text),
      step: stoppable(context, port.name),
      agreed: (plan, card) => agreed(context, plan, card, options),
    },
  );
  const { written, verified, status, espruino, plan } = result;
  const what = written ? "The image is on the board" : "Nothing was written";
  const checked = verified ? "; read back and compared" : "";
  const { version, demo } = image.manifest;
  return {
    json: { board: board.id, espruino, version, demo, written, verified, plan, status },
    text: [
      `${what}${checked}.`,
      ...(written ? [afterwards(status, port.moves)] : [`It would: ${describe(plan, image)}.`]),
      ...(demo ? ["A DEMO image: it protects nothing."] : []),
    ],
  };
}

function afterwards(status: Status | undefined, moved = false): string {
  if (moved)
    return "It has a new name on the air now: `kincard ports --ble` lists the cards in range.";
  if (status) return `The card answers: ${describeState(status)}, firmware ${status.firmware}.`;
  return "No card has answered on this port yet: switch the board off and on, then run `kincard status`.";
}

/** A wallet is destroyed only by someone who typed the word, or two options that say so. */
async function agreed(
  { signal }: CliContext,
  plan: Plan,
  card: Status | undefined,
  options: Options,
): Promise<boolean> {
  if (options.yes) return true;
  const state = card ? ` (${card.state})` : "";
  if (!canAsk()) {
    const why = plan.holdsCard ? `the board holds a card${state}` : "the board holds files";
    throw usageError(`${why}: there is no terminal to ask on, so add --yes`);
  }
  if (plan.destroysWallet) {
    const message = `This board holds a card${state}. Type "destroy" to erase it with its key: `;
    return (await askLine(message, { signal }))?.trim() === "destroy";
  }
  const message = plan.holdsCard
    ? `This board holds a card${state}. Replace its code and leave its vault alone?`
    : `Erase these files: ${plan.loses.join(", ")}?`;
  return askYes(message, { signal });
}
