/**
 * RESET (docs/protocol.md section 6): everything of the wallet is forgotten in one commit; Kcard and
 * Cert_Card stay (I10). By the access code, or by the board's button.
 */
import { At, Forget, Rec } from "../../board/arena.js";
import { A, pressed } from "../../board/board.js";
import { zero } from "../../board/kernel.js";
import { commit, secretsIn } from "../../vault/vault.js";
import { State, SW } from "../../wire/generated.js";
import { codeLost, level, Level } from "../session.js";
import { countDrop, dropRefused, startDropDelay } from "./destination.js";

export function reset(): number {
  const state = A[At.REC + Rec.STATE];
  if (state === State.EMPTY) return SW.OK;
  const word = dropRefused();
  if (word) return word;
  if (state !== State.OFFERED && level !== Level.CODE && !pressed()) return SW.CODE;
  secretsIn();
  countDrop();
  zero(At.REC + Forget.FROM, Forget.LENGTH);
  zero(At.REC + Forget.SECRETS_FROM, Forget.SECRETS_LENGTH);
  A[At.REC + Rec.N] = 0;
  A[At.REC + Rec.K] = 0;
  if (!commit(State.EMPTY)) return SW.MEMORY;
  codeLost();
  startDropDelay();
  return SW.OK;
}
