/**
 * Planted bugs (test/mutants) that the relay must find a way to use, each with the rule that then
 * breaks.
 */
import { MUTANTS } from "../mutants/list.js";
import { tryRandomly, type Found } from "./search.js";
import { STARTS, type StartName } from "./starts.js";
import { World } from "./world.js";

/** The bug's text, where the hunt begins, and the moves that it takes most of its from. */
const BUGS: readonly (readonly [string, StartName, RegExp])[] = [
  ["a destination need not be named", "a card of another maker is named", /^SEAL offer/],
  [
    "the source does not look at the set id of an OFFER",
    "the source's second life",
    /^SEAL offer \d/,
  ],
  ["Sign_Attest is not checked", "both told and named", /^SEAL (a flipped|another's)/],
  [
    "the certificate's signature is not checked",
    "a card of another maker is named",
    /^SEAL offer of X/,
  ],
  ["FINISH closes nothing, and RESEND goes on", "sealed to the first", /^(code|finish)$/],
  ["a slot is found by Klink_D in place of Kcard", "the sealed offer was made anew", /^SEAL offer/],
  ["an offer older than the one sealed replaces it", "an offer was made anew", /^SEAL offer \d/],
  ["RESET sets the offer counter back", "the first has the key", /^reset D/],
  [
    "the other slot's Klink_D is not looked at",
    "a thief is named as the second",
    /^SEAL offer of E, Klink/,
  ],
  ["any receipt confirms a sealed slot", "the first has the key", /^CONFIRM/],
  ["every OFFER of a card has the same Klink_D", "both told and named", /^(drop|tell) D/],
  ["a copy keeps its Klink_D", "sealed to the first", /^ACCEPT D\d transfer \d/],
  [
    "the destination takes a key from any genuine card",
    "both told and named",
    /^ACCEPT D\d transfer of E/,
  ],
  [
    "a sealed slot counts as free when every place is taken",
    "a set of two is sealed, and the other is named",
    /^SEAL offer \d/,
  ],
];

export const PLANTED = BUGS.map(([bug, start, likely]) => {
  const mutant = MUTANTS.find((one) => one.bug === bug);
  if (!mutant) throw new Error(`test/mutants plants no "${bug}"`);
  return { mutant, start, likely };
});

/** Sixty runs mostly do; a seed may have bad luck, so that there are more until one finds it. */
const MOST_TIMES = 25;

/** The rule that breaks and how, whatever the seed; undefined: nothing was found. */
export function hunt(
  { start, likely }: (typeof PLANTED)[number],
  seed: number,
  bundle: string,
): Found | undefined {
  const options = { runs: 60, length: 20, endOnFailure: true, likely };
  for (let time = 0; time < MOST_TIMES; time++) {
    const w = new World(`${seed} planted ${time}`, bundle);
    STARTS[start](w);
    const { found } = tryRandomly(w, seed + time, options);
    if (found) return found;
  }
  return undefined;
}
