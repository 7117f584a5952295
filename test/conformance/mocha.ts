/** The suite as mocha tests: one for each check of a rack that is made before the first of them. */
import { Card } from "../../host/apps/conform/card.js";
import { cardsOf, perform } from "../../host/apps/conform/check.js";
import type { Levers, Rack } from "../../host/apps/conform/rack.js";
import { fullTitle, plan } from "../../host/apps/conform/suite.js";

export interface Conforming {
  /** Whether its links have a `wire` (default: yes). */
  readonly wire?: boolean;
  /** Of every three cards each is the source of a set, as `kincard hil` does it (default: one set). */
  readonly triples?: boolean;
}

/** `levers` of each place must be those of the rack, and so what its links have. */
export function conforms(
  name: string,
  levers: readonly Levers[],
  make: () => Promise<Rack>,
  reason?: string,
  { wire = true, triples }: Conforming = {},
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
    for (const check of plan(
      levers.map((lever) => ({ levers: lever, wire })),
      { triples },
    )) {
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
