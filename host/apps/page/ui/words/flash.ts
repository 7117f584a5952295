/** What the page says while it flashes a board, and when it did not. */

import type { FlashStep } from "../../../flasher/flash-board.js";
import { FLASH_TEXT } from "../../../flasher/failures.js";
import type { FlashCode, FlashFacts, PerFlashCode } from "../../../flasher/failures.js";
import { lookUp } from "../../../../sdk/failures/facts.js";
import { capital } from "../../../../sdk/crypto/text.js";
import { describeFailure } from "./failures.js";
import type { Fault } from "./failures.js";

export const FLASH_STEPS: Readonly<Record<FlashStep, string>> = {
  find: "Looking for Espruino",
  survey: "Reading what is on the board",
  write: "Writing",
  "read-back": "Reading it back",
  restart: "Waiting for the card",
};

const sentence = (text: string) => `${capital(text)}.`;
const say = (what: string, next: string) => (): Fault => ({ what, next });
/** The flasher's plain sentence is good enough for the page too. */
const plainly =
  <Code extends FlashCode>(code: Code, next: string) =>
  (facts: FlashFacts[Code]): Fault => ({
    what: sentence(lookUp(FLASH_TEXT, { code, facts })),
    next,
  });

const AGAIN = "Try again: it starts over.";
const IMAGE = "Make the image again, or choose another one.";
const REACH = "Check the cable or come nearer, then try again: it starts over.";
const SWD =
  "Program the image's code .hex over SWD: it leaves the vault's pages alone (docs/boards.md).";
const SILENT = "Check that it is on and near, and that nothing else is connected to it.";

export const FLASH_FAULTS: PerFlashCode<Fault> = {
  "flash/unsupported": plainly("flash/unsupported", "Choose another board."),
  "flash/not-confirmed": say("You did not confirm it.", "Nothing was changed on the board."),
  "flash/other-image": plainly("flash/other-image", "Choose the image that was made for it."),
  "flash/demo-image": plainly("flash/demo-image", "Make one with your own maker."),
  "flash/other-board": ({ found, wanted }) => ({
    what: `The board says that it is a ${found}; the image is for a ${wanted}.`,
    next: "Choose the image that was made for your board.",
  }),
  "flash/espruino": ({ version, binary }) => ({
    what: `The board runs Espruino ${version}, which this image was not made for.`,
    next: `Put the official ${binary} on it first (docs/boards.md).`,
  }),
  "flash/storage": (facts) => ({
    what: sentence(lookUp(FLASH_TEXT, { code: "flash/storage", facts })),
    next: `Put ${facts.binary} on the board (docs/boards.md), or make an image for its build.`,
  }),
  "flash/foreign-vault": plainly(
    "flash/foreign-vault",
    "Use the image that its card was made with, or tick the box that erases the card with its key.",
  ),
  "flash/no-room": plainly("flash/no-room", SWD),
  "flash/no-console": plainly("flash/no-console", "Connect the board by Bluetooth or USB."),
  "flash/open": ({ why }) => ({ ...describeFailure(why), next: SILENT }),
  "flash/card-here": plainly(
    "flash/card-here",
    `${SWD} A blank card, or a DEMO image, opens its console while the button is held at power-up.`,
  ),
  "flash/no-kernel": plainly("flash/no-kernel", SWD),
  "flash/silent": plainly("flash/silent", SILENT),
  "flash/not-text": plainly(
    "flash/not-text",
    "Use the kincard program on a computer, which can try other rates.",
  ),
  "flash/not-a-prompt": plainly("flash/not-a-prompt", "Choose another board or port."),
  "flash/no-answer": plainly("flash/no-answer", REACH),
  "flash/garbled": plainly("flash/garbled", REACH),
  "flash/ended": plainly("flash/ended", "Connect the board again, then try again: it starts over."),
  "flash/step-late": plainly("flash/step-late", "Switch the board off and on, then try again."),
  "flash/write": plainly("flash/write", AGAIN),
  "flash/differs": plainly("flash/differs", AGAIN),
  "flash/other-bytes": plainly("flash/other-bytes", AGAIN),
  "flash/blank": plainly("flash/blank", AGAIN),
  "flash/no-file": plainly("flash/no-file", AGAIN),
  "flash/image-file": plainly("flash/image-file", IMAGE),
  "flash/image-hash": plainly("flash/image-hash", IMAGE),
  "flash/image-json": plainly("flash/image-json", IMAGE),
  "flash/image-version": plainly("flash/image-version", IMAGE),
  "flash/image-vault": plainly("flash/image-vault", IMAGE),
  "flash/image-board": ({ board }) => ({
    what: `The image is for "${board}", which this page does not know.`,
    next: "Choose another image.",
  }),
  "flash/load": plainly("flash/load", "Check the network, and try again."),
  "flash/script": plainly("flash/script", IMAGE),
};
