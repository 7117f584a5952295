/** SEAL, docs/protocol.md 6: the source's TRANSFER for an OFFER. */

import { SIZES } from "../../wire/generated.js";
import { command, sized } from "./command.js";

export const SEAL = command<Uint8Array, Uint8Array>(
  "SEAL",
  (offer) => ({ data: offer }),
  sized("SEAL", SIZES.TRANSFER),
  true,
);
