/**
 * How far the ceremony has come with one destination, as one value: what the relay carries for it,
 * measured against what the cards said in this process. Pure. Browser-safe.
 */

import type { Certificate } from "../../card/certificate.js";
import type { Ledger } from "../../card/ledger.js";
import type { SlotStateName } from "../../wire/generated.js";
import type { RunCopy } from "../run/run.js";

/** What the cards said of one destination in this very process. */
export interface CopyKnowledge {
  /** Its own: it proved its id. A run file's word for that does not count. */
  certificate?: Certificate;
  /** The copy's own ledger: it took the code and shows the source's wallet. */
  checked?: Ledger;
  /** The source's slot for it; NONE: the source has none; undefined: the source was not asked. */
  slot?: SlotStateName | "NONE";
  /** The offer that the relay carries is the one that the card holds now. */
  offerIsCurrent?: boolean;
}

export type Progress = {
  /** It took the code and showed the source's wallet. */
  readonly checked: boolean;
} & (
  | { readonly at: "unmet" }
  /** The source's turn: it seals. */
  | { readonly at: "offered" }
  /** The copy's turn: it takes the key. */
  | { readonly at: "sealed" }
  /** The source's turn again; it takes the receipt of a slot that it has and has not settled. */
  | { readonly at: "accepted"; readonly isAwaited: boolean }
  /** It holds the key, and of its messages none is left: the source has to give one again. */
  | { readonly at: "messages lost" }
  /** Nothing more is carried: the source has the receipt, or gave up waiting for it. */
  | { readonly at: "settled"; readonly confirmed: boolean }
);

/** The newest fact wins: the source's own word, then the last of the messages that is there. */
export function progressOf(carried: RunCopy | undefined, known: CopyKnowledge): Progress {
  const { slot } = known;
  const checked = known.checked !== undefined;
  if (slot === "CONFIRMED" || slot === "LOST") {
    return { at: "settled", checked, confirmed: slot === "CONFIRMED" };
  }
  if (carried?.receipt) return { at: "accepted", checked, isAwaited: slot === "SEALED" };
  if (carried?.transfer) return { at: "sealed", checked };
  if (carried?.offer) return { at: "offered", checked };
  const mayBeSealed = slot === undefined || slot === "SEALED";
  if (carried?.holdsKey && mayBeSealed) return { at: "messages lost", checked };
  return { at: "unmet", checked };
}

/** Each copy passes five: offered, sealed, accepted, checked, settled. */
export const MILESTONES = 5;
const PASSED: Readonly<Record<Progress["at"], number>> = {
  unmet: 0,
  "messages lost": 0,
  offered: 1,
  sealed: 2,
  accepted: 3,
  settled: 4,
};

/** How many of a copy's MILESTONES are behind it; being checked implies the first three. */
export function milestones({ at, checked }: Progress): number {
  return checked ? Math.max(PASSED.accepted, PASSED[at]) + 1 : PASSED[at];
}
