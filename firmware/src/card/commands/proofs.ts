/** Proofs by Kcard (docs/protocol.md section 8): PROVE and the copy ledger, LEDGER. */
import { At, Rec, SlotAt } from "../../board/arena.js";
import { A } from "../../board/board.js";
import { copy, pubkey, zero } from "../../board/kernel.js";
import { Label, LabelSize, Protocol, Size, Slot, State, SW } from "../../wire/generated.js";
import { attest, compressTo, digest } from "../identity.js";

export function prove(): number {
  copy(At.OUT, At.DATA, 32);
  A[At.DATA] = Protocol.VERSION;
  A[At.DATA + 1] = Protocol.SUITE;
  copy(At.DATA + 2, At.REC + Rec.CERT, Size.CERT);
  copy(At.DATA + 2 + Size.CERT, At.OUT, 32);
  digest(Label.PROOF, LabelSize.PROOF, At.DATA, 34 + Size.CERT);
  attest(At.OUT);
  return (Size.SIGNATURE << 16) | SW.OK;
}

/** The ledger's body in OUT; offsets as section 8 lists them. */
export function ledger(): number {
  const state = A[At.REC + Rec.STATE];
  const copied = state === State.COPY;
  zero(At.OUT, Size.LEDGER);
  A[At.OUT] = Protocol.VERSION;
  A[At.OUT + 1] = Protocol.SUITE;
  copy(At.OUT + 2, At.DATA, 32);
  copy(At.OUT + 34, At.REC + Rec.SET_ID, Size.SET_ID);
  pubkey(At.POINT, At.NODE);
  compressTo(At.OUT + 50, At.POINT);
  copy(At.OUT + 83, At.REC + Rec.ID, Size.ID);
  copy(At.OUT + 99, copied ? At.REC + Rec.SOURCE_ID : At.REC + Rec.ID, Size.ID);
  A[At.OUT + 115] = state;
  A[At.OUT + 116] = A[At.REC + Rec.K];
  A[At.OUT + 117] = A[At.REC + Rec.N] || 1;
  if (copied) {
    A[At.OUT + 118] = Slot.CONFIRMED;
    copy(At.OUT + 119, At.REC + Rec.ID, Size.ID);
    copy(At.OUT + 135, At.REC + Rec.H_TRANSFER, Size.HASH);
  } else {
    slotEntry(At.OUT + 118, At.REC + Rec.SLOTS);
    slotEntry(At.OUT + 167, At.REC + Rec.SLOTS + SlotAt.SIZE);
  }
  digest(Label.LEDGER, LabelSize.LEDGER, At.OUT, Size.LEDGER);
  attest(At.OUT + Size.LEDGER);
  return ((Size.LEDGER + Size.SIGNATURE) << 16) | SW.OK;
}
function slotEntry(out: number, slot: number): void {
  A[out] = A[slot];
  if (A[slot] === Slot.OPEN || A[slot] === Slot.CLOSED) return;
  digest(Label.ID, LabelSize.ID, slot + SlotAt.KCARD, Size.POINT);
  copy(out + 1, At.HASH, Size.ID);
  copy(out + 17, slot + SlotAt.H_TRANSFER, Size.HASH);
}
