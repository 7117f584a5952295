/** CONFIRM, docs/protocol.md 6: hands the source a destination's RECEIPT. */

import { command, silent } from "./command.js";

export const CONFIRM = command<Uint8Array, void>(
  "CONFIRM",
  (receipt) => ({ data: receipt }),
  silent("CONFIRM"),
);
