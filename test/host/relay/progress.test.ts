/** How far a copy is, and what counts of a run file: every combination, as tables. */

import assert from "node:assert/strict";
import type { Ledger } from "../../../host/sdk/card/ledger.js";
import {
  MILESTONES,
  milestones,
  progressOf,
  type CopyKnowledge,
  type Progress,
} from "../../../host/sdk/relay/state/progress.js";
import type { RunCopy } from "../../../host/sdk/relay/run/run.js";
import { vouchedPart } from "../../../host/sdk/relay/state/vouching.js";
import { SLOT_STATES } from "../../../host/sdk/wire/generated.js";

const id = new Uint8Array(16).fill(7);
const bytes = new Uint8Array(1);
const LEDGER = {} as Ledger;

/**
 * What a run carries: O the OFFER, T the TRANSFER, R the RECEIPT, K the note that it holds the key.
 */
function carrying(letters: string): RunCopy | undefined {
  if (letters === "nobody") return undefined;
  return {
    id,
    ...(letters.includes("O") && { offer: bytes }),
    ...(letters.includes("T") && { transfer: bytes }),
    ...(letters.includes("R") && { receipt: bytes }),
    ...(letters.includes("K") && { holdsKey: true as const }),
  };
}

const SLOTS = [undefined, "NONE", "OPEN", "SEALED", "CONFIRMED", "CLOSED", "LOST"] as const;

/** One column a slot, in that order. `accepted!`: the source waits for the receipt. */
const AT: Readonly<Record<string, string>> = {
  nobody: "unmet    unmet    unmet    unmet     settled+ unmet    settled-",
  "": "unmet    unmet    unmet    unmet     settled+ unmet    settled-",
  O: "offered  offered  offered  offered   settled+ offered  settled-",
  T: "sealed   sealed   sealed   sealed    settled+ sealed   settled-",
  OT: "sealed   sealed   sealed   sealed    settled+ sealed   settled-",
  R: "accepted accepted accepted accepted! settled+ accepted settled-",
  OR: "accepted accepted accepted accepted! settled+ accepted settled-",
  TR: "accepted accepted accepted accepted! settled+ accepted settled-",
  OTR: "accepted accepted accepted accepted! settled+ accepted settled-",
  K: "lost     unmet    unmet    lost      settled+ unmet    settled-",
  OK: "offered  offered  offered  offered   settled+ offered  settled-",
  TK: "sealed   sealed   sealed   sealed    settled+ sealed   settled-",
  OTK: "sealed   sealed   sealed   sealed    settled+ sealed   settled-",
  RK: "accepted accepted accepted accepted! settled+ accepted settled-",
  ORK: "accepted accepted accepted accepted! settled+ accepted settled-",
  TRK: "accepted accepted accepted accepted! settled+ accepted settled-",
  OTRK: "accepted accepted accepted accepted! settled+ accepted settled-",
};

function short(progress: Progress): string {
  if (progress.at === "settled") return `settled${progress.confirmed ? "+" : "-"}`;
  if (progress.at === "accepted") return `accepted${progress.isAwaited ? "!" : ""}`;
  return progress.at === "messages lost" ? "lost" : progress.at;
}

describe("progress: how far a copy is", () => {
  it("the table holds every combination of messages, and every state of a slot", () => {
    assert.equal(Object.keys(AT).length, 1 + 2 ** 4);
    const states = SLOTS.filter((slot) => slot !== undefined && slot !== "NONE");
    assert.deepEqual([...states].sort(), Object.keys(SLOT_STATES).sort());
  });

  for (const [letters, row] of Object.entries(AT)) {
    it(`${letters || "an id alone"}: by the source's slot, checked or not`, () => {
      const expected = row.split(/ +/);
      assert.equal(expected.length, SLOTS.length);
      SLOTS.forEach((slot, column) => {
        for (const checked of [false, true]) {
          const known: CopyKnowledge = {
            ...(slot && { slot }),
            ...(checked && { checked: LEDGER }),
          };
          const progress = progressOf(carrying(letters), known);
          const which = `slot ${slot}, checked ${checked}`;
          assert.deepEqual([short(progress), progress.checked], [expected[column], checked], which);
        }
      });
    });
  }

  it("counts milestones: each step forward is one more, and all are there at the end", () => {
    const path: Progress[] = [
      { at: "unmet", checked: false },
      { at: "offered", checked: false },
      { at: "sealed", checked: false },
      { at: "accepted", isAwaited: true, checked: false },
      { at: "accepted", isAwaited: true, checked: true },
      { at: "settled", confirmed: true, checked: true },
    ];
    assert.deepEqual(path.map(milestones), [0, 1, 2, 3, 4, MILESTONES]);
    // A copy that was found with the key is past the messages, whichever of them are left.
    assert.equal(milestones({ at: "messages lost", checked: true }), 4);
    assert.equal(milestones({ at: "messages lost", checked: false }), 0);
    assert.equal(milestones({ at: "settled", confirmed: false, checked: false }), 4);
  });
});

describe("vouching: whose word counts for a card in the run file", () => {
  for (const letters of Object.keys(AT).filter((letters) => letters !== "nobody")) {
    // An OFFER without what the source made of it is nobody's word but the file's.
    const bare = letters.includes("O") && !/[TR]/.test(letters);
    it(`${letters || "an id alone"}: ${bare ? "needs a voucher" : "stays"}`, () => {
      const copy = carrying(letters) as RunCopy;
      for (let voices = 0; voices < 8; voices++) {
        const [met, named, asked] = [1, 2, 4].map((bit) => (voices & bit) !== 0) as [
          boolean,
          boolean,
          boolean,
        ];
        const counts = vouchedPart(copy, { met, named, asked });
        assert.deepEqual(counts, bare && !voices ? { id } : copy, `voices ${voices}`);
      }
    });
  }
});
