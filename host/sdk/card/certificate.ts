/**
 * Cert_Card and the request for it, docs/protocol.md 2 and 4. Browser-safe.
 */

import { concat, equal, Reader } from "../crypto/bytes.js";
import { isPoint } from "../crypto/curve.js";
import { signMessage, verifyMessage } from "../crypto/ecdsa.js";
import { label } from "../crypto/labels.js";
import { VerifyError } from "../failures/failure.js";
import { OPTIONS, PROTOCOL_VERSION, SIZES, SUITE } from "../wire/generated.js";
import { cardId, makerId } from "./identity.js";

export interface Certificate {
  /** The 103 bytes. */
  readonly bytes: Uint8Array;
  readonly makerId: Uint8Array;
  /** Kcard, compressed. */
  readonly cardKey: Uint8Array;
  readonly signature: Uint8Array;
  /** Card id of Kcard. */
  readonly id: Uint8Array;
  /** It gives its key only with on-card consent, docs/protocol.md 14. */
  readonly consent: boolean;
}
/** What a maker may give a card besides its certificate. */
export interface CardOptions {
  /** On-card consent: only for a board with a button and a light, which the card checks. */
  readonly consent?: boolean;
}

/** What a card answers to PERSONALISE: Kcard, and its signature asking for a certificate. */
export interface CertificateRequest {
  readonly cardKey: Uint8Array;
  readonly signature: Uint8Array;
}

const SIGNED = SIZES.CERT - SIZES.SIGNATURE;
const VERSION = Uint8Array.of(PROTOCOL_VERSION, SUITE);
const CONSENTING = Uint8Array.of(PROTOCOL_VERSION, SUITE | OPTIONS.CONSENT);

/** Takes the fields apart; nothing is checked but the length. */
export function parseCertificate(bytes: Uint8Array): Certificate {
  const reader = new Reader(bytes, "the certificate");
  const opening = reader.take(2);
  const maker = reader.take(SIZES.MAKER_ID);
  const cardKey = reader.take(SIZES.POINT);
  const signature = reader.take(SIZES.SIGNATURE);
  reader.end();
  const id = cardId(cardKey);
  const consent = equal(opening, CONSENTING);
  return { bytes: bytes.slice(), makerId: maker, cardKey, signature, id, consent };
}

/** The certificate of a genuine card of this maker, or VerifyError. */
export function verifyCertificate(maker: Uint8Array, bytes: Uint8Array): Certificate {
  const certificate = parseCertificate(bytes);
  if (!certificate.consent && !equal(bytes.subarray(0, 2), VERSION)) {
    throw new VerifyError("verify/certificate-version", {});
  }
  if (!equal(certificate.makerId, makerId(maker))) {
    throw new VerifyError("verify/maker", {});
  }
  const signed = bytes.subarray(0, SIGNED);
  if (
    !isPoint(certificate.cardKey) ||
    !verifyMessage(maker, certificate.signature, label("CERT"), signed)
  ) {
    throw new VerifyError("verify/certificate", {});
  }
  return certificate;
}

/** The exact bytes that the maker signed, label first, then the signature: for other verifiers. */
export function signedCertificate(certificate: Uint8Array): Uint8Array {
  return concat(label("CERT"), certificate);
}

/** Signs Cert_Card over a checked request. */
export function issueCertificate(
  makerSecret: Uint8Array,
  maker: Uint8Array,
  request: CertificateRequest,
  { consent = false }: CardOptions = {},
): Uint8Array {
  verifyRequest(maker, request);
  const body = concat(consent ? CONSENTING : VERSION, makerId(maker), request.cardKey);
  return concat(body, signMessage(makerSecret, label("CERT"), body));
}

/** The request must be signed by the Kcard in it and made for this maker. */
export function verifyRequest(maker: Uint8Array, request: CertificateRequest): void {
  const { cardKey, signature } = request;
  const signed = [label("REQUEST"), VERSION, makerId(maker), cardKey];
  if (isPoint(cardKey) && verifyMessage(cardKey, signature, ...signed)) return;
  throw new VerifyError("verify/request", {});
}
