/** The suite as mocha tests: one for each check of a rack that is made before the first of them. */
import { Card } from "../../host/apps/conform/card.js";
import { cardsOf, perform, type Check } from "../../host/apps/conform/check.js";
import type { Levers, Rack } from "../../host/apps/conform/rack.js";
import { fullTitle, plan } from "../../host/apps/conform/suite.js";
import { FULL, someOf } from "../support/full.js";

/** Of the pairs of so many cards one goes through all that pairs do; the others in `.ci/run`. */
export function onePair(cards: number): (check: Check) => boolean {
  const [first = 0] = someOf("pairs", cards, 1);
  const pair = [first, (first + 1) % cards].join();
  return (check) => FULL || check.cards.length !== 2 || check.cards.join() === pair;
}

/**
 * `levers` of each place must be those of the rack, and so whether its links have a `wire`; `keep`:
 * the checks that are run, in a part all of the scenes that it begins.
 */
export function conforms(
  name: string,
  levers: readonly Levers[],
  make: () => Promise<Rack>,
  reason?: string,
  wire = true,
  keep: (check: Check) => boolean = () => true,
): void {
  describe(`conformance: ${name}${reason ? ` (skipped: ${reason})` : ""}`, function () {
    this.timeout(200_000);
    let rack: Rack | undefined;
    let cards: Card[] = [];
    before(async function () {
      if (reason) this.skip();
      rack = await make();
      cards = cardsOf(rack);
    });
    after(async () => rack?.close());
    const checks = plan(levers.map((lever) => ({ levers: lever, wire })));
    for (const check of checks.filter(keep)) {
      it(fullTitle(check), async function () {
        const { outcome, why } = await perform(check, cards);
        if (outcome === "failed") throw new Error(why);
        if (outcome === "skipped") {
          console.log(`      skipped: ${why}`);
          this.skip();
        }
      });
    }
  });
}
