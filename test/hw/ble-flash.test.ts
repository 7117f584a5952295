/**
 * Flashing over Bluetooth LE: Espruino's UART service, through the stand-in for the package, with a
 * prompt behind it: the tests' own, and the real interpreter's (ESPRUINO_BIN) on a pseudo terminal.
 */
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlashError, type FlashFacts } from "../../host/apps/flasher/failures.js";
import { flash, type FlashDialogue } from "../../host/apps/flasher/flash-board.js";
import { portOf } from "../../host/apps/flasher/console/open.js";
import { PtyPair } from "../../host/emulator/board/interpreter/pty.js";
import type { Duplex } from "../../host/sdk/links/link.js";
import { duplexPair } from "../../host/sdk/links/line/pair.js";
import { openSerial } from "../../host/sdk/links/line/serial.js";
import type { Board } from "../../hw/boards/board.js";
import { LINUX_BUILD } from "../../hw/boards/linux.js";
import { PUCKJS } from "../../hw/boards/puckjs.js";
import { makeImage } from "../../host/tools/image/image.js";
import { boardInRange, StandIn, UartInRange, type UartOptions } from "../ble/noble.js";
import { makeBoard, missingBundle } from "../support/boards.js";
import { imageOf, smallParts } from "./parts.js";
import { ReplBoard } from "./repl.js";

const talk: FlashDialogue = {
  say: () => undefined,
  step: (_, work) => work(() => undefined),
  agreed: async () => true,
};
const rates = { console: 9600, image: 115200 };
const run = (air: StandIn, board: Board = PUCKJS, device = "Puck.js 1234") => {
  const port = portOf(`ble:${device}`, rates, { load: air.load, connectMs: 500 });
  return flash({ board, port, image: imageOf(board), verify: true }, talk);
};

describe("flashing over Bluetooth", function () {
  this.timeout(60_000);

  /** A prompt behind a UART service; a restart ends the connection, as it does on the air. */
  function prompt(options: UartOptions = {}) {
    const [host, end] = duplexPair();
    const onLine = (line: string) => {
      if (line.includes("E.reboot")) end.close();
    };
    const board = new ReplBoard(PUCKJS, end, { onLine });
    return { board, uart: new UartInRange(async () => host, options) };
  }

  it("leaves exactly the image on the board", async () => {
    const { board, uart } = prompt();
    const result = await run(new StandIn([uart]));
    assert.ok(result.written && result.verified);
    const expected = makeImage(PUCKJS, smallParts()).layout.bytes;
    assert.deepEqual(Buffer.from(board.flash.bytes), Buffer.from(expected));
  });

  it("waits whenever the board says that it is full", async () => {
    const { uart } = prompt({ fullAfter: 7 });
    assert.ok((await run(new StandIn([uart]))).verified);
    assert.ok(uart.pauses > 20, `${uart.pauses} pauses`);
    assert.equal(uart.ignored, 0);
  });

  it("says that a card has taken the prompt away", async function () {
    if (missingBundle()) return this.skip();
    const board = makeBoard({ seed: "flashed" });
    board.powerOn();
    const air = new StandIn([boardInRange(board, "a card")]);
    await assert.rejects(run(air, PUCKJS, "a card"), (error) => {
      assert.ok(error instanceof FlashError);
      assert.equal(error.code, "flash/open");
      assert.deepEqual((error.facts as FlashFacts["flash/open"]).why.code, "link/no-prompt");
      return error.reason === "link";
    });
    assert.equal(board.air?.central, undefined, "the connection was kept");
  });

  it("says what is in range when the board is not", async () => {
    const { uart } = prompt();
    await assert.rejects(
      run(new StandIn([uart]), PUCKJS, "Puck.js 9999"),
      /in range: Puck.js 1234/,
    );
  });

  describe("to the real interpreter", () => {
    const bin = process.env["ESPRUINO_BIN"];
    before(function () {
      if (bin) return;
      console.log("      skipped: ESPRUINO_BIN does not name an interpreter");
      this.skip();
    });
    it("leaves the very bytes of the image", async () => {
      const folder = mkdtempSync(join(tmpdir(), "kincard-ble-"));
      const pty = await PtyPair.open();
      const tty = openSync(pty.board, "r+");
      const child = spawn(bin!, [], { cwd: folder, stdio: [tty, tty, tty] });
      closeSync(tty);
      try {
        const link = (): Promise<Duplex> => openSerial(pty.port, 115200);
        const air = new StandIn([new UartInRange(link, { fullAfter: 50 })]);
        assert.ok((await run(air, LINUX_BUILD)).verified);
        const expected = makeImage(LINUX_BUILD, smallParts()).layout.bytes;
        assert.ok(readFileSync(join(folder, "espruino.flash")).equals(expected));
      } finally {
        child.kill("SIGKILL");
        pty.close();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
});
