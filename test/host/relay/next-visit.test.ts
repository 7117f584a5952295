/** Which card is next: every combination of two copies' progress and the source's, as a table. */

import assert from "node:assert/strict";
import {
  nextVisit,
  type SourceProgress,
  type Visit,
} from "../../../host/sdk/relay/state/next-visit.js";
import type { Progress } from "../../../host/sdk/relay/state/progress.js";
import { roleKey } from "../../../host/sdk/relay/visits/role.js";

const SOURCES: readonly SourceProgress[] = ["unknown", "noted", "vouched", "read"];

/** Visits in their order of precedence; an end comes last. */
const VISITS = {
  wallet: "source: show its wallet",
  offer: "copy: make its offer",
  seal: "source: seal its key for the other cards",
  again: "source: give once more what it sealed",
  take: "copy: take the key and show it",
  receipts: "source: take the receipts",
  optional: "source: take the receipts, optional",
  end: "nothing",
} as const;
const ORDER = Object.values<string>(VISITS);

/** One copy alone; a column for each of SOURCES. */
const TABLE: readonly (readonly [progress: Progress, visits: string])[] = [
  [{ at: "unmet", checked: false }, "wallet wallet offer offer"],
  // The source, asked for it, does not know a card that shows its wallet: nothing can be done.
  [{ at: "unmet", checked: true }, "wallet receipts optional end"],
  [{ at: "offered", checked: false }, "wallet seal seal seal"],
  [{ at: "offered", checked: true }, "wallet seal seal seal"],
  [{ at: "sealed", checked: false }, "wallet take take take"],
  [{ at: "sealed", checked: true }, "wallet take take take"],
  [{ at: "accepted", isAwaited: false, checked: false }, "wallet take take take"],
  [{ at: "accepted", isAwaited: false, checked: true }, "wallet receipts optional end"],
  [{ at: "accepted", isAwaited: true, checked: false }, "wallet take take take"],
  [{ at: "accepted", isAwaited: true, checked: true }, "wallet receipts optional optional"],
  [{ at: "messages lost", checked: false }, "wallet again again again"],
  [{ at: "messages lost", checked: true }, "wallet again again again"],
  [{ at: "settled", confirmed: true, checked: false }, "wallet take take take"],
  [{ at: "settled", confirmed: true, checked: true }, "wallet receipts optional end"],
  [{ at: "settled", confirmed: false, checked: false }, "wallet take take take"],
  [{ at: "settled", confirmed: false, checked: true }, "wallet receipts optional end"],
];

const text = (visit: Visit | undefined) =>
  visit ? `${visit.role.kind}: ${visit.purpose}${visit.optional ? ", optional" : ""}` : VISITS.end;
const say = ({ at, ...rest }: Progress) => `${at} ${JSON.stringify(rest)}`;

describe("next visit", () => {
  for (const [progress, row] of TABLE) {
    it(`one copy, ${say(progress)}`, () => {
      const expected = row.split(" ").map((name) => VISITS[name as keyof typeof VISITS]);
      assert.deepEqual(
        SOURCES.map((source) => text(nextVisit([progress], source))),
        expected,
      );
    });
  }

  it("two copies: what comes first in the order, and of two alike the first copy", () => {
    for (const source of SOURCES)
      for (const [first] of TABLE)
        for (const [second] of TABLE) {
          const alone = [first, second].map((copy) => text(nextVisit([copy], source)));
          const ranks = alone.map((visit) => ORDER.indexOf(visit));
          const winner = (ranks[1] as number) < (ranks[0] as number) ? 1 : 0;
          const visit = nextVisit([first, second], source);
          const which = `${source}: ${say(first)}, ${say(second)}`;
          assert.equal(text(visit), alone[winner], which);
          if (visit?.role.kind === "copy") assert.equal(visit.role.index, winner, which);
        }
  });

  it("comes to an end from anywhere, when each card does what it is visited for", () => {
    let walks = 0;
    for (const source of SOURCES)
      for (const [first] of TABLE)
        for (const [second] of TABLE) {
          const end = walk([first, second], source);
          walks++;
          // A card that shows the wallet while the source denies it stays as it is.
          const denied = (copy: Progress) => copy.at === "unmet" && copy.checked;
          const left = end.filter((copy) => !denied(copy));
          assert.ok(
            left.every(({ at, checked }) => at === "settled" && checked),
            `${source}: ${say(first)}, ${say(second)} ended as ${end.map(say).join(", ")}`,
          );
        }
    assert.equal(walks, 4 * 16 * 16);
  });
});

/** Cards that do as they should; throws when they are visited without end. */
function walk(copies: readonly Progress[], source: SourceProgress): Progress[] {
  // As the source's ledger has it, an accepted copy's slot waits for the receipt.
  const sourceActs = (copy: Progress): Progress => {
    const { at, checked } = copy;
    if (at === "offered" || at === "messages lost") return { at: "sealed", checked };
    if (at === "accepted") return { at: "settled", confirmed: true, checked };
    return copy;
  };
  const copyActs = (copy: Progress): Progress => {
    if (copy.at === "unmet") return { at: "offered", checked: false };
    if (copy.at === "sealed") return { at: "accepted", isAwaited: true, checked: true };
    return { ...copy, checked: true };
  };
  let now = copies.map((copy) =>
    // "Not awaited" with a source that was read is a refusal for good; here it is asked anew.
    copy.at === "accepted" ? { ...copy, isAwaited: true } : copy,
  );
  const visited: string[] = [];
  for (;;) {
    const visit = nextVisit(now, source);
    if (!visit) return now;
    visited.push(`${roleKey(visit.role)}: ${visit.purpose}`);
    assert.ok(visited.length <= 8, visited.join(" > "));
    const { role } = visit;
    if (role.kind === "source") {
      source = "read";
      now = now.map(sourceActs);
    } else now = now.map((copy, index) => (index === role.index ? copyActs(copy) : copy));
  }
}
