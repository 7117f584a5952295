/** `kincard doctor --board` on a chip: a blank board's prompt, a full one's, and a card. */
import assert from "node:assert/strict";
import { checkBoard, whoAnswers } from "../../../host/apps/doctor/board.js";
import { listenCard } from "../../../host/emulator/board/listen.js";
import type { ChipBoard } from "../../../host/emulator/board/chip.js";
import "../../../host/sdk/links/node.js";
import { closeAll, makeChip, missing, title } from "./support.js";

const reason = missing();
const never = new AbortController().signal;

describe(title("the doctor of a board, on a chip", reason), function () {
  this.timeout(300_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  async function at<T>(board: ChipBoard, work: (uri: string) => Promise<T>): Promise<T> {
    board.powerOn();
    board.advance(1);
    const listening = await listenCard(board, "tcp:127.0.0.1:0");
    try {
      return await work(listening.uri);
    } finally {
      await listening.close();
    }
  }

  it("knows a blank board by its prompt; all is as its file and the data sheet say", async () => {
    const board = makeChip({ seed: "blank", image: false, clock: "real" });
    const report = await at(board, (uri) => checkBoard(uri, never));
    assert.equal(report.answers, "prompt");
    const differ = report.checks.filter(({ verdict }) => verdict === "differs");
    assert.deepEqual(differ, []);
    const names = report.checks.map(({ check }) => check);
    for (const name of ["Espruino", "Storage", "instruction cache", "erase of a page"])
      assert.ok(names.includes(name), `${name} is not among ${names.join(", ")}`);
    assert.deepEqual(board.failures, []);
  });
  it("says who answers", async () => {
    const board = makeChip({ seed: "who", image: false, clock: "real" });
    assert.equal(await at(board, whoAnswers), "Espruino 2v29 on a PUCKJS");
  });
  it("asks a card, and touches nothing", async () => {
    const board = makeChip({ seed: "card", clock: "real" });
    const report = await at(board, async (uri) => {
      const { words } = board.chip.flashUnit;
      const found = await checkBoard(uri, never);
      assert.equal(board.chip.flashUnit.words, words);
      return found;
    });
    assert.equal(report.answers, "card");
    assert.deepEqual(
      report.checks.filter(({ verdict }) => verdict === "differs"),
      [],
    );
  });
});
