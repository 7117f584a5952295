/** FINISH, docs/protocol.md 6: closes the set for good. */

import { command, silent } from "./command.js";

export interface FinishOptions {
  /** Also when a sealed copy has no receipt. */
  readonly unconfirmed?: boolean;
}

export const FINISH = command<FinishOptions, void>(
  "FINISH",
  ({ unconfirmed }) => ({ p1: unconfirmed ? 1 : 0 }),
  silent("FINISH"),
);
