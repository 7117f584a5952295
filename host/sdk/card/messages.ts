/**
 * The backup's messages as the host sees them, docs/protocol.md 6: fields and outer signatures. No
 * decision rests on these checks; they make clear errors early. Browser-safe.
 */

import { equal, Reader } from "../crypto/bytes.js";
import { isPoint } from "../crypto/curve.js";
import { verifyMessage } from "../crypto/ecdsa.js";
import { hash } from "../crypto/hash.js";
import { label } from "../crypto/labels.js";
import { LAYOUTS, PROTOCOL_VERSION, SIZES, SUITE, TYPES } from "../wire/generated.js";
import { VerifyError } from "../failures/failure.js";
import { verifyCertificate } from "./certificate.js";
import type { Certificate } from "./certificate.js";

export interface Offer {
  readonly bytes: Uint8Array;
  readonly certificate: Certificate;
  readonly link: Uint8Array;
  /** OFFERs that the card has made, this one included. */
  readonly counter: number;
  readonly sourceId: Uint8Array;
  readonly setId: Uint8Array;
}

export interface Transfer {
  readonly bytes: Uint8Array;
  readonly certificate: Certificate;
  readonly link: Uint8Array;
  readonly offerHash: Uint8Array;
  /** Sealed: wallet key, code's salt and cost, set id, set size, copy number. */
  readonly enc: Uint8Array;
}

const { Msg, Offer } = LAYOUTS;
/** What comes between link key and signature, and how much the signature is over. */
const PARTS = {
  OFFER: { rest: Offer.SIGNATURE - Offer.COUNTER, signed: Offer.SIGNATURE },
  TRANSFER: { rest: Msg.OFFER_HASH_SIZE, signed: Msg.SIGNATURE },
} as const;

function open(bytes: Uint8Array, maker: Uint8Array, message: keyof typeof PARTS) {
  const reader = new Reader(bytes, `the ${message}`);
  const header = Uint8Array.of(PROTOCOL_VERSION, SUITE, TYPES[message]);
  if (!equal(reader.take(SIZES.HEADER), header)) {
    throw new VerifyError("verify/message-header", { message });
  }
  const certificate = verifyCertificate(maker, reader.take(SIZES.CERT));
  const link = reader.take(SIZES.POINT);
  const rest = reader.take(PARTS[message].rest);
  const signature = reader.take(SIZES.SIGNATURE);
  const signed = bytes.subarray(0, PARTS[message].signed);
  if (!isPoint(link) || !verifyMessage(certificate.cardKey, signature, label(message), signed)) {
    throw new VerifyError("verify/message", { message });
  }
  return { reader, certificate, link, rest };
}

/** Checks an OFFER's chain: maker, card, link key. */
export function verifyOffer(maker: Uint8Array, bytes: Uint8Array): Offer {
  const { reader, certificate, link, rest } = open(bytes, maker, "OFFER");
  reader.end();
  return {
    ...{ bytes: bytes.slice(), certificate, link },
    counter: new Reader(rest, "the counter").uint32(),
    sourceId: rest.slice(Offer.COUNTER_SIZE, Offer.COUNTER_SIZE + SIZES.ID),
    setId: rest.slice(Offer.COUNTER_SIZE + SIZES.ID),
  };
}

/** Checks a TRANSFER's chain, and with an OFFER that it answers this one. */
export function verifyTransfer(maker: Uint8Array, bytes: Uint8Array, offer?: Uint8Array): Transfer {
  const { reader, certificate, link, rest } = open(bytes, maker, "TRANSFER");
  const enc = reader.take(SIZES.ENC);
  reader.end();
  if (offer && !equal(rest, hash(offer))) {
    throw new VerifyError("verify/message-answer", { message: "TRANSFER" });
  }
  return { bytes: bytes.slice(), certificate, link, offerHash: rest, enc };
}
