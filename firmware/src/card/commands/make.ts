/**
 * Making a card (docs/protocol.md section 4): PERSONALISE, CERTIFY, CERTIFICATE.
 * The maker only signs; Kcard is born here and never leaves.
 */
import { At, Rec } from "../../board/arena.js";
import { A, closeConsole } from "../../board/board.js";
import { copy, equal, pubkey } from "../../board/kernel.js";
import { Bank } from "../../vault/layout.js";
import { commit, noVault, secretsIn } from "../../vault/vault.js";
import { Label, LabelSize, Protocol, Size, State, SW } from "../../wire/generated.js";
import { attest, certified, compressTo, digest } from "../identity.js";
import { randomKey } from "../random.js";

export function personalise(): number {
  if (noVault) return SW.NO_VAULT;
  if (!A[At.REC + Rec.HAS_KCARD]) {
    // The prompt of a blank card sees all of the memory.
    closeConsole();
    secretsIn();
    if (!randomKey(At.REC + Rec.KCARD)) return SW.RANDOM;
    pubkey(At.REC + Rec.KCARD_PUB, At.REC + Rec.KCARD);
    A[At.REC + Rec.HAS_KCARD] = 1;
    A[At.REC + Rec.FORMAT] = Bank.FORMAT;
    if (!commit(State.BLANK)) return SW.MEMORY;
  }
  // DATA = version, suite, maker id, Kcard: what the request's signature covers.
  A[At.DATA] = Protocol.VERSION;
  A[At.DATA + 1] = Protocol.SUITE;
  copy(At.DATA + 2, At.MAKER_ID, Size.MAKER_ID);
  compressTo(At.DATA + 6, At.REC + Rec.KCARD_PUB);
  copy(At.OUT, At.DATA + 6, Size.POINT);
  digest(Label.REQUEST, LabelSize.REQUEST, At.DATA, 39);
  attest(At.OUT + Size.POINT);
  return ((Size.POINT + Size.SIGNATURE) << 16) | SW.OK;
}

/** DATA = Cert_Card, then what the NFC tag is to show: public, and nothing rests on it. */
export function certify(_p1: number, length: number): number {
  if (!A[At.REC + Rec.HAS_KCARD]) return SW.STATE;
  if (!certified(At.DATA) || !equal(At.POINT, At.REC + Rec.KCARD_PUB, 64)) return SW.CRYPTO;
  digest(Label.ID, LabelSize.ID, At.DATA + 6, Size.POINT);
  copy(At.REC + Rec.ID, At.HASH, Size.ID);
  copy(At.REC + Rec.CERT, At.DATA, Size.CERT);
  A[At.REC + Rec.URL] = length - Size.CERT;
  copy(At.REC + Rec.URL + 1, At.DATA + Size.CERT, length - Size.CERT);
  return commit(State.EMPTY) ? SW.OK : SW.MEMORY;
}

export function certificate(): number {
  copy(At.OUT, At.REC + Rec.CERT, Size.CERT);
  return (Size.CERT << 16) | SW.OK;
}
