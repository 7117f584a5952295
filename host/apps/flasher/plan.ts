/**
 * What will be done to a board, decided before anything is: from what the board says, what is on it
 * and what was asked for. No I/O.
 */
import { align4, HEADER, isPiece } from "../../../hw/images/storage-names.js";
import { isKnownVersion, storageBytes, type Board } from "../../../hw/boards/board.js";
import type { Manifest } from "../../../hw/images/manifest.js";
import type { BoardEnvironment } from "./console/console.js";
import { FlashError } from "./failures.js";
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
  /** What an update erases, in this order, and what of the image it leaves as it is. */
  readonly erases: readonly string[];
  readonly stays: readonly string[];
  readonly destroysWallet: boolean;
  readonly holdsCard: boolean;
}

/** Refusals that need no board. */
export function checkImage(board: Board, image: Manifest, { force, demo }: FlashChoices): void {
  if (image.board !== board.id)
    throw new FlashError("flash/other-image", { image: image.board, board: board.id });
  if (image.demo && !force && !demo) throw new FlashError("flash/demo-image", {});
}

/** Refusals that depend on the firmware under the image. */
export function checkFirmware(
  board: Board,
  environment: BoardEnvironment,
  found: Survey,
  { force }: FlashChoices,
): void {
  const { BOARD, VERSION, STORAGE } = environment;
  if (BOARD !== board.boardName) {
    const facts = { found: BOARD, board: board.id, wanted: board.boardName };
    throw new FlashError("flash/other-board", facts);
  }
  const binary = board.binary.replace("%v", "2v29");
  if (!isKnownVersion(VERSION) && !force)
    throw new FlashError("flash/espruino", { version: VERSION, binary });
  const [wantedBytes, wantedAddress] = [storageBytes(board), board.storage.address];
  const wrongSize = STORAGE !== undefined && STORAGE !== wantedBytes;
  const wrongPlace = found.start !== 0 && found.start !== wantedAddress;
  if (!wrongSize && !wrongPlace) return;
  const there = { bytes: STORAGE, address: found.start };
  throw new FlashError("flash/storage", { ...there, wantedBytes, wantedAddress, binary });
}

/**
 * The files that an update takes away before it writes its own, and those it does not write. The
 * log's first file stays, whatever it is: what is erased before the vault lets Espruino move it.
 */
function update({ files, first }: Survey, image: Manifest): Pick<Plan, "erases" | "stays"> {
  const stays = image.files.filter(({ name, file }) => !file || name === first);
  const code = image.files.map(({ name }) => name).filter((name) => !isPiece(name));
  const pieces = files.filter((name) => isPiece(name) && name !== first);
  const names = stays.map(({ name }) => name);
  return {
    erases: [...code.filter((name) => !names.includes(name)).reverse(), ...pieces],
    stays: names,
  };
}

export function plan(found: Survey, image: Manifest, choices: FlashChoices): Plan {
  const ours = new Set(image.files.map(({ name }) => name));
  const others = found.files.filter((name) => !ours.has(name) && !isPiece(name));
  // What is not known to be empty holds a key.
  const holdsCard = found.vault === "in use" || found.vault === "foreign";
  if (!holdsCard || choices.destroyWallet)
    return {
      ...{ mode: "fresh", loses: others, erases: [], stays: [] },
      ...{ destroysWallet: holdsCard, holdsCard },
    };
  if (found.vault === "foreign") throw new FlashError("flash/foreign-vault", {});
  const changes = update(found, image);
  const needed = image.files
    .filter(({ name }) => !changes.stays.includes(name))
    .reduce((sum, { size }) => sum + HEADER + align4(size), 0);
  if (found.free < needed)
    throw new FlashError("flash/no-room", {
      ...{ needed, free: found.free, hex: image.hex.code.file },
    });
  return { mode: "update", loses: [], ...changes, destroysWallet: false, holdsCard };
}
