/**
 * CONSENT (docs/protocol.md section 14): source and destination blink the same pattern, if nobody
 * stands between them. The source's half is fixed, by a hash, before the destination draws its own;
 * it is told when that is fixed too. So neither, nor who is between, can choose what is blinked.
 */
import type { Answer, Flag } from "../../types.js";
import { At, Ok, Rec, Run } from "../../wire/layout.js";
import { bytes } from "../../board/board.js";
import { copy, equal, sha256 } from "../../wire/kernel.js";
import { waitAnswer } from "../../vault/tries.js";
import { Consent, Label, LabelSize, Size, State, SW } from "../../wire/generated.js";
import { digest } from "../identity.js";
import { runFor, runLeft, show } from "../presence.js";
import { random } from "../random.js";
import { level, Level } from "../session.js";

/** Begun, as which part, or shown. It lies with the channel, and goes with it. */
const enum Stage {
  BY_SOURCE = 1,
  BY_DESTINATION = 2,
  SHOWN = 3,
}

export function consent(p1: number): Answer {
  const gives = bytes[At.REC + Rec.STATE] !== State.OFFERED;
  if (gives && level !== Level.CODE) return SW.CODE;
  const own = At.RUN + (gives ? Run.N_S : Run.N_D);
  const begun = gives ? Stage.BY_SOURCE : Stage.BY_DESTINATION;
  const left = runLeft();
  if (!p1) {
    if (left) return waitAnswer(SW.WAIT, 0, left);
    runFor(Consent.RUN_S);
    if (!random(At.HASH)) return SW.RANDOM;
    copy(own, At.HASH, Size.HASH);
    copy(gives ? At.RUN + Run.H_OFFER : At.COMMITMENT, At.DATA, Size.HASH);
    // The source tells its half by its hash alone.
    if (gives) digest(Label.CONSENT, LabelSize.CONSENT, At.RUN, Run.COMMITTED_SIZE);
    copy(At.OUT, At.HASH, Size.HASH);
    bytes[At.STAGE] = begun;
    return Ok.CONSENT;
  }
  // Once in a run, and by its own part: who knows N_S must not give another N_D.
  if (!left || bytes[At.STAGE] !== begun) return SW.CONSENT;
  copy(At.RUN + (gives ? Run.N_D : Run.N_S), At.DATA, Size.HASH);
  copy(At.OUT, own, Size.HASH);
  if (!gives) {
    sha256(At.HASH2, At.REC + Rec.OFFER, Size.OFFER);
    copy(At.RUN + Run.H_OFFER, At.HASH2, Size.HASH);
    digest(Label.CONSENT, LabelSize.CONSENT, At.RUN, Run.COMMITTED_SIZE);
    if (!equal(At.HASH, At.COMMITMENT, Size.HASH)) return SW.CRYPTO;
  }
  digest(Label.PATTERN, LabelSize.PATTERN, At.RUN, Run.SIZE);
  show();
  bytes[At.STAGE] = Stage.SHOWN;
  return gives ? Ok.CONSENT : SW.OK;
}

/** 1 if the OFFER whose hash is in HASH2 is what this run is about, and both halves are told. */
export function isShown(): Flag {
  return runLeft() &&
    bytes[At.STAGE] === Stage.SHOWN &&
    equal(At.HASH2, At.RUN + Run.H_OFFER, Size.HASH)
    ? 1
    : 0;
}
