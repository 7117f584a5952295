/** NAME_SOURCE, docs/protocol.md 6: tells a destination whose key it may take. */

import { concat } from "../../crypto/bytes.js";
import { command, silent } from "./command.js";

export interface SourceName {
  readonly id: Uint8Array;
  readonly setId: Uint8Array;
}

export const NAME_SOURCE = command<SourceName, void>(
  "NAME_SOURCE",
  ({ id, setId }) => ({ data: concat(id, setId) }),
  silent("NAME_SOURCE"),
);
