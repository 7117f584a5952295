/**
 * What the command line says while it flashes a board, and what to do next when it did not. What
 * happened is the flasher's own FLASH_TEXT.
 */

import type { FlashStep } from "../../flasher/flash-board.js";
import type { PerFlashCode } from "../../flasher/failures.js";

/** What is being done; the place is the port's name. */
export const FLASH_STEPS: Readonly<Record<FlashStep, (port: string) => string>> = {
  find: (port) => `Looking for Espruino on ${port}`,
  survey: () => "Reading what is on the board",
  write: () => "Writing",
  "read-back": () => "Reading it back",
  restart: () => "Waiting for the card",
};

const next = (text: string) => () => text;
const AGAIN = next("Run the same command again: it starts over.");
const OFF_AND_ON = next("Switch the board off and on, then run the command again.");
const REACH = next("Check cable and distance, then run the command again: it starts over.");
const IMAGE = ({ board = "BOARD" }: { readonly board?: string }) =>
  `Make it: npm run image -- ${board}`;
const SWD = "Program the image's code .hex over SWD: it leaves the vault's pages alone.";

export const FLASH_NEXT: PerFlashCode<string> = {
  "flash/unsupported": next("Choose another board: docs/boards.md lists them."),
  "flash/not-confirmed": next("Nothing was changed on the board."),
  "flash/other-image": ({ board }) => `Make the right one: npm run image -- ${board}`,
  "flash/demo-image": next(
    "Make one with your own maker (npm run image -- BOARD --maker-key HEX), or add --force.",
  ),
  "flash/other-board": next(
    "Name the board that you have with --board: docs/boards.md lists them.",
  ),
  "flash/espruino": ({ binary }) =>
    `Put the official ${binary} on (docs/boards.md), or add --force.`,
  "flash/storage": ({ binary }) =>
    `Put ${binary} on the board (docs/boards.md), or make an image for the build that it has.`,
  "flash/foreign-vault": next(
    "Use the image that its card was made with. To erase the card with its key: --destroy-wallet.",
  ),
  "flash/no-room": ({ hex }) =>
    `Program ${hex} over SWD, which leaves the vault's pages alone (docs/boards.md).`,
  "flash/no-console": next(
    'See docs/boards.md, "Ways to put the image on": Bluetooth, a UART adapter on the board\'s ' +
      "serial pins, or SWD with the image's .hex.",
  ),
  "flash/open": next("`kincard ports` lists the serial ports of this machine."),
  "flash/card-here": ({ state }) => {
    const empty = ["BLANK", "EMPTY", "OFFERED"].includes(state);
    return (
      `${SWD} ${empty ? "" : "The full .hex DESTROYS the key on this card. "}` +
      "A blank card, or a DEMO image, opens its console while the button is held at power-up."
    );
  },
  "flash/no-kernel": next(
    `${SWD} An interpreter on a PC can't run the kernel: start it with another flash file.`,
  ),
  "flash/silent": next(
    "Check the power, that RX and TX are crossed, and that no phone is connected: Espruino's " +
      "console moves to Bluetooth then. Puck.js opens its UART only if RX was high at power-up.",
  ),
  "flash/not-text": next("Name the rate: --port serial:PATH@RATE."),
  "flash/not-a-prompt": next(
    "Check that this is the right port, and that no other program is using it.",
  ),
  "flash/no-answer": REACH,
  "flash/garbled": REACH,
  "flash/ended": next("Connect the board again, then run the command again: it starts over."),
  "flash/step-late": OFF_AND_ON,
  "flash/write": AGAIN,
  "flash/differs": AGAIN,
  "flash/other-bytes": next("Flash it again."),
  "flash/blank": next("Nothing was changed. Run the command without --dry-run to flash it."),
  "flash/no-file": next("Flash it again."),
  "flash/image-file": IMAGE,
  "flash/image-hash": IMAGE,
  "flash/image-json": IMAGE,
  "flash/image-version": IMAGE,
  "flash/image-vault": IMAGE,
  "flash/image-board": next("Choose an image for a board that docs/boards.md lists."),
  "flash/load": next("Check the network, then run the command again."),
  "flash/script": next("Make it again: npm run image -- BOARD"),
};
