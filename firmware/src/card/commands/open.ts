/** OPEN (docs/protocol.md section 5): the card's side of the channel's handshake. */
import type { Answer, Offset } from "../../types.js";
import { Aead, At, Hello, Ok, Opened, Rec } from "../../wire/layout.js";
import {
  aeadSeal,
  copy,
  decompress,
  ecdh,
  ecdsaSign,
  hkdf,
  pubkey,
  sha256,
  zero,
} from "../../wire/kernel.js";
import { Label, LabelSize, Size, SW } from "../../wire/generated.js";
import { compressTo, putSuite } from "../identity.js";
import { randomKey } from "../random.js";
import { endSession, startSession } from "../session.js";

/** Puts label, version, suite at MSG; returns where the next byte goes. */
function transcript(label: Label, labelSize: LabelSize): Offset {
  copy(At.MSG, At.LABELS + label, labelSize);
  putSuite(At.MSG + labelSize);
  return At.MSG + labelSize + 2;
}

export function open(): Answer {
  endSession();
  if (!decompress(At.POINT, At.DATA)) return SW.CRYPTO;
  if (!randomKey(At.KEY)) return SW.RANDOM;
  pubkey(At.POINT2, At.KEY);
  if (!ecdh(At.SHARED, At.POINT, At.KEY)) return SW.CRYPTO;
  compressTo(At.OUT + Opened.POINT, At.POINT2);

  let end = transcript(Label.HELLO, LabelSize.HELLO);
  copy(end, At.DATA, Size.POINT);
  copy(end + Size.POINT, At.OUT, Size.POINT);
  sha256(At.HASH, At.MSG, end + 2 * Size.POINT - At.MSG);
  zero(At.BLOCK, Aead.AAD);
  hkdf(At.BLOCK, At.SHARED, At.HASH, At.LABELS + Label.KHELLO);

  end = transcript(Label.CHANNEL, LabelSize.CHANNEL);
  copy(end, At.REC + Rec.CERT, Size.CERT);
  copy(end + Size.CERT, At.DATA, Size.POINT);
  copy(end + Size.CERT + Size.POINT, At.OUT, Size.POINT);
  sha256(At.HASH2, At.MSG, end + Size.CERT + 2 * Size.POINT - At.MSG);
  hkdf(At.RX, At.SHARED, At.HASH2, At.LABELS + Label.KTOCARD);
  hkdf(At.TXKEY, At.SHARED, At.HASH2, At.LABELS + Label.KTOHOST);

  ecdsaSign(At.SIG, At.HASH2, At.REC + Rec.KCARD);
  copy(At.DATA + Hello.CERT, At.REC + Rec.CERT, Size.CERT);
  copy(At.DATA + Hello.SIGNATURE, At.SIG, Size.SIGNATURE);
  copy(At.DATA + Hello.SCRYPT, At.REC + Rec.SCRYPT, Rec.SCRYPT_SIZE);
  aeadSeal(At.BLOCK, At.DATA, Size.HELLO, 0);
  copy(At.OUT + Opened.HELLO, At.DATA, Size.HELLO + Size.TAG);
  startSession();
  return Ok.OPEN;
}
