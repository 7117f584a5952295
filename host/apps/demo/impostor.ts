/**
 * An impostor: a card that follows the protocol to the letter, but was certified by a maker of its
 * own. It makes a perfect OFFER, but for that.
 */

import { issueCertificate, parseCertificate } from "../../sdk/card/certificate.js";
import type { Certificate } from "../../sdk/card/certificate.js";
import { concat } from "../../sdk/crypto/bytes.js";
import { makeKeyPair } from "../../sdk/crypto/curve.js";
import { signMessage } from "../../sdk/crypto/ecdsa.js";
import { label } from "../../sdk/crypto/labels.js";
import { makerId } from "../../sdk/card/identity.js";
import type { SourceIdentity } from "../../sdk/relay/run/run.js";
import { PROTOCOL_VERSION, SUITE, TYPES } from "../../sdk/wire/generated.js";

export interface Impostor {
  readonly certificate: Certificate;
  /** Its OFFER [239] to this source. */
  offer(source: Pick<SourceIdentity, "id" | "setId">): Uint8Array;
}

export function makeImpostor(): Impostor {
  const [maker, card, link] = [makeKeyPair(), makeKeyPair(), makeKeyPair()];
  const version = Uint8Array.of(PROTOCOL_VERSION, SUITE);
  const asked = [label("REQUEST"), version, makerId(maker.point), card.point];
  const request = { cardKey: card.point, signature: signMessage(card.secret, ...asked) };
  const bytes = issueCertificate(maker.secret, maker.point, request);
  return {
    certificate: parseCertificate(bytes),
    offer({ id, setId }) {
      const head = [version, Uint8Array.of(TYPES.OFFER), bytes, link.point];
      const body = concat(...head, Uint8Array.of(0, 0, 0, 1), id, setId);
      return concat(body, signMessage(card.secret, label("OFFER"), body));
    },
  };
}
