/**
 * The seed of a run of the tests: another one each time, KINCARD_SEED repeats one. `npm test -- --all`
 * (`.ci/run`) sets it from the commit, so that what was found on a commit is found again on it.
 * Whoever draws from it prints it.
 */
import { randomInt } from "node:crypto";

const given = process.env.KINCARD_SEED;

/** 0..999,999, or what KINCARD_SEED says, a whole number. */
export const SEED = given === undefined ? randomInt(1_000_000) : Number(given);
if (!Number.isSafeInteger(SEED)) throw new Error("KINCARD_SEED is a whole number");
