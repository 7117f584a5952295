/**
 * OFFER, TRANSFER and RECEIPT as an eavesdropper sees them: each field, and what protects it
 * (docs/protocol.md 6).
 */

import { Reader } from "../../sdk/crypto/bytes.js";
import { LAYOUTS, SIZES } from "../../sdk/wire/generated.js";

/** In the clear; in the clear under a signature; the signature itself; sealed. */
export type Cover = "public" | "signed" | "signature" | "sealed";

export interface Field {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly cover: Cover;
  readonly note: string;
}

type Plan = readonly (readonly [name: string, size: number, cover: Cover, note: string])[];

function cut(bytes: Uint8Array, what: string, plan: Plan): Field[] {
  const reader = new Reader(bytes, what);
  const fields = plan.map(([name, size, cover, note]) => ({
    ...{ name, cover, note },
    bytes: reader.take(size),
  }));
  reader.end();
  return fields;
}

/** `to` makes the offer, `from` is the source that it names. */
export function offerFields(bytes: Uint8Array, from: string, to: string): Field[] {
  const by = `signed by Kcard of ${to}`;
  return cut(bytes, "the offer", [
    ["header", SIZES.HEADER, "signed", by],
    [`Cert_Card ${to}`, SIZES.CERT, "signed", "signed by Kmaker"],
    [`Klink ${to}`, SIZES.POINT, "signed", `${by}; fresh`],
    ["counter", LAYOUTS.Offer.COUNTER_SIZE, "signed", `${by}; only rises`],
    [`id of ${from}`, SIZES.ID, "signed", by],
    ["set id", SIZES.SET_ID, "signed", by],
    ["Sign_Attest", SIZES.SIGNATURE, "signature", `of Kcard of ${to}`],
  ]);
}

export function transferFields(bytes: Uint8Array, from: string): Field[] {
  const by = `signed by Kcard of ${from}`;
  return cut(bytes, "the transfer", [
    ["header", SIZES.HEADER, "signed", by],
    [`Cert_Card ${from}`, SIZES.CERT, "signed", "signed by Kmaker"],
    [`Klink ${from}`, SIZES.POINT, "signed", `${by}; fresh`],
    ["H(OFFER)", SIZES.HASH, "signed", by],
    ["Sign_Attest", SIZES.SIGNATURE, "signature", `of Kcard of ${from}`],
    ["ENC", SIZES.ENC, "sealed", "under Ktrans: the wrapped key"],
  ]);
}

export function receiptFields(bytes: Uint8Array): Field[] {
  const note = "under Kreceipt: A alone can check it";
  return cut(bytes, "the receipt", [["HMAC", SIZES.RECEIPT, "public", note]]);
}
