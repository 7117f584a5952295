/** Bugs that only a cut brings out (test/mutants), which the deep sweep must see. */
import type { Chip } from "../../host/emulator/flash/nor.js";
import { MUTANTS } from "../mutants/list.js";
import { withBug } from "../mutants/plant.js";
import { TestCard } from "../support/world.js";
import { DeepSweep, Violation } from "./deep.js";
import { LIFE, type LifeStep, type Set3 } from "./life.js";

/** And the step at which the sweep begins to look for them. */
const BUGS: readonly (readonly [string, string])[] = [
  ["the old record goes before the new one is committed", "D1 is certified"],
  ["a weak commit word is not said again", "D1 is certified"],
  ["a torn word of the log is left as it is", "S gets a wrong code"],
  ["the tries are cleared before the code is checked", "S gets a wrong code"],
  ["a slot keeps its TRANSFER after the receipt", "S takes the RECEIPT of D2"],
  ["a blank bank is looked at twice", "S is personalised"],
];
export const PLANTED = BUGS.map(([bug, first]) => {
  const mutant = MUTANTS.find((one) => one.bug === bug);
  if (!mutant) throw new Error(`test/mutants plants no "${bug}"`);
  return { mutant, first };
});

export function newSet(seed: string, chip: Chip, bundle?: string): Set3 {
  // wordWrites: one word is written a third time, docs/decisions/card.md, "Commit words".
  const nor = { chip, wordWrites: 3 };
  const options = { quick: true, nor, ...(bundle ? { bundle } : {}) };
  const card = (name: string) => new TestCard(`${seed} ${name}`, options);
  return { cards: { S: card("S"), D1: card("D1"), D2: card("D2") }, carried: {} };
}
export function advance({ set }: DeepSweep, step: LifeStep): void {
  step.before?.(set);
  step.run(set);
}

/** Takes the steps before without a cut; what shows from there on, if anything does. */
export function hunt(
  { mutant, first }: (typeof PLANTED)[number],
  depth: 1 | 2,
): Promise<string | undefined> {
  return withBug(mutant, (bundle) => {
    const sweep = new DeepSweep(newSet("planted", "nRF52832", bundle), depth);
    let looks = false;
    for (const step of LIFE) {
      looks ||= step.name === first;
      try {
        if (looks) sweep.step(step);
        else advance(sweep, step);
      } catch (error) {
        if (error instanceof Violation) return error.message;
        throw error;
      }
      if (looks && sweep.cuts > 400) return undefined;
    }
    return undefined;
  });
}
