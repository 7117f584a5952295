/** ACTIVATE, docs/protocol.md 5: the wallet key is born; answers set id and master public key. */

import { SIZES } from "../../wire/generated.js";
import { encodeNewCode } from "./change-code.js";
import type { NewCode } from "./change-code.js";
import { command, sized } from "./command.js";

export interface Activated {
  readonly setId: Uint8Array;
  readonly publicKey: Uint8Array;
}

const size = sized("ACTIVATE", SIZES.SET_ID + SIZES.POINT);

export const ACTIVATE = command<NewCode, Activated>("ACTIVATE", encodeNewCode, (answer) => ({
  setId: size(answer).slice(0, SIZES.SET_ID),
  publicKey: answer.slice(SIZES.SET_ID),
}));
