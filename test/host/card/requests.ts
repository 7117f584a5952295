/** Certificate requests as a card makes them (docs/protocol.md 4, PERSONALISE). */

import type { CertificateRequest } from "../../../host/card/certificate.js";
import { makerId } from "../../../host/card/identity.js";
import type { KeyPair } from "../../../host/crypto/curve.js";
import { signMessage } from "../../../host/crypto/ecdsa.js";
import { label } from "../../../host/crypto/labels.js";

export function requestOf(card: KeyPair, maker: Uint8Array): CertificateRequest {
  const signed = [label("REQUEST"), Uint8Array.of(1, 1), makerId(maker), card.point];
  return { cardKey: card.point, signature: signMessage(card.secret, ...signed) };
}
