/**
 * What will be done to a board, decided before anything is: from what the board says, what is on it
 * and what was asked for. No I/O.
 */
import { align4, HEADER } from "../../../hw/images/storage-names.js";
import { isKnownVersion, storageBytes, type Board } from "../../../hw/boards/board.js";
import type { Manifest } from "../../../hw/images/manifest.js";
import type { BoardEnvironment } from "./console.js";
import { FlashError } from "./errors.js";
import type { Survey } from "./survey.js";

export interface FlashChoices {
  /** A DEMO image, an unknown version of Espruino: go on all the same. */
  readonly force?: boolean;
  /** A DEMO image is meant; nothing else is forced. */
  readonly demo?: boolean;
  /** The vault too, though it holds a card. */
  readonly destroyWallet?: boolean;
}
/** `fresh` erases all of Storage; `update` replaces the code behind a vault that is in use. */
export interface Plan {
  readonly mode: "fresh" | "update";
  /** Names of files that go and are none of ours. */
  readonly loses: readonly string[];
  readonly destroysWallet: boolean;
  readonly holdsCard: boolean;
}

/** Refusals that need no board. */
export function checkImage(board: Board, image: Manifest, { force, demo }: FlashChoices): void {
  if (image.board !== board.id)
    throw new FlashError(
      "usage",
      `this image is for ${image.board}, not for ${board.id}`,
      `Make the right one: npm run image -- ${board.id}`,
    );
  if (image.demo && !force && !demo)
    throw new FlashError(
      "refused",
      "this is a DEMO image: its maker's private key is published, so its cards protect nothing",
      "Make one with your own maker (npm run image -- BOARD --maker-key HEX), or add --force.",
    );
}

/** Refusals that depend on the firmware under the image. */
export function checkFirmware(
  board: Board,
  environment: BoardEnvironment,
  found: Survey,
  { force }: FlashChoices,
): void {
  const { BOARD, VERSION, STORAGE } = environment;
  const refuse = (message: string, next: string) => new FlashError("refused", message, next);
  if (BOARD !== board.boardName)
    throw refuse(
      `the board says it is a ${BOARD}; --board ${board.id} means a ${board.boardName}`,
      "Name the board that you have: docs/boards.md lists them.",
    );
  if (!isKnownVersion(VERSION) && !force)
    throw refuse(
      `the board runs Espruino ${VERSION}, which this was not made for`,
      `Put the official ${board.binary.replace("%v", "2v29")} on (docs/boards.md), or add --force.`,
    );
  const wrongSize = STORAGE !== undefined && STORAGE !== storageBytes(board);
  const wrongPlace = found.start !== 0 && found.start !== board.storage.address;
  if (wrongSize || wrongPlace)
    throw refuse(
      `its Storage is ${STORAGE ?? "?"} bytes at 0x${found.start.toString(16)}, but the image is ` +
        `for ${storageBytes(board)} bytes at 0x${board.storage.address.toString(16)}: ` +
        `another build of Espruino for the same board`,
      `Put ${board.binary.replace("%v", "2v29")} on the board (docs/boards.md), or make an image ` +
        `for the build that it has.`,
    );
}

export function plan(found: Survey, image: Manifest, choices: FlashChoices): Plan {
  const ours = new Set(image.files.map(({ name }) => name));
  const others = found.files.filter((name) => !ours.has(name));
  const holdsCard = found.vault === "in use";
  if (!holdsCard || choices.destroyWallet)
    return { mode: "fresh", loses: others, destroysWallet: holdsCard, holdsCard };
  const needed = image.files
    .filter(({ file }) => file)
    .reduce((sum, { size }) => sum + HEADER + align4(size), 0);
  if (found.free < needed)
    throw new FlashError(
      "refused",
      `the new code needs ${needed} bytes beside the vault, ${found.free} are free; making room ` +
        "means compacting Storage, and a power cut in that loses the wallet",
      `Program ${image.hex.code.file} over SWD, which leaves the vault's pages alone (docs/boards.md).`,
    );
  return { mode: "update", loses: [], destroysWallet: false, holdsCard };
}
