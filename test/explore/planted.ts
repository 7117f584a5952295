/** Planted bugs (test/mutants) that the explorer must see, and how they are hunted. */
import type { StateName } from "../../host/sdk/wire/generated.js";
import { deadline } from "../../host/sdk/links/clock.js";
import { MUTANTS, type Mutant } from "../mutants/list.js";
import { withBug } from "../mutants/plant.js";
import { explore } from "./explore.js";
import { expected, type Action } from "./rules.js";

/** The bug's text, the state in which it shows, and by which command. */
const BUGS: readonly (readonly [string, StateName, Action["command"]])[] = [
  ["a new set size is taken while SHARING", "SHARING", "NAME_DESTINATIONS"],
  ["RESEND answers for a slot that has its receipt", "SHARING", "RESEND"],
  ["a COPY takes another TRANSFER for an answer", "COPY", "ACCEPT"],
  ["FINISH closes nothing, and RESEND goes on", "SHARING", "FINISH"],
  ["a sealed slot counts as free when every place is taken", "SHARING", "SEAL"],
  ["the source does not look at the set id of an OFFER", "WALLET", "SEAL"],
  ["an offer older than the one sealed replaces it", "SHARING", "SEAL"],
];
export interface Planted {
  readonly mutant: Mutant;
  readonly state: StateName;
  readonly command: Action["command"];
}
export const PLANTED: readonly Planted[] = BUGS.map(([bug, state, command]) => {
  const mutant = MUTANTS.find((one) => one.bug === bug);
  if (!mutant) throw new Error(`test/mutants plants no "${bug}"`);
  return { mutant, state, command };
});

/** What differs first; undefined: nothing was seen. */
export function hunt({ mutant, state, command }: Planted): Promise<string | undefined> {
  return withBug(mutant, (bundle) => {
    const found = explore("planted", {
      ...{ bundle, over: deadline(600_000) },
      looksAt: (s) => s.state === state,
      // The others only lead there.
      wanted: (action, s) => action.command === command || expected(s, action).word === "OK",
    });
    return found.faults[0];
  });
}
