/**
 * The invalid cases of the vectors against real cards: the built bundle on virtual boards, brought
 * into each situation by a live ceremony (host/apps/conform/vectors, the kit's own checks). Every
 * input must get the status word that the JSON gives, and a refusal must leave the card as it was;
 * the valid message of each situation, sent last, shows that it was the right one
 * (docs/protocol.md; invariants I2, I3, I5, I9, I11).
 */
import { runCase } from "../../host/apps/conform/vectors/cases.js";
import { Stage } from "../../host/apps/conform/vectors/stage.js";
import { missingBundle } from "../support/boards.js";
import { freshCard } from "../support/place.js";
import { SITUATIONS } from "./cases/index.js";
import type { Situation } from "./cases/types.js";

const SEED = process.env.KINCARD_SEED ?? "cards under test";

describe(`vectors: invalid cases on real cards (seed "${SEED}")`, function () {
  this.timeout(60_000);
  before(function () {
    const reason = missingBundle();
    if (reason) {
      console.log(`      skipped: ${reason}`);
      this.skip();
    }
  });
  for (const situation of SITUATIONS as readonly Situation[]) {
    describe(`${situation.id}: ${situation.given}`, () => {
      let stage: Stage | undefined;
      after(async () => stage?.close());
      for (const test of situation.cases) {
        it(`${test.command}: ${test.comment} -> ${test.word}`, async () => {
          // After a failure the next case gets a new card: each fails for its own reason.
          const seed = `${SEED} ${situation.id}`;
          const here = stage ?? (await Stage.set(freshCard(seed), situation, seed));
          stage = undefined;
          await runCase(here, situation, test);
          stage = here;
        });
      }
    });
  }
});
