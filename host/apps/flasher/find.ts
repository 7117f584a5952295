/**
 * Finds out what is at the other end of a port: a card, an interpreter's prompt, or why neither.
 * A card's console is closed, so where a card answers and no prompt does, that is said.
 * Browser-safe.
 */
import type { Status } from "../../sdk/card/commands/index.js";
import { toLatin1, visible } from "../../sdk/crypto/text.js";
import { BoardConsole } from "./console/console.js";
import { failureIn } from "../../sdk/failures/failure.js";
import { FlashError } from "./failures.js";
import type { OpenPort } from "./console/port.js";
import { NO_KERNEL, probeCard } from "./console/probe.js";
import { Tap } from "./console/tap.js";

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
      await port.open(rate).catch((cause: unknown) => {
        if (cause instanceof FlashError) throw cause;
        throw new FlashError("flash/open", { port: port.name, why: failureIn(cause) }, { cause });
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
    if (card) {
      const { state, firmware } = card;
      throw new FlashError("flash/card-here", { state, firmware });
    }
    if (found) throw new FlashError("flash/no-kernel", {});
  }
  throw noBoard(port, seen);
}

function noBoard(port: OpenPort, seen: Uint8Array): FlashError {
  const where = { port: port.name, rates: port.rates.filter((rate) => rate !== undefined) };
  if (seen.length === 0) return new FlashError("flash/silent", where);
  if (!looksLikeText(seen)) return new FlashError("flash/not-text", where);
  const tail = toLatin1(seen.subarray(-80)).trim();
  const last = visible(JSON.stringify(tail));
  return new FlashError("flash/not-a-prompt", { ...where, last });
}
