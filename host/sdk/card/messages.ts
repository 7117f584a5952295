/**
 * The backup's messages as the host sees them, docs/protocol.md 6: fields and outer signatures. No decision rests on these checks; they make clear errors early. Browser-safe.
 */

import { equal, Reader } from "../crypto/bytes.js";
import { isPoint } from "../crypto/curve.js";
import { verifyMessage } from "../crypto/ecdsa.js";
import { hash } from "../crypto/hash.js";
import { label } from "../crypto/labels.js";
import { PROTOCOL_VERSION, SIZES, SUITE, TYPES } from "../wire/generated.js";
import type { LabelName } from "../wire/generated.js";
import { verifyCertificate, VerifyError } from "./certificate.js";
import type { Certificate } from "./certificate.js";

export interface Offer {
  readonly bytes: Uint8Array;
  readonly certificate: Certificate;
  readonly link: Uint8Array;
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

const SIGNED = SIZES.OFFER - SIZES.SIGNATURE;

function open(bytes: Uint8Array, type: number, maker: Uint8Array, name: LabelName, what: string) {
  const reader = new Reader(bytes, what);
  if (!equal(reader.take(SIZES.HEADER), Uint8Array.of(PROTOCOL_VERSION, SUITE, type))) {
    throw new VerifyError("content", `${what} has a wrong header`);
  }
  const certificate = verifyCertificate(maker, reader.take(SIZES.CERT));
  const link = reader.take(SIZES.POINT);
  const rest = reader.take(32);
  const signature = reader.take(SIZES.SIGNATURE);
  const signed = bytes.subarray(0, SIGNED);
  if (!isPoint(link) || !verifyMessage(certificate.cardKey, signature, label(name), signed)) {
    throw new VerifyError("forged", `${what} is not signed by the card that it names`);
  }
  return { reader, certificate, link, rest };
}

/** Checks an OFFER's chain: maker, card, link key. */
export function verifyOffer(maker: Uint8Array, bytes: Uint8Array): Offer {
  const { reader, certificate, link, rest } = open(bytes, TYPES.OFFER, maker, "OFFER", "the offer");
  reader.end();
  return {
    ...{ bytes: bytes.slice(), certificate, link },
    sourceId: rest.slice(0, SIZES.ID),
    setId: rest.slice(SIZES.ID),
  };
}

/** Checks a TRANSFER's chain, and with an OFFER that it answers this one. */
export function verifyTransfer(maker: Uint8Array, bytes: Uint8Array, offer?: Uint8Array): Transfer {
  const what = "the transfer";
  const { reader, certificate, link, rest } = open(bytes, TYPES.TRANSFER, maker, "TRANSFER", what);
  const enc = reader.take(SIZES.ENC);
  reader.end();
  if (offer && !equal(rest, hash(offer))) {
    throw new VerifyError("content", "the transfer answers another offer");
  }
  return { bytes: bytes.slice(), certificate, link, offerHash: rest, enc };
}
