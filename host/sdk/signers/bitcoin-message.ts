/**
 * Bitcoin's signed messages: Bitcoin Core's signmessage, 65 bytes in base64, of which the first
 * says how the key is recovered and, by bips/bip-0137, for which kind of address it is.
 * Browser-safe.
 */

import { concat } from "../crypto/bytes.js";
import { toBase64 } from "../crypto/text.js";
import { messageDigest } from "../signed/message.js";
import type { KindName } from "../wallet/kinds.js";
import type { CardKey } from "./source.js";

/** Headers of bips/bip-0137, for compressed keys; the recovery id is added. */
const HEADERS: Readonly<Record<KindName, number>> = { pkh: 31, "sh-wpkh": 35, wpkh: 39 };

/**
 * `kind`: "pkh" is the form that Bitcoin Core and hardware wallets know, whatever the path. Throws
 * Failure input/message... for a text that can't be signed, before the card is asked.
 */
export async function signBitcoinMessage(
  key: CardKey,
  message: string,
  kind: KindName = "pkh",
): Promise<string> {
  const { signature, recoveryId } = await key.sign(messageDigest(message));
  return toBase64(concat(Uint8Array.of(HEADERS[kind] + recoveryId), signature));
}
