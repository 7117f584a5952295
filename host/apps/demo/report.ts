/**
 * The demo's one line of JSON: everything in it can be verified with any library.
 *
 * `certificate` and `ledger` are the exact bytes that were signed, label first, and the signature.
 */

import { signedCertificate } from "../../sdk/card/certificate.js";
import { signedLedger } from "../../sdk/card/ledger.js";
import type { Ledger } from "../../sdk/card/ledger.js";
import { toHex } from "../../sdk/crypto/bytes.js";
import type { GenuineCard } from "./cards.js";

export interface CardReport {
  readonly id: string;
  readonly state: "SHARED" | "COPY";
  readonly cardPublicKey: string;
  readonly certificate: string;
  /** The master key. */
  readonly walletPublicKey: string;
  readonly copy: number;
  readonly ledger: string;
  readonly signature: string;
}

export interface DemoReport {
  readonly maker: string;
  readonly digest: string;
  readonly setSize: number;
  /** Before the factory reset, the source first. */
  readonly cards: readonly CardReport[];
  readonly secondBackup: string;
  readonly wire: { readonly apdus: number; readonly bytes: number; readonly bytesPerCopy: number };
  readonly seconds: number;
}

/** What one card showed when all three signed. */
export interface SignedBy {
  readonly card: GenuineCard;
  readonly ledger: Ledger;
  readonly signature: Uint8Array;
}

export function cardReport({ card, ledger, signature }: SignedBy): CardReport {
  const { state } = ledger;
  if (state !== "SHARED" && state !== "COPY") throw new Error(`card ${card.letter} is ${state}`);
  return {
    id: toHex(card.certificate.id),
    state,
    cardPublicKey: toHex(card.certificate.cardKey),
    certificate: toHex(signedCertificate(card.certificate.bytes)),
    walletPublicKey: toHex(ledger.publicKey),
    copy: ledger.copy,
    ledger: toHex(signedLedger(ledger)),
    signature: toHex(signature),
  };
}
