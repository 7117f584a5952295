/** CANCEL, docs/protocol.md 6: drops a destination's offer (button, or counted). */

import { command, nothing, silent } from "./command.js";

export const CANCEL = command<void, void>("CANCEL", nothing, silent("CANCEL"));
