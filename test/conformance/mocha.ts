/** The suite as mocha tests: one for each check of a rack that is made before the first of them. */
import { Card } from "../../host/apps/conform/card.js";
import { cardsOf, perform, type Check } from "../../host/apps/conform/check.js";
import type { Levers, Rack } from "../../host/apps/conform/rack.js";
import { fullTitle, plan } from "../../host/apps/conform/suite.js";
import { FULL, someOf } from "../support/full.js";

export interface Conforming {
  /** Whether its links have a `wire` (default: yes). */
  readonly wire?: boolean;
  /** Of every three cards each is the source of a set, as `kincard hil` does it (default: one set). */
  readonly triples?: boolean;
  /** In `npm test` one card goes through all that cards do, one pair, and one set of three. */
  readonly part?: boolean;
}

/** Which checks are run, in a part all of the scenes that it begins. */
function chosen(cards: number, { part, triples }: Conforming): (check: Check) => boolean {
  const [first = 0] = someOf("pairs", cards, 1);
  const pair = [first, (first + 1) % cards].join();
  return (check) => {
    if (FULL || !part) return true;
    if (check.cards.length === 1) return check.cards[0] === first;
    if (check.cards.length === 2) return check.cards.join() === pair;
    return !triples || check.cards[0] === first;
  };
}

/** `levers` of each place must be those of the rack, and so what its links have. */
export function conforms(
  name: string,
  levers: readonly Levers[],
  make: () => Promise<Rack>,
  reason?: string,
  how: Conforming = {},
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
    const { wire = true, triples } = how;
    const places = levers.map((lever) => ({ levers: lever, wire }));
    for (const check of plan(places, { triples }).filter(chosen(levers.length, how))) {
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
