/** Planted bugs (test/mutants) that the explorer must see, and how they are hunted. */
import { deadline } from "../../host/sdk/links/clock.js";
import { MUTANTS, type Mutant } from "../mutants/list.js";
import { withBug } from "../mutants/plant.js";
import { explore } from "./explore.js";
import { expected } from "./rules.js";

const BUGS = [
  "a new set size is taken while SHARING",
  "RESEND answers for a slot that has its receipt",
  "a COPY takes another TRANSFER for an answer",
  "FINISH closes nothing, and RESEND goes on",
  "a sealed slot counts as free when every place is taken",
  "the source does not look at the set id of an OFFER",
  "an offer older than the one sealed replaces it",
];
export interface Planted {
  readonly mutant: Mutant;
}
export const PLANTED: readonly Planted[] = BUGS.map((bug) => {
  const mutant = MUTANTS.find((one) => one.bug === bug);
  if (!mutant) throw new Error(`test/mutants plants no "${bug}"`);
  return { mutant };
});

/** What differs first; undefined: nothing was seen. */
export function hunt({ mutant }: Planted): Promise<string | undefined> {
  return withBug(mutant, (bundle) => {
    // What leads on, and what a source and a copy say to messages: where these bugs are.
    const found = explore("planted", {
      ...{ bundle, over: deadline(120_000) },
      wanted: (action, s) =>
        expected(s, action).word === "OK" || /SEAL|RESEND|ACCEPT|NAME_D/.test(action.name),
    });
    return found.faults[0];
  });
}
