/**
 * Finds out what is at the other end of a port: a card, an interpreter's prompt, or why neither.
 * A card's console is closed, so where a card answers and no prompt does, that is said.
 * Browser-safe.
 */
import type { Status } from "../../sdk/card/commands/index.js";
import { toLatin1, visible } from "../../sdk/crypto/text.js";
import { STATES } from "../../sdk/wire/generated.js";
import { BoardConsole } from "./console.js";
import { FlashError } from "./errors.js";
import { describeOpenError, type OpenPort } from "./port.js";
import { NO_KERNEL, probeCard } from "./probe.js";
import { Tap } from "./tap.js";

export interface FoundBoard {
  readonly tap: Tap;
  readonly console: BoardConsole;
  /** Of the card that runs on it, if one answered. */
  readonly card: Status | undefined;
  readonly rate: number | undefined;
}

/** Bytes that a console prints; anything else is a wrong rate or another protocol. */
function looksLikeText(bytes: Uint8Array): boolean {
  const odd = bytes.filter((b) => b > 126 || (b < 32 && ![8, 9, 10, 13, 17, 19, 27].includes(b)));
  return odd.length * 10 < bytes.length;
}

export async function findBoard(port: OpenPort, boardFiles: string): Promise<FoundBoard> {
  let found: Status | typeof NO_KERNEL | undefined;
  let seen: Uint8Array = new Uint8Array(0);
  for (const rate of port.rates) {
    const name = rate === undefined ? port.name : `${port.name} at ${rate} baud`;
    const tap = new Tap(
      await port.open(rate).catch((error: unknown) => {
        throw describeOpenError(error);
      }),
    );
    found ??= await probeCard(tap, name);
    const card = found === NO_KERNEL ? undefined : found;
    const console = tap.closed
      ? undefined
      : await BoardConsole.open(tap.borrow(), { name, boardFiles }).catch(() => undefined);
    if (console) return { tap, console, card, rate };
    if (tap.seen.length) seen = tap.seen;
    await tap.close();
    if (card) throw closedConsole(card);
    if (found) throw noKernel();
  }
  throw noBoard(port, seen);
}

function closedConsole({ state, firmware }: Status): FlashError {
  const wallet = !["BLANK", "EMPTY", "OFFERED"].includes(state);
  return new FlashError(
    "refused",
    `a Kincard card (firmware ${firmware}) runs here, ${state}: ${STATES[state].means}. ` +
      "Its console is closed, so nothing can be written through it",
    "Program the image's code .hex over SWD: it leaves the vault's pages alone. " +
      (wallet ? "The full .hex DESTROYS the key on this card. " : "") +
      "A blank card, or a DEMO image, opens its console while the button is held at power-up.",
  );
}

function noKernel(): FlashError {
  return new FlashError(
    "refused",
    "a Kincard card without its native kernel runs here (it answers 6F02 to everything). Its console " +
      "is closed, so nothing can be written through it",
    "Program the image's code .hex over SWD: it leaves the vault's pages alone. An interpreter on a PC " +
      "can't run the kernel: start it with another flash file.",
  );
}

function noBoard(port: OpenPort, seen: Uint8Array): FlashError {
  const rates = port.rates.filter((rate) => rate !== undefined).join(" and ");
  const at = rates ? ` (at ${rates} baud)` : "";
  if (seen.length === 0)
    return new FlashError(
      "link",
      `nothing answers on ${port.name}${at}: neither a card nor Espruino's prompt`,
      "Check power, that RX and TX are crossed, and that no phone is connected: Espruino's console " +
        "moves to Bluetooth then. Puck.js opens its UART only if RX was high at power-up.",
    );
  if (!looksLikeText(seen))
    return new FlashError(
      "link",
      `something sends on ${port.name}${at}, but no readable text: another baud rate, it seems`,
      "Name the rate: --port serial:PATH@RATE.",
    );
  const tail = toLatin1(seen.subarray(-80)).trim();
  return new FlashError(
    "link",
    `what answers on ${port.name}${at} is no Espruino prompt; it last said ${visible(JSON.stringify(tail))}`,
    "Check that this is the right port, and that no other program talks on it.",
  );
}
