/**
 * The copy ledger and the proof of being genuine, docs/protocol.md 8. Browser-safe.
 *
 * A ledger is a genuine card's statement at one moment. A SEALED or LOST slot counts as a card that
 * holds the key.
 */

import { concat, equal, isZero, Reader } from "../crypto/bytes.js";
import { isPoint } from "../crypto/curve.js";
import { verifyMessage } from "../crypto/ecdsa.js";
import { label } from "../crypto/labels.js";
import { PROTOCOL_VERSION, SIZES, SLOT_STATES, STATES, SUITE } from "../wire/generated.js";
import type { SlotStateName, StateName } from "../wire/generated.js";
import type { CopyFault, FailureFacts } from "../failures/facts.js";
import { VerifyError } from "../failures/failure.js";
import type { Certificate } from "./certificate.js";

export interface LedgerSlot {
  readonly state: SlotStateName;
  readonly id: Uint8Array;
  /** H(TRANSFER); zeros in an unused slot. */
  readonly transferHash: Uint8Array;
}

export interface Ledger {
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
  readonly challenge: Uint8Array;
  readonly setId: Uint8Array;
  /** The wallet's master public key. */
  readonly publicKey: Uint8Array;
  readonly ownId: Uint8Array;
  readonly sourceId: Uint8Array;
  readonly state: StateName;
  /** This card's number among the copies: the source is 1. */
  readonly copy: number;
  /** 1 for a key that was never shared. */
  readonly setSize: number;
  readonly slots: readonly [LedgerSlot, LedgerSlot];
}

export function stateName(value: number): StateName | undefined {
  const entries = Object.entries(STATES) as [StateName, { value: number }][];
  return entries.find(([, state]) => state.value === value)?.[0];
}

export function slotStateName(value: number): SlotStateName | undefined {
  const entries = Object.entries(SLOT_STATES) as [SlotStateName, { value: number }][];
  return entries.find(([, state]) => state.value === value)?.[0];
}

type Field = FailureFacts["verify/ledger-content"]["field"];
function known<T>(value: T | undefined, field: Field): T {
  if (value === undefined) throw new VerifyError("verify/ledger-content", { field });
  return value;
}

/** body [216] || signature [64]; nothing is verified yet. */
export function parseLedger(answer: Uint8Array): Ledger {
  const reader = new Reader(answer, "the ledger");
  const version = reader.take(2);
  const challenge = reader.take(32);
  const setId = reader.take(SIZES.SET_ID);
  const publicKey = reader.take(SIZES.POINT);
  const ownId = reader.take(SIZES.ID);
  const sourceId = reader.take(SIZES.ID);
  const state = known(stateName(reader.byte()), "state");
  const copy = reader.byte();
  const setSize = reader.byte();
  const slot = (): LedgerSlot => ({
    state: known(slotStateName(reader.byte()), "slot state"),
    id: reader.take(SIZES.ID),
    transferHash: reader.take(SIZES.HASH),
  });
  const slots: [LedgerSlot, LedgerSlot] = [slot(), slot()];
  const signature = reader.take(SIZES.SIGNATURE);
  reader.end();
  if (!equal(version, Uint8Array.of(PROTOCOL_VERSION, SUITE))) {
    throw new VerifyError("verify/ledger-content", { field: "version" });
  }
  const body = answer.slice(0, SIZES.LEDGER);
  return {
    ...{ body, signature, challenge, setId, publicKey, ownId, sourceId, state, copy, setSize },
    slots,
  };
}

/** A ledger that this card signed for this challenge, or VerifyError. */
export function verifyLedger(
  certificate: Certificate,
  challenge: Uint8Array,
  answer: Uint8Array,
): Ledger {
  const ledger = parseLedger(answer);
  if (!verifyMessage(certificate.cardKey, ledger.signature, label("LEDGER"), ledger.body)) {
    throw new VerifyError("verify/ledger", {});
  }
  if (!equal(ledger.challenge, challenge)) {
    throw new VerifyError("verify/ledger-stale", {});
  }
  if (!equal(ledger.ownId, certificate.id)) {
    throw new VerifyError("verify/ledger-card", {});
  }
  // A card whose source was hostile may hold what is no key, or say what no card of ours says.
  if (!isPoint(ledger.publicKey)) {
    throw new VerifyError("verify/ledger-content", { field: "public key" });
  }
  if (ledger.state === "COPY" && ledger.slots[0].state !== "CONFIRMED") {
    throw new VerifyError("verify/ledger-content", { field: "first slot" });
  }
  return ledger;
}

/** The exact bytes that the card signed, label first, then the signature. */
export function signedLedger(ledger: Ledger): Uint8Array {
  return concat(label("LEDGER"), ledger.body, ledger.signature);
}

/** What a source's ledger says of one destination; undefined when it was never sealed to. */
export function slotOf(ledger: Ledger, id: Uint8Array): LedgerSlot | undefined {
  if (ledger.state === "COPY") return undefined;
  return ledger.slots.find((slot) => !isZero(slot.id) && equal(slot.id, id));
}

/** Why a destination's ledger does not belong to a source's; empty when it does. */
export function compareLedgers(source: Ledger, copy: Ledger): CopyFault[] {
  const faults: CopyFault[] = [];
  const check = (holds: boolean, fault: CopyFault) => {
    if (!holds) faults.push(fault);
  };
  check(equal(source.publicKey, copy.publicKey), "key");
  check(equal(source.setId, copy.setId), "set");
  check(equal(source.ownId, copy.sourceId), "source");
  check(copy.state === "COPY", "state");
  check(copy.copy >= 2 && copy.copy <= copy.setSize, "number");
  if (source.setSize > 1) check(source.setSize === copy.setSize, "size");
  const slot = slotOf(source, copy.ownId);
  if (slot) {
    check(equal(slot.transferHash, copy.slots[0].transferHash), "transfer");
  }
  return faults;
}

/** PROVE: Kcard's signature over version, suite, Cert_Card and the challenge. */
export function verifyProof(
  certificate: Certificate,
  challenge: Uint8Array,
  signature: Uint8Array,
): void {
  const version = Uint8Array.of(PROTOCOL_VERSION, SUITE);
  const signed = [label("PROOF"), version, certificate.bytes, challenge];
  if (verifyMessage(certificate.cardKey, signature, ...signed)) return;
  throw new VerifyError("verify/proof", {});
}
