/** STATUS (docs/protocol.md section 4): what anybody may know of a card; no ids. */
import { At, Rec, SlotAt } from "../../board/arena.js";
import { A, hasButton, put } from "../../board/board.js";
import { DEMO, FIRMWARE_VERSION } from "../../config.js";
import { noVault } from "../../vault/vault.js";
import { waiting } from "../../vault/tries.js";
import { Flag, Kernel, Protocol, Size, State, SW } from "../../wire/generated.js";
import { dropWaiting } from "./destination.js";
import { failed } from "../random.js";

export function status(): number {
  const state = A[At.REC + Rec.STATE];
  const wait = state === State.OFFERED ? dropWaiting() : waiting();
  A[At.OUT] = Protocol.VERSION;
  A[At.OUT + 1] = Protocol.SUITE;
  A[At.OUT + 2] = state;
  A[At.OUT + 3] =
    (DEMO ? Flag.DEMO : 0) |
    (hasButton() ? Flag.BUTTON : 0) |
    (failed ? Flag.RNG_FAILED : 0) |
    (noVault ? Flag.NO_VAULT : 0);
  A[At.OUT + 4] = A[At.REC + Rec.N];
  A[At.OUT + 5] = A[At.REC + Rec.K];
  A[At.OUT + 6] = A[At.REC + Rec.SLOTS];
  A[At.OUT + 7] = A[At.REC + Rec.SLOTS + SlotAt.SIZE];
  A[At.OUT + 8] = A[At.REC + Rec.MISSES];
  A[At.OUT + 9] = A[At.REC + Rec.DROPS];
  A[At.OUT + 10] = wait >> 8;
  A[At.OUT + 11] = wait;
  put(FIRMWARE_VERSION, At.OUT + 12);
  A[At.OUT + 15] = Kernel.ABI;
  return (Size.STATUS << 16) | SW.OK;
}
