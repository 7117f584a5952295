/**
 * Making a card (docs/protocol.md section 4): PERSONALISE, CERTIFY, CERTIFICATE.
 * The maker only signs; Kcard is born here and never leaves.
 */
import type { Answer } from "../../types.js";
import { At, Bank, Cert, Ok, Rec, Request } from "../../wire/layout.js";
import { bytes, closeConsole, hasButton, hasLight } from "../../board/board.js";
import { copy, equal, pubkey } from "../../wire/kernel.js";
import { commit, noVault } from "../../vault/vault.js";
import { Label, LabelSize, Option, Size, State, SW } from "../../wire/generated.js";
import { attest, compressTo, digest, putSuite, verifyCertificate } from "../identity.js";
import { randomKey } from "../random.js";

export function personalise(): Answer {
  if (noVault) return SW.NO_VAULT;
  if (!bytes[At.REC + Rec.HAS_KCARD]) {
    // The prompt of a blank card sees all of the memory.
    closeConsole();
    if (!randomKey(At.REC + Rec.KCARD)) return SW.RANDOM;
    pubkey(At.REC + Rec.KCARD_PUB, At.REC + Rec.KCARD);
    bytes[At.REC + Rec.HAS_KCARD] = 1;
    bytes[At.REC + Rec.FORMAT] = Bank.FORMAT;
    if (!commit(State.BLANK)) return SW.MEMORY;
  }
  // DATA = a certificate before its signature: what the request's signature covers.
  putSuite(At.DATA);
  copy(At.DATA + Cert.MAKER_ID, At.MAKER_ID, Size.MAKER_ID);
  compressTo(At.DATA + Cert.KCARD, At.REC + Rec.KCARD_PUB);
  copy(At.OUT + Request.KCARD, At.DATA + Cert.KCARD, Size.POINT);
  digest(Label.REQUEST, LabelSize.REQUEST, At.DATA, Cert.SIGNATURE);
  attest(At.OUT + Request.SIGNATURE);
  return Ok.PERSONALISE;
}

/** DATA = Cert_Card, then what the NFC tag is to show: public, and nothing rests on it. */
export function certify(_p1: number, length: number): Answer {
  // A card without Kcard holds zeros for it, which no certificate names.
  if (!verifyCertificate(At.DATA) || !equal(At.POINT, At.REC + Rec.KCARD_PUB, At.POINT_SIZE))
    return SW.CRYPTO;
  if (bytes[At.DATA + Cert.SUITE] & Option.CONSENT && !(hasButton() && hasLight()))
    return SW.NO_BUTTON;
  digest(Label.ID, LabelSize.ID, At.DATA + Cert.KCARD, Size.POINT);
  copy(At.REC + Rec.ID, At.HASH, Size.ID);
  copy(At.REC + Rec.CERT, At.DATA, Size.CERT);
  bytes[At.REC + Rec.URL_LENGTH] = length - Size.CERT;
  copy(At.REC + Rec.URL_TEXT, At.DATA + Size.CERT, length - Size.CERT);
  return commit(State.EMPTY) ? SW.OK : SW.MEMORY;
}

export function certificate(): Answer {
  copy(At.OUT, At.REC + Rec.CERT, Size.CERT);
  return Ok.CERTIFICATE;
}
