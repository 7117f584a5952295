/** OFFER, docs/protocol.md 6: the destination's stored OFFER. */

import { SIZES } from "../../wire/generated.js";
import { command, nothing, sized } from "./command.js";

export const OFFER = command<void, Uint8Array>("OFFER", nothing, sized("OFFER", SIZES.OFFER));
