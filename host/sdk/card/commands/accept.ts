/** ACCEPT, docs/protocol.md 6: the destination's RECEIPT for a TRANSFER. */

import { SIZES } from "../../wire/generated.js";
import { command, sized } from "./command.js";

export const ACCEPT = command<Uint8Array, Uint8Array>(
  "ACCEPT",
  (transfer) => ({ data: transfer }),
  sized("ACCEPT", SIZES.RECEIPT),
);
