/** Planted bugs (test/mutants) that the explorer must see, and how they are hunted. */
import type { StateName } from "../../host/sdk/wire/generated.js";
import { deadline } from "../../host/sdk/links/clock.js";
import { MUTANTS, type Mutant } from "../mutants/list.js";
import { withBug } from "../mutants/plant.js";
import { explore } from "./explore.js";

const SHARING: readonly StateName[] = ["SHARING"];
/** The bug's text, and the states in which it shows. */
const BUGS: readonly (readonly [string, readonly StateName[]])[] = [
  ["a new set size is taken while SHARING", SHARING],
  ["RESEND answers for a slot that has its receipt", ["SHARED"]],
  ["a COPY takes another TRANSFER for an answer", ["COPY"]],
  ["FINISH closes nothing, and RESEND goes on", SHARING],
  ["a sealed slot counts as free when every place is taken", SHARING],
  ["the source does not look at the set id of an OFFER", ["WALLET"]],
  ["an offer older than the one sealed replaces it", SHARING],
];
export interface Planted {
  readonly mutant: Mutant;
  readonly states: readonly StateName[];
}
export const PLANTED: readonly Planted[] = BUGS.map(([bug, states]) => {
  const mutant = MUTANTS.find((one) => one.bug === bug);
  if (!mutant) throw new Error(`test/mutants plants no "${bug}"`);
  return { mutant, states };
});

/** What differs first; undefined: nothing was seen. */
export function hunt({ mutant, states }: Planted): Promise<string | undefined> {
  return withBug(mutant, (bundle) => {
    const found = explore("planted", {
      ...{ bundle, over: deadline(120_000) },
      looksAt: ({ state }) => states.includes(state),
    });
    return found.faults[0];
  });
}
