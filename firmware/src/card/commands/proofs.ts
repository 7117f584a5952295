/** Proofs by Kcard (docs/protocol.md section 8): PROVE and the copy ledger, LEDGER. */
import type { Answer, Offset } from "../../types.js";
import { At, Ledger, LedgerSlot, Ok, Proof, Rec, SignedLedger, SlotAt } from "../../wire/layout.js";
import { bytes } from "../../board/board.js";
import { copy, pubkey, zero } from "../../wire/kernel.js";
import { Label, LabelSize, Size, Slot, State } from "../../wire/generated.js";
import { attest, compressTo, digest, putSuite } from "../identity.js";

export function prove(): Answer {
  copy(At.OUT, At.DATA, Proof.CHALLENGE_SIZE);
  putSuite(At.DATA);
  copy(At.DATA + Proof.CERT, At.REC + Rec.CERT, Size.CERT);
  copy(At.DATA + Proof.CHALLENGE, At.OUT, Proof.CHALLENGE_SIZE);
  digest(Label.PROOF, LabelSize.PROOF, At.DATA, Proof.SIZE);
  attest(At.OUT);
  return Ok.PROVE;
}

/** The ledger's body in OUT, its parts as section 8 lists them. */
export function ledger(): Answer {
  const state = bytes[At.REC + Rec.STATE];
  const copied = state === State.COPY;
  zero(At.OUT, Size.LEDGER);
  putSuite(At.OUT);
  copy(At.OUT + Ledger.CHALLENGE, At.DATA, Ledger.CHALLENGE_SIZE);
  copy(At.OUT + Ledger.SET_ID, At.REC + Rec.SET_ID, Size.SET_ID);
  pubkey(At.POINT, At.NODE);
  compressTo(At.OUT + Ledger.PUBLIC_KEY, At.POINT);
  copy(At.OUT + Ledger.ID, At.REC + Rec.ID, Size.ID);
  copy(At.OUT + Ledger.SOURCE_ID, copied ? At.REC + Rec.SOURCE_ID : At.REC + Rec.ID, Size.ID);
  bytes[At.OUT + Ledger.STATE] = state;
  bytes[At.OUT + Ledger.K] = bytes[At.REC + Rec.K];
  bytes[At.OUT + Ledger.N] = bytes[At.REC + Rec.N] || 1;
  if (copied) {
    bytes[At.OUT + Ledger.SLOT_1 + LedgerSlot.STATE] = Slot.CONFIRMED;
    copy(At.OUT + Ledger.SLOT_1 + LedgerSlot.ID, At.REC + Rec.ID, Size.ID);
    copy(At.OUT + Ledger.SLOT_1 + LedgerSlot.H_TRANSFER, At.REC + Rec.H_TRANSFER, Size.HASH);
  } else {
    slotEntry(At.OUT + Ledger.SLOT_1, At.REC + Rec.SLOTS);
    slotEntry(At.OUT + Ledger.SLOT_2, At.REC + Rec.SLOTS + SlotAt.SIZE);
  }
  digest(Label.LEDGER, LabelSize.LEDGER, At.OUT, Size.LEDGER);
  attest(At.OUT + SignedLedger.SIGNATURE);
  return Ok.LEDGER;
}
function slotEntry(out: Offset, slot: Offset): void {
  bytes[out + LedgerSlot.STATE] = bytes[slot + SlotAt.STATE];
  if (bytes[slot] === Slot.OPEN || bytes[slot] === Slot.CLOSED) return;
  digest(Label.ID, LabelSize.ID, slot + SlotAt.KCARD, Size.POINT);
  copy(out + LedgerSlot.ID, At.HASH, Size.ID);
  copy(out + LedgerSlot.H_TRANSFER, slot + SlotAt.H_TRANSFER, Size.HASH);
}
