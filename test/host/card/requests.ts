/** Certificate requests as a card makes them (docs/protocol.md 4, PERSONALISE). */

import type { CertificateRequest } from "../../../host/sdk/card/certificate.js";
import { makerId } from "../../../host/sdk/card/identity.js";
import type { KeyPair } from "../../../host/sdk/crypto/curve.js";
import { signMessage } from "../../../host/sdk/crypto/ecdsa.js";
import { label } from "../../../host/sdk/crypto/labels.js";

export function requestOf(card: KeyPair, maker: Uint8Array): CertificateRequest {
  const signed = [label("REQUEST"), Uint8Array.of(1, 1), makerId(maker), card.point];
  return { cardKey: card.point, signature: signMessage(card.secret, ...signed) };
}
