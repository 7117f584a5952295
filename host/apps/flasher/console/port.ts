/** Where a board's console is, before there is a card and lines. Browser-safe. */
import type { Duplex } from "../../../sdk/links/link.js";

export interface OpenPort {
  readonly name: string;
  /** The rates to try in turn; one entry where the link has none. */
  readonly rates: readonly (number | undefined)[];
  open(rate: number | undefined): Promise<Duplex>;
  /** The image will not be found behind it: over the air it has another name and address. */
  readonly moves?: boolean;
}
