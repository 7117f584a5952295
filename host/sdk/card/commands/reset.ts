/** RESET, docs/protocol.md 6: factory reset, after the access code or with the button held. */

import { command, nothing, silent } from "./command.js";

export const RESET = command<void, void>("RESET", nothing, silent("RESET"));
