/**
 * Which card the ceremony needs next, and what for: the order of docs/protocol.md 6. Pure.
 * Browser-safe.
 */

import type { Progress } from "./progress.js";
import { copyRole, SOURCE } from "../visits/role.js";
import type { Role } from "../visits/role.js";

/**
 * What is known of the source: nothing; what a run file noted; what the caller vouches for; or its
 * own ledger, read in this process.
 */
export type SourceProgress = "unknown" | "noted" | "vouched" | "read";

export interface Visit {
  readonly role: Role;
  /** What the card will do, after its name. */
  readonly purpose: string;
  /** The ceremony can end without it. */
  readonly optional: boolean;
}

/** Undefined: nothing is left to do. */
export function nextVisit(copies: readonly Progress[], source: SourceProgress): Visit | undefined {
  const someAre = (at: Progress["at"]) => copies.some((copy) => copy.at === at);
  const toMeet = copies.findIndex(({ at, checked }) => at === "unmet" && !checked);
  const toCheck = copies.findIndex(({ at, checked }) => at === "sealed" || !checked);
  const receipts = copies.some((copy) => copy.at === "accepted" && copy.isAwaited);

  // A destination hears the source's names only from somebody who knows them.
  const isNamed = source === "vouched" || source === "read";
  if (source === "unknown" || (toMeet >= 0 && !isNamed)) return visit(SOURCE, "show its wallet");
  if (toMeet >= 0) return visit(copyRole(toMeet), "make its offer");
  if (someAre("offered")) return visit(SOURCE, "seal its key for the other cards");
  if (someAre("messages lost")) return visit(SOURCE, "give once more what it sealed");
  if (toCheck >= 0) return visit(copyRole(toCheck), "take the key and show it");
  if (source !== "read" || receipts) return visit(SOURCE, "take the receipts", isNamed);
  return undefined;
}

const visit = (role: Role, purpose: string, optional = false): Visit => ({
  role,
  purpose,
  optional,
});
