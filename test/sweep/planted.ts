/** Bugs that only a cut brings out (test/mutants), which the deep sweep must see. */
import type { Chip } from "../../host/emulator/flash/nor.js";
import { MUTANTS } from "../mutants/list.js";
import { withBug } from "../mutants/plant.js";
import { TestCard } from "../support/world.js";
import { DeepSweep, Violation } from "./deep.js";
import { LIFE, type LifeStep, type Set3 } from "./life.js";

/** The step at which each shows, and how deep the cuts go there. */
const BUGS: readonly (readonly [bug: string, at: string, depth: 1 | 2])[] = [
  ["the old record goes before the new one is committed", "D1 is certified", 1],
  ["a weak commit word is not said again", "D1 is certified", 1],
  ["a torn word of the log is left as it is", "S gets a wrong code", 1],
  ["the tries are cleared before the code is checked", "S gets a wrong code after a cut one", 1],
  ["a slot keeps its TRANSFER after the receipt", "S takes the RECEIPT of D1", 1],
  ["the second commit word is trusted while the older record stands", "D1 is certified", 2],
  ["a blank bank is looked at twice", "S is personalised", 1],
];
export const PLANTED = BUGS.map(([bug, at, depth]) => {
  const mutant = MUTANTS.find((one) => one.bug === bug);
  if (!mutant) throw new Error(`test/mutants plants no "${bug}"`);
  if (!LIFE.some(({ name }) => name === at)) throw new Error(`the life has no step "${at}"`);
  return { mutant, at, depth };
});

export function newSet(seed: string, chip: Chip, bundle?: string): Set3 {
  // Commit words are written again after each cut: docs/decisions/card.md, "Commit words". With two
  // cuts that is the word, a kill cut twice, and the kill.
  const nor = { chip, wordWrites: 4 };
  const options = { quick: true, nor, ...(bundle ? { bundle } : {}) };
  const card = (name: string) => new TestCard(`${seed} ${name}`, options);
  return { cards: { S: card("S"), D1: card("D1"), D2: card("D2") }, carried: {} };
}
export function advance({ set }: DeepSweep, step: LifeStep): void {
  step.before?.(set);
  step.run(set);
}

/** What shows at the bug's step, if anything does; the steps before are not cut. */
export function hunt({ mutant, at, depth }: (typeof PLANTED)[number]): Promise<string | undefined> {
  return withBug(mutant, (bundle) => {
    const sweep = new DeepSweep(newSet("planted", "nRF52832", bundle), depth);
    for (const step of LIFE) {
      if (step.name !== at) {
        advance(sweep, step);
        continue;
      }
      try {
        sweep.step(step);
      } catch (error) {
        if (error instanceof Violation) return error.message;
        throw error;
      }
      return undefined;
    }
    return undefined;
  });
}
