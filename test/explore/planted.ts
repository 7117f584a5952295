/** Planted bugs (test/mutants) that the explorer must see, and how they are hunted. */
import type { StateName } from "../../host/sdk/wire/generated.js";
import { deadline } from "../../host/sdk/links/clock.js";
import { MUTANTS, type Mutant } from "../mutants/list.js";
import { withBug } from "../mutants/plant.js";
import { explore } from "./explore.js";
import { expected, type Action } from "./rules.js";

/** The bug's text, the state in which it shows, and by which command. */
type Bug = readonly [string, StateName, Action["command"]];
const BUGS: readonly Bug[] = [
  ["a new set size is taken while SHARING", "SHARING", "NAME_DESTINATIONS"],
  ["RESEND answers for a slot that has its receipt", "SHARING", "RESEND"],
  ["a COPY takes another TRANSFER for an answer", "COPY", "ACCEPT"],
  ["FINISH closes nothing, and RESEND goes on", "SHARING", "FINISH"],
  ["a sealed slot counts as free when every place is taken", "SHARING", "SEAL"],
  ["the source does not look at the set id of an OFFER", "WALLET", "SEAL"],
  ["an offer older than the one sealed replaces it", "SHARING", "SEAL"],
];
/** In runs of CONSENT. */
const CONSENT_BUGS: readonly Bug[] = [
  ["SEAL needs no gesture", "WALLET", "SEAL"],
  ["the option in the certificate is ignored", "WALLET", "SEAL"],
  ["SEAL takes another OFFER than the run's", "WALLET", "SEAL"],
  ["a run lasts for ever", "WALLET", "SEAL"],
  ["PRESENCE to a plain command ends the channel", "WALLET", "SEAL"],
  ["an act by a plain command leaves the button armed", "WALLET", "SEAL"],
  ["a second N_D is taken when N_S is told", "WALLET", "CONSENT"],
  ["a run begins while another lasts", "WALLET", "CONSENT"],
  ["anybody's channel begins a run in a source", "WALLET", "CONSENT"],
  ["a run goes on in a card that plays another part", "WALLET", "CONSENT"],
  ["the pattern comes from what is known before the run", "WALLET", "CONSENT"],
  ["N_S is not compared with what c fixed", "OFFERED", "CONSENT"],
];
export interface Planted {
  readonly mutant: Mutant;
  readonly state: StateName;
  readonly command: Action["command"];
  readonly asks?: true;
}
const planted = ([bug, state, command]: Bug): Planted => {
  const mutant = MUTANTS.find((one) => one.bug === bug);
  if (!mutant) throw new Error(`test/mutants plants no "${bug}"`);
  return { mutant, state, command };
};
export const PLANTED: readonly Planted[] = BUGS.map(planted);
export const PLANTED_IN_CONSENT: readonly Planted[] = CONSENT_BUGS.map((bug) => ({
  ...{ ...planted(bug), asks: true },
}));

/** What differs first; undefined: nothing was seen. */
export function hunt({ mutant, state, command, asks }: Planted): Promise<string | undefined> {
  return withBug(mutant, (bundle) => {
    const found = explore("planted", {
      ...{ bundle, over: deadline(600_000), ...(asks && { asks }) },
      looksAt: (s) => s.state === state,
      // The others only lead there.
      wanted: (action, s) => action.command === command || expected(s, action).word === "OK",
    });
    return found.faults[0];
  });
}
