/** PROVE, docs/protocol.md 8: Kcard's signature over a challenge. */

import { SIZES } from "../../wire/generated.js";
import { command, sized } from "./command.js";

export const PROVE = command<Uint8Array, Uint8Array>(
  "PROVE",
  (challenge) => ({ data: challenge }),
  sized("PROVE", SIZES.SIGNATURE),
);
