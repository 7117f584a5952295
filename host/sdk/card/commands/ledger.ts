/** LEDGER, docs/protocol.md 8: the signed copy ledger, unchecked (../ledger.ts verifies it). */

import { SIZES } from "../../wire/generated.js";
import { command, sized } from "./command.js";

export const LEDGER = command<Uint8Array, Uint8Array>(
  "LEDGER",
  (challenge) => ({ data: challenge }),
  sized("LEDGER", SIZES.LEDGER + SIZES.SIGNATURE),
  true,
);
