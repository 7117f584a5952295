/** PUBLIC_KEY, docs/protocol.md 7: what an xpub at a BIP32 path needs from the card. */

import { encodePath } from "../../crypto/bip32.js";
import { SIZES } from "../../wire/generated.js";
import { command, sized } from "./command.js";

export interface PublicKeyAnswer {
  readonly publicKey: Uint8Array;
  readonly chainCode: Uint8Array;
  /** Zeros for the master key. */
  readonly parent: Uint8Array;
}

const AFTER_CHAIN_CODE = SIZES.POINT + 32;
const size = sized("PUBLIC_KEY", AFTER_CHAIN_CODE + SIZES.POINT);

export const PUBLIC_KEY = command<readonly number[], PublicKeyAnswer>(
  "PUBLIC_KEY",
  (path) => ({ data: encodePath(path) }),
  (answer) => ({
    publicKey: size(answer).slice(0, SIZES.POINT),
    chainCode: answer.slice(SIZES.POINT, AFTER_CHAIN_CODE),
    parent: answer.slice(AFTER_CHAIN_CODE),
  }),
);
