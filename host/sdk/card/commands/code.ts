/** CODE, docs/protocol.md 5: the stretched access code. */

import { command, silent } from "./command.js";

export const CODE = command<Uint8Array, void>(
  "CODE",
  (stretched) => ({ data: stretched }),
  silent("CODE"),
);
