/**
 * The model and the cards go the same ways: a random run of spin/states.pml is done by real cards,
 * and a random run of real cards by the model; after every step their states are the same.
 */
import assert from "node:assert/strict";
import { Seeded } from "../../../host/emulator/seeded.js";
import { World } from "../../attack/world.js";
import { SEED } from "../../support/seed.js";
import { findTools } from "../tools.js";
import { follow, wander } from "./spin.js";
import { BOUNDS, inNumbers, KIND, Player, type Step } from "./steps.js";

const RUNS = process.env.KINCARD_REQUIRE_MODELS === "1" ? 20 : 2;
const STEPS = 70;

/** Where one kind of 17 can go on, as at the start, this many tries miss it once in 10^50 runs. */
const TRIES = 2000;
/** A step that the model could take, chosen so that ceremonies come to their ends now and then. */
function choose(player: Player, random: Seeded): Step | undefined {
  for (let tries = 0; tries < TRIES; tries++) {
    const kind = 1 + random.below(17);
    const rare: readonly number[] = [KIND.RESET_S, KIND.CUT_S, KIND.FINISH];
    if (rare.includes(kind) && random.below(4)) continue;
    const a = [0, 0, 0, 2 + random.below(2)][kind] ?? 0;
    const chosen: Record<number, Step> = {
      [KIND.NAME]: { kind, a, b: a === 3 ? 1 + random.below(5) : [1, 2, 4][random.below(3)]! },
      [KIND.TELL]: { kind, a: 1 + random.below(2), b: 0 },
      [KIND.SEAL]: { kind, a: 1 + random.below(2 * BOUNDS.offers), b: 0 },
      [KIND.SEAL_E]: { kind, a: random.below(2) ? 1 : 2 * BOUNDS.offers + 1, b: 0 },
      [KIND.ACCEPT]: { kind, a: 1 + random.below(BOUNDS.transfers), b: 1 + random.below(2) },
      [KIND.CONFIRM]: { kind, a: random.below(2), b: 0 },
    };
    const step = chosen[kind] ?? { kind, a: 0, b: 0 };
    if (player.can(step)) return step;
  }
  return undefined;
}
const told = (steps: readonly Step[]) =>
  steps.map(({ kind, a, b }) => `${kind}:${a}:${b}`).join(" ");

describe(`the model's runs and the cards' (KINCARD_SEED=${SEED})`, function () {
  this.timeout(300_000);
  const { spin = "" } = findTools(process.env);
  before(function () {
    if (spin) return;
    assert.notEqual(process.env.KINCARD_REQUIRE_MODELS, "1", "there is no spin");
    this.skip();
  });

  for (let run = 0; run < RUNS; run++) {
    it(`the cards go where the model goes (${run})`, () => {
      const lines = wander(spin, SEED + run, 1500).slice(0, STEPS);
      assert.ok(lines.length > 10, `${lines.length} steps`);
      const w = new World(`${SEED} traces ${run}`);
      const player = new Player(w);
      lines.forEach(({ step, state }, index) => {
        player.take(step);
        const way = told(lines.slice(0, index + 1).map((line) => line.step));
        assert.equal(inNumbers(w.state(BOUNDS.offers)), state, way);
      });
    });
    it(`the model goes where the cards go (${run})`, () => {
      const random = new Seeded(`${SEED} traces ${run}`);
      const w = new World(`${SEED} cards ${run}`);
      const player = new Player(w);
      const steps: Step[] = [];
      const states: string[] = [];
      for (let step = choose(player, random); step && steps.length < STEPS;) {
        const size = w.record(w.S).n;
        const possible = step.kind !== KIND.NAME || size === 0 || size === step.a;
        if (possible) {
          player.take(step);
          steps.push(step);
          states.push(inNumbers(w.state(BOUNDS.offers)));
        }
        step = choose(player, random);
      }
      const lines = follow(spin, steps);
      lines.forEach(({ state }, index) =>
        assert.equal(states[index], state, told(steps.slice(0, index + 1))),
      );
      assert.equal(
        lines.length,
        steps.length,
        `the model can't: ${told(steps.slice(lines.length))}`,
      );
    });
  }
});
