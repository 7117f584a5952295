/** SALT, docs/protocol.md 5: a fresh salt for one ACTIVATE or CHANGE_CODE. */

import { SIZES } from "../../wire/generated.js";
import { command, nothing, sized } from "./command.js";

export const SALT = command<void, Uint8Array>("SALT", nothing, sized("SALT", SIZES.SALT));
