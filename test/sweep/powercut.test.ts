/**
 * Power cuts before, inside and after every flash write of a two-card ceremony. `npm test` takes a
 * small part of them, `KINCARD_FULL=1` a larger one; `npm run test:sweep` (KINCARD_SWEEP=full) all, with more ways to tear and a second
 * cut in the boot that follows.
 */
import { newWorld } from "./ceremony.js";
import { blankCards, Sweep } from "./sweep.js";
import { times } from "../support/full.js";

const full = process.env.KINCARD_SWEEP === "full";

describe("power cuts (I4, I6, I7, I8, I10)", function () {
  this.timeout(full ? 3_600_000 : 120_000);

  const plans = full
    ? [
        { title: "every operation", options: { tears: 6, every: 1 }, chip: "nRF52832" },
        // wordWrites: one word is written a third time, docs/decisions/card.md, "Commit words".
        {
          title: "every operation",
          options: { tears: 3, every: 1 },
          chip: "nRF52840",
          wordWrites: 3,
        },
        { title: "and the next boot", options: { tears: 6, every: 1, depth: 2 }, chip: "nRF52832" },
      ]
    : [
        {
          title: `every ${times(2, 13)}th operation`,
          options: { tears: 1, every: times(2, 13) },
          chip: "nRF52832",
        },
        {
          title: "and the next boot",
          options: { tears: 2, every: times(5, 29), depth: 2 },
          chip: "nRF52832",
        },
      ];
  for (const { title, options, ...nor } of plans) {
    const { chip } = nor;
    it(`${title} (${chip})`, () => {
      const seed = `sweep ${chip} ${title}`;
      const sweep = new Sweep(
        options as ConstructorParameters<typeof Sweep>[0],
        newWorld(blankCards(seed, { nor })),
      );
      sweep.run((step, cuts) => full && console.log(`      ${cuts} cuts: ${step.name}`));
      console.log(`        ${sweep.cuts} cuts, seed "${seed}"`);
    });
  }
});
