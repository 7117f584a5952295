/**
 * The hostile relay, its quick part (`npm run attack` is the whole): the tables of the
 * documents, a short search, random runs, and one planted bug, so that it is known to see something.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { deadline } from "../../host/sdk/links/clock.js";
import { SEED } from "../support/seed.js";
import { cells, DOCUMENTS, fill } from "./docs.js";
import { forgedMoves } from "./moves.js";
import { play } from "./rules.js";
import { search, tryRandomly } from "./search.js";
import { STARTS } from "./starts.js";
import { World } from "./world.js";
import { inFull, times } from "../support/full.js";

describe(`a hostile relay (KINCARD_SEED=${SEED})`, function () {
  this.timeout(120_000);

  inFull(
    "the documents have the tables as cards answer now (npm run attack -- --docs)",
    async () => {
      const asked = await cells();
      for (const [path, wanted] of DOCUMENTS) {
        const text = readFileSync(path, "utf8");
        assert.equal(fill(text, wanted, asked), text, path);
      }
    },
  );
  it("every order of two moves breaks no rule, from a sealed slot", () => {
    const w = new World(`${SEED} search`);
    STARTS["sealed to the first"](w);
    const late = deadline(times(8000, 1500));
    // so many at least, however busy the machine is
    let looks = 0;
    const { found, moves } = search(w, 2, () => ++looks > times(100, 20) && late());
    assert.equal(found, undefined);
    assert.ok(moves > times(20, 5), `${moves} moves`);
  });
  for (const name of ["both told and named", "the first has the key"] as const)
    it(`random runs break no rule, from: ${name}`, () => {
      const w = new World(`${SEED} ${name}`);
      STARTS[name](w);
      const { found, moves } = tryRandomly(w, SEED, {
        runs: 8,
        length: 40,
        milliseconds: times(3000, 700),
      });
      assert.equal(found, undefined);
      assert.ok(moves > 0);
    });
  it("a card that takes what nobody made would be noticed", () => {
    const w = new World(`${SEED} noticed`);
    STARTS["sealed to the first"](w);
    const [move] = forgedMoves(w, 8 * 200).filter(({ command }) => command === "ACCEPT");
    assert.ok(move);
    const taken = w.known.transfers[0]!.bytes;
    // The honest message in the place of the forged one: a card that would not look.
    const lax = { ...move, run: (x: World) => x.accept(1, taken) };
    assert.throws(() => play(w, lax), /took what nobody made/);
  });
});
