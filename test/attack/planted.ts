/**
 * Planted bugs (test/mutants) that the relay must find a way to use, each with the rule that then
 * breaks.
 */
import { MUTANTS } from "../mutants/list.js";
import type { StartName } from "./starts.js";

/** The bug's text, and where the hunt begins. */
const BUGS: readonly (readonly [string, StartName])[] = [
  ["a destination need not be named", "both told and named"],
  ["the source does not look at the set id of an OFFER", "the source's second life"],
  ["Sign_Attest is not checked", "both told and named"],
  ["the certificate's signature is not checked", "a card of another maker is named"],
  ["FINISH closes nothing, and RESEND goes on", "sealed to the first"],
  ["a slot is found by Klink_D in place of Kcard", "the sealed offer was made anew"],
  ["an offer older than the one sealed replaces it", "an offer was made anew"],
  ["RESET sets the offer counter back", "the first has the key"],
  ["the other slot's Klink_D is not looked at", "a thief is named as the second"],
  ["any receipt confirms a sealed slot", "the first has the key"],
  ["every OFFER of a card has the same Klink_D", "both told and named"],
  ["a copy keeps its Klink_D", "sealed to the first"],
  ["the destination takes a key from any genuine card", "both told and named"],
];

export const PLANTED = BUGS.map(([bug, start]) => {
  const mutant = MUTANTS.find((one) => one.bug === bug);
  if (!mutant) throw new Error(`test/mutants plants no "${bug}"`);
  return { mutant, start };
});
