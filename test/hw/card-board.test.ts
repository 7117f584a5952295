import { strict as assert } from "node:assert";
import { failureOf } from "../../host/apps/cli/failure.js";
import { findBoard } from "../../host/apps/flasher/find.js";
import { FlashError } from "../../host/apps/flasher/failures.js";
import { NO_KERNEL, probeCard } from "../../host/apps/flasher/console/probe.js";
import { Tap } from "../../host/apps/flasher/console/tap.js";
import { duplexPair } from "../../host/sdk/links/line/pair.js";
import { StorageLog } from "../../host/emulator/espruino/storage/storage-log.js";
import { makeBoard, missingBundle } from "../support/boards.js";

/** A powered virtual board at the other end of a link. */
function cardLink() {
  const board = makeBoard();
  const [host, end] = duplexPair();
  board.onData((bytes) => void end.write(bytes));
  end.onData((bytes) => board.send(bytes));
  board.powerOn();
  return { board, host };
}

describe("a board on which a card runs already", function () {
  this.timeout(20_000);
  before(function () {
    const why = missingBundle();
    if (why) {
      console.log(`    skipped: ${why}`);
      this.skip();
    }
  });

  it("is told by the card's own status", async () => {
    const { host } = cardLink();
    const status = await probeCard(new Tap(host), "test");
    assert.ok(status && status !== NO_KERNEL, "no card was found");
    assert.equal(status.state, "BLANK");
  });

  it("has no console: the flasher says in what state the card is, and names SWD", async () => {
    const { host } = cardLink();
    const port = { name: "test", rates: [undefined], open: async () => host };
    const error = await findBoard(port, ".").then(
      () => assert.fail("a console was found"),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof FlashError, String(error));
    assert.match(error.message, /Kincard card .* runs here, BLANK.*console is closed/);
    assert.match(failureOf(error, []).next, /SWD/);
  });

  it("without its kernel is told as what it is", async () => {
    const { host, board } = cardLink();
    board.powerOff();
    new StorageLog(board.flash).erase("kckern");
    board.powerOn();
    const port = { name: "test", rates: [undefined], open: async () => host };
    await assert.rejects(findBoard(port, "."), (error: unknown) => {
      assert.ok(error instanceof FlashError, String(error));
      return error.code === "flash/no-kernel" && /SWD/.test(failureOf(error, []).next);
    });
  });
});
