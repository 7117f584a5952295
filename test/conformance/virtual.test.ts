/** The conformance suite on virtual boards, reached over TCP as those of other processes are. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import { missingBundle } from "../support/boards.js";
import { conforms } from "./mocha.js";
import { VIRTUAL, virtualRack } from "./racks.js";
import { FULL, PART } from "../support/full.js";

const SEEDS = ["rack 1", "rack 2", "rack 3"];
let boards: readonly VirtualBoard[] = [];

conforms(
  `three virtual boards${PART}`,
  SEEDS.map(() => VIRTUAL),
  async () => {
    const rack = await virtualRack(SEEDS);
    ({ boards } = rack);
    return rack;
  },
  missingBundle(),
  { triples: true, part: true },
);

describe("conformance: what a run wears", () => {
  it("erases no page of a board more often than docs/hil.md says", function () {
    // The run above, whole.
    if (!FULL || !boards.length) this.skip();
    const docs = readFileSync(new URL("../../docs/hil.md", import.meta.url), "utf8");
    const said = Number(/vault pages (\d+) times at most/.exec(docs.replaceAll("\n", " "))?.[1]);
    assert.equal(Math.max(...boards.flatMap(({ flash }) => [...flash.erases])), said);
  });
});
