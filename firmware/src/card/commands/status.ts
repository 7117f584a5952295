/** STATUS (docs/protocol.md section 4): what anybody may know of a card; no ids. */
import type { Answer } from "../../types.js";
import { At, Cert, Ok, Rec, SlotAt, Status } from "../../wire/layout.js";
import { bytes, hasButton, put, putShort } from "../../board/board.js";
import { DEMO, FIRMWARE_VERSION } from "../../config.js";
import { noVault } from "../../vault/vault.js";
import { waiting } from "../../vault/tries.js";
import { Kernel, Option, State, StatusFlag } from "../../wire/generated.js";
import { putSuite } from "../identity.js";
import { armed, dropWaiting } from "../presence.js";
import { failed } from "../random.js";

export function status(): Answer {
  const state = bytes[At.REC + Rec.STATE];
  const wait = state === State.OFFERED ? dropWaiting() : waiting();
  putSuite(At.OUT);
  bytes[At.OUT + Status.STATE] = state;
  bytes[At.OUT + Status.FLAGS] =
    (DEMO ? StatusFlag.DEMO : 0) |
    (hasButton() ? StatusFlag.BUTTON : 0) |
    (failed ? StatusFlag.RNG_FAILED : 0) |
    (armed ? StatusFlag.ARMED : 0) |
    ((bytes[At.REC + Rec.CERT + Cert.SUITE] & Option.CONSENT) >> 2) |
    (noVault ? StatusFlag.NO_VAULT : 0);
  bytes[At.OUT + Status.N] = bytes[At.REC + Rec.N];
  bytes[At.OUT + Status.K] = bytes[At.REC + Rec.K];
  bytes[At.OUT + Status.SLOT_1] = bytes[At.REC + Rec.SLOTS];
  bytes[At.OUT + Status.SLOT_2] = bytes[At.REC + Rec.SLOTS + SlotAt.SIZE];
  bytes[At.OUT + Status.MISSES] = bytes[At.REC + Rec.MISSES];
  bytes[At.OUT + Status.DROPS] = bytes[At.REC + Rec.DROPS];
  putShort(At.OUT + Status.WAIT, wait);
  put(FIRMWARE_VERSION, At.OUT + Status.FIRMWARE);
  bytes[At.OUT + Status.ABI] = Kernel.ABI;
  return Ok.STATUS;
}
