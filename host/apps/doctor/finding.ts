/** What the doctor found out about one thing, for people and for programs. */

export interface Finding {
  /** What was looked at: one word or two, always the same. */
  readonly check: string;
  readonly state: "ok" | "missing" | "note";
  readonly says: string;
  /** What can't be done without it. */
  readonly neededFor?: string;
  /** The command that mends it. */
  readonly mend?: string;
}

const SIGNS = { ok: "+", missing: "-", note: " " } as const;

export function findingLines({ check, state, says, neededFor, mend }: Finding): string[] {
  return [
    `${SIGNS[state]} ${check}: ${says}`,
    ...(neededFor ? [`    needed for: ${neededFor}`] : []),
    ...(mend ? [`    mend it: ${mend}`] : []),
  ];
}
