/** The matrix of a rack: who is tested with whom, by which link, with which firmware, and when. */
import assert from "node:assert/strict";
import { fullTitle, plan } from "../../host/apps/conform/suite.js";
import { choices, columnsOf, phasesOf } from "../../host/apps/hil/matrix.js";
import type { RackBoard } from "../../host/apps/hil/rack-file.js";

const versions = (...names: string[]) => new Map(names.map((name) => [name, `flash ${name}`]));
const BACKUP = "a backup: the copies take the code and hold the key";

/** What is planned, in its phases. */
function planned(boards: readonly RackBoard[]) {
  const columns = columnsOf(boards);
  const checks = plan(
    columns.map(({ board }) => ({ levers: {}, wire: true, board })),
    { triples: true },
  );
  return { columns, checks, phases: phasesOf(boards, columns, checks) };
}
/** The columns of each backup of so many boards, as text. */
const backups = (boards: readonly RackBoard[], size: number) =>
  planned(boards)
    .checks.filter(({ title, cards }) => title === BACKUP && cards.length === size)
    .map(({ cards }) => cards.join(" "));

describe("the matrix of a rack", () => {
  it("has every ordered pair and every ordered triple of boards", () => {
    const boards = ["tcp:a:1", "tcp:b:1", "tcp:c:1"].map((uri) => ({ links: [uri] }));
    assert.deepEqual(backups(boards, 2), ["0 1", "0 2", "1 0", "1 2", "2 0", "2 1"]);
    const sets = ["0 1 2", "0 2 1", "1 0 2", "1 2 0", "2 0 1", "2 1 0"];
    assert.deepEqual(backups(boards, 3), sets);
  });

  it("has each link of a board with each of another's, and never a board with itself", () => {
    const boards = [{ links: ["tcp:a:1", "ble:a"] }, { links: ["tcp:b:1", "ble:b"] }];
    const found = backups(boards, 2);
    assert.deepEqual(found, ["0 2", "0 3", "1 2", "1 3", "2 0", "2 1", "3 0", "3 1"]);
    assert.deepEqual(backups(boards, 3), []);
    const meddled = planned(boards).checks.filter(({ title }) => title.startsWith("an OFFER"));
    const partners = meddled.map(({ cards }) => cards.join(" "));
    assert.deepEqual(partners, ["0 2", "1 2", "2 0", "3 0"]);
  });

  it("has each version with each, in phases that flash one board at a time", () => {
    const firmware = versions("0.1.0", "0.2.0");
    const boards = [
      { links: ["tcp:a:1"], firmware },
      { links: ["tcp:b:1"], firmware },
      { links: ["tcp:c:1"] },
    ];
    const { columns, checks, phases } = planned(boards);
    // Two boards in two versions, and one as it is.
    assert.equal(columns.length, 5);
    assert.equal(backups(boards, 2).length, 16);
    assert.equal(backups(boards, 3).length, 6 * 4);
    const told = phases.map((phase) => phase.versions.slice(0, 2).join(" "));
    assert.deepEqual(told, ["0.1.0 0.1.0", "0.1.0 0.2.0", "0.2.0 0.2.0", "0.2.0 0.1.0"]);
    const run = phases.flatMap((phase) => phase.checks);
    assert.equal(new Set(run).size, run.length, "a check is run twice");
    assert.equal(run.length, checks.length, "a check is never run");
    for (const phase of phases)
      for (const index of phase.checks)
        for (const card of checks[index]!.cards) {
          const { board, version } = columns[card]!;
          assert.equal(phase.versions[board], version, fullTitle(checks[index]!));
        }
  });

  it("leaves each board empty at the end, in whatever version", () => {
    const boards = [
      { links: ["tcp:a:1", "ble:a"], firmware: versions("0.1.0", "0.2.0", "0.3.0") },
      { links: ["tcp:b:1"], firmware: versions("0.1.0", "0.2.0") },
    ];
    const { columns, checks, phases } = planned(boards);
    const order = phases.flatMap((phase) => phase.checks);
    for (const board of [0, 1]) {
      const own = order.filter((at) => checks[at]!.cards.some((c) => columns[c]!.board === board));
      assert.ok(checks[own.at(-1)!]!.last, `board ${board}`);
    }
    for (const card of columns.keys()) {
      const own = order.filter((at) => checks[at]!.cards.includes(card));
      assert.ok(checks[own.at(-1)!]!.last, `column ${card}`);
    }
  });

  it("chooses one of each by neighbours", () => {
    const all = choices([
      [0, 1],
      [0, 1, 2],
      [0, 1],
    ]);
    assert.equal(new Set(all.map(String)).size, 12);
    for (const [at, choice] of all.slice(1).entries()) {
      const changed = choice.filter((one, place) => one !== all[at]![place]).length;
      assert.equal(changed, 1, `${String(all[at])}, then ${String(choice)}`);
    }
  });
});
