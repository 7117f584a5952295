/**
 * RESET (docs/protocol.md section 6): everything of the wallet is forgotten in one commit; Kcard
 * and Cert_Card stay (I10). By the access code, or by a gesture on the board's button. A copy that
 * no code has unlocked yet may be garbage from a hostile source: where there is no button it goes
 * like an offer, slowed.
 */
import type { Answer } from "../../types.js";
import { At, Rec } from "../../wire/layout.js";
import { bytes, hasButton } from "../../board/board.js";
import { zero } from "../../wire/kernel.js";
import { commit } from "../../vault/vault.js";
import { Cmd, Press, State, SW } from "../../wire/generated.js";
import { actRefusal } from "../presence.js";
import { codeLost, level, Level } from "../session.js";

export function reset(): Answer {
  const state = bytes[At.REC + Rec.STATE];
  if (state === State.EMPTY) return SW.OK;
  if (level !== Level.CODE) {
    const dropped = state === State.OFFERED;
    if (!dropped && !hasButton() && (state !== State.COPY || bytes[At.REC + Rec.PROVED]))
      return SW.CODE;
    const refusal = actRefusal(Cmd.RESET, dropped ? Press.DROP_S : Press.RESET_S);
    if (refusal) return refusal;
  }
  zero(At.REC + Rec.WALLET, Rec.WALLET_SIZE);
  zero(At.REC + Rec.WALLET_SECRETS, Rec.WALLET_SECRETS_SIZE);
  bytes[At.REC + Rec.N] = 0;
  bytes[At.REC + Rec.K] = 0;
  if (!commit(State.EMPTY)) return SW.MEMORY;
  codeLost();
  return SW.OK;
}
