/**
 * RESET (docs/protocol.md section 6): everything of the wallet is forgotten in one commit; Kcard
 * and Cert_Card stay (I10). By the access code, or by the board's button.
 */
import type { Answer } from "../../types.js";
import { At, Rec } from "../../wire/layout.js";
import { bytes, pressed } from "../../board/board.js";
import { zero } from "../../wire/kernel.js";
import { commit, secretsIn } from "../../vault/vault.js";
import { State, SW } from "../../wire/generated.js";
import { codeLost, level, Level } from "../session.js";
import { countDrop, dropRefusal, startDropDelay } from "./destination.js";

export function reset(): Answer {
  const state = bytes[At.REC + Rec.STATE];
  if (state === State.EMPTY) return SW.OK;
  const refusal = dropRefusal();
  if (refusal) return refusal;
  if (state !== State.OFFERED && level !== Level.CODE && !pressed()) return SW.CODE;
  secretsIn();
  countDrop();
  zero(At.REC + Rec.WALLET, Rec.WALLET_SIZE);
  zero(At.REC + Rec.WALLET_SECRETS, Rec.WALLET_SECRETS_SIZE);
  bytes[At.REC + Rec.N] = 0;
  bytes[At.REC + Rec.K] = 0;
  if (!commit(State.EMPTY)) return SW.MEMORY;
  codeLost();
  startDropDelay();
  return SW.OK;
}
