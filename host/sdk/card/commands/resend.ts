/** RESEND, docs/protocol.md 6: the TRANSFER of a sealed slot once more. */

import { SIZES } from "../../wire/generated.js";
import { command, sized } from "./command.js";

/** The slot: 0 or 1, as the ledger lists them. */
export const RESEND = command<number, Uint8Array>(
  "RESEND",
  (slot) => ({ p1: slot }),
  sized("RESEND", SIZES.TRANSFER),
  true,
);
