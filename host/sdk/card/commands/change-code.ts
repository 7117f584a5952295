/** CHANGE_CODE, docs/protocol.md 5: cost || S for the salt of SALT; only this card changes. */

import { concat } from "../../crypto/bytes.js";
import { command, silent } from "./command.js";

export interface NewCode {
  /** log2 of scrypt's N. */
  readonly cost: number;
  readonly stretched: Uint8Array;
}

export const encodeNewCode = ({ cost, stretched }: NewCode) => ({
  data: concat(Uint8Array.of(cost), stretched),
});

export const CHANGE_CODE = command<NewCode, void>(
  "CHANGE_CODE",
  encodeNewCode,
  silent("CHANGE_CODE"),
);
