/** SIGN, docs/protocol.md 7: signs a digest with the key at a BIP32 path. */

import { encodePath } from "../../crypto/bip32.js";
import { concat } from "../../crypto/bytes.js";
import { SIZES } from "../../wire/generated.js";
import { command, sized } from "./command.js";

export interface SignInput {
  readonly path: readonly number[];
  /** 32 bytes. */
  readonly digest: Uint8Array;
}

export interface WalletSignature {
  /** r || s, low s. */
  readonly signature: Uint8Array;
  readonly recoveryId: number;
}

const size = sized("SIGN", SIZES.SIGNATURE + 1);

export const SIGN = command<SignInput, WalletSignature>(
  "SIGN",
  ({ path, digest }) => {
    if (digest.length !== SIZES.HASH) throw new RangeError("a digest has 32 bytes");
    return { data: concat(encodePath(path), digest) };
  },
  (answer) => ({
    signature: size(answer).slice(0, SIZES.SIGNATURE),
    recoveryId: answer[SIZES.SIGNATURE] as number,
  }),
);
