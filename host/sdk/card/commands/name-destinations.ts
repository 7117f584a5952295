/** NAME_DESTINATIONS, docs/protocol.md 6: set size and the cards that the source may seal to. */

import { concat } from "../../crypto/bytes.js";
import { command, silent } from "./command.js";

export interface DestinationNames {
  /** 2 or 3. */
  readonly setSize: number;
  /** One or two card ids. */
  readonly ids: readonly Uint8Array[];
}

export const NAME_DESTINATIONS = command<DestinationNames, void>(
  "NAME_DESTINATIONS",
  ({ setSize, ids }) => ({ data: concat(Uint8Array.of(setSize), ...ids) }),
  silent("NAME_DESTINATIONS"),
);
