/**
 * docs/protocol.md section 14 as functions over a state: what CONSENT answers, when SEAL has the
 * consent that it wants, and what becomes of a run when something else is done. The 60 s of a run
 * are two classes here, before and after; the driver compares the seconds themselves.
 */
import type { StatusWordName } from "../../host/sdk/wire/generated.js";
import type { Action, OfferArgument, Own } from "./rules.js";
import { booted, keyOf, outside, type Run, type State } from "./state.js";

/** The half of P1, and whose: see Run.about; a destination is told the right N_S, or another. */
export interface HalfArgument {
  readonly kind: "half";
  readonly p1: 0 | 1;
  readonly about: string;
}
/** An OFFER as runs are about it. */
export const nameOf = ({ peer, link, fault }: OfferArgument): string =>
  `${peer} ${link}${fault ? ` ${fault}` : ""}`;
/** Where a destination's c, or an OFFER's hash, is for nothing that there is. */
export const NOTHING = "nothing";
export const ITS_OWN = "its own";

export function half(s: State, { p1, about }: HalfArgument): Own {
  const { run } = s;
  const source = s.state !== "OFFERED";
  if (source && s.level !== 2) return "CODE";
  if (!run) return "DATA";
  const part = source ? "source" : "destination";
  const ok = (next: Run): Own => ({ word: "OK", next: { ...s, run: next } });
  if (!p1) {
    if (run.lasts) return "WAIT";
    return ok({ ...run, lasts: true, boot: false, lit: false, stage: 1, part, about });
  }
  if (!run.lasts || run.stage !== 1 || run.part !== part) return "CONSENT";
  if (!source && !(run.about === ITS_OWN && about === ITS_OWN)) return "CRYPTO";
  return ok({ ...run, lit: true, stage: 2 });
}

/** Why SEAL does not even ask for the button. */
export function unmeant({ run }: State, offer: OfferArgument): StatusWordName | undefined {
  if (!run?.asks) return undefined;
  const stands = run.lasts && run.stage === 2 && run.part === "source";
  return stands && run.about === nameOf(offer) ? undefined : "CONSENT";
}

/** `next`, which an action that was taken leads to, with what is left of the run. */
export function afterwards(s: State, action: Action, next: State): State {
  const { run } = next;
  if (!run) return next;
  const with_ = (left: Run): State => ({ ...next, run: tidy(left, next) });
  const over = { ...run, lasts: false, boot: false, lit: false };
  switch (action.command) {
    case "CUT":
      return with_(booted(run.asks));
    case "IDLE":
    case "MINUTE":
      return with_(over);
    case "SEAL":
      return with_(keyOf(next) === keyOf(s) ? run : over);
    case "ACCEPT":
      return with_(next.state === s.state ? run : over);
    // Another wallet or another offer: what a run was about is no more.
    case "ACTIVATE":
    case "CANCEL":
    case "RESET":
      return with_(next.state === s.state ? run : { ...run, about: NOTHING });
    case "NAME_SOURCE":
      return with_(keyOf(next) === keyOf(s) ? run : { ...run, about: NOTHING });
    default:
      return with_(run);
  }
}
/** What makes no difference any more is not told apart. */
function tidy(run: Run, { state }: State): Run {
  if (!run.stage) return outside(run);
  // Only RESET leads on.
  if (state === "SHARED" || state === "COPY") return { ...run, about: NOTHING };
  const asks = run.part === "source" ? run.stage === 2 || run.lasts : run.stage === 1 && run.lasts;
  return asks ? run : { ...run, about: NOTHING };
}
