/** Where a board's console is, before there is a card and lines. Browser-safe. */
import { LinkError } from "../../sdk/links/link.js";
import type { Duplex } from "../../sdk/links/link.js";
import { FlashError } from "./errors.js";

export interface OpenPort {
  readonly name: string;
  /** The rates to try in turn; one entry where the link has none. */
  readonly rates: readonly (number | undefined)[];
  open(rate: number | undefined): Promise<Duplex>;
  /** The image will not be found behind it: over the air it has another name and address. */
  readonly moves?: boolean;
}

export function describeOpenError(error: unknown): FlashError {
  if (error instanceof FlashError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const next = "`kincard ports` lists the serial ports of this machine.";
  if (error instanceof LinkError) return new FlashError("link", message, next, { cause: error });
  return new FlashError("link", `the port could not be opened: ${message}`, next);
}
