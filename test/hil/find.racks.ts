/**
 * `kincard hil --find`: boards in radio range and on readers, here emulated ones, are told, and
 * tested by those who confirm them.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT } from "../../host/apps/cli/failure.js";
import { parseSummary } from "../../host/apps/terminal/counts.js";
import { CLI, kincard } from "../cli/support.js";
import { missingBundle } from "../support/boards.js";
import { VirtualProcess } from "../support/virtual-process.js";

const ANY = "tcp:127.0.0.1:0";

describe("kincard hil --find", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "kincard-find-"));
  const boards: VirtualProcess[] = [];
  const env: Record<string, string> = {};
  before(async function () {
    if (missingBundle()) this.skip();
    const [both, tag] = await Promise.all([
      start("both", "--ble", ANY, "--nfc", ANY),
      start("tag", "--nfc", ANY),
    ]);
    env.KINCARD_BLE = both.uri("ble");
    env.KINCARD_NFC = [both, tag].map((board) => board.uri("nfc")).join(",");
    // So that it says by each link which card it is.
    const made = await kincard(["personalise", "--card", readerOf(both)], { env });
    assert.equal(made.exit, 0, made.stderr);
  });
  after(async () => {
    for (const board of boards) await board.end();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(name: string, ...ways: string[]): Promise<VirtualProcess> {
    const flash = ["--flash", join(folder, `${name}.flash`)];
    const board = await VirtualProcess.start([...flash, ...ways], "nfc");
    boards.push(board);
    return board;
  }
  const hil = (...args: string[]) => kincard(["hil", ...args], { env, hungMs: 280_000 });
  const readerOf = (board: VirtualProcess) => `pcsc:${board.uri("nfc").split(":").at(-1)}`;

  it("asks nobody's board without a word: there is no terminal here", async () => {
    const { exit, stderr } = await hil("--find");
    assert.equal(exit, EXIT.USAGE);
    assert.match(stderr, /no terminal to confirm .*--yes/);
  });

  it("tells each board with its links, and tests them by all", async () => {
    const { exit, stdout: out, stderr: err } = await hil("--find", "--yes");
    assert.equal(exit, 0, out + err);
    const coil = "pcsc:Kincard emulated coil 127\\.0\\.0\\.1:\\d+";
    const twice = new RegExp(`found at ${coil} and ble:[0-9a-f:]+: EMPTY, DEMO.*is card \\w{4}-`);
    assert.match(err, twice);
    assert.match(err, new RegExp(`found at ${coil}: BLANK, DEMO, firmware`));
    assert.match(out, /^board 1: pcsc:.*\nboard 2: ble:.*\nboard 3: pcsc:/m);
    // By either link of the first board, both ways.
    const backups = out.match(/^a backup: .* passed, source/gm);
    assert.equal(backups?.length, 4, out);
    assert.match(out, /skipped: .*its link has no bytes below the commands/);
    const { passed, failed } = parseSummary(out)!;
    assert.deepEqual([failed, passed > 40], [0, true], out);
  });

  it("takes none that is not confirmed at the terminal", async () => {
    const command = [process.execPath, CLI, "hil", "--find"].map((word) => `'${word}'`).join(" ");
    const child = spawn("script", ["-qec", command, "/dev/null"], {
      env: { ...process.env, ...env },
    });
    let shown = "";
    let answered = 0;
    child.stdout.on("data", (data) => {
      shown += String(data);
      const asked = shown.split("Test this board?").length - 1;
      while (answered < asked) {
        answered++;
        child.stdin.write("n\r");
      }
    });
    const exit = await new Promise((resolve) => child.on("close", resolve));
    assert.equal(exit, EXIT.USAGE, shown);
    assert.equal(answered, 2, shown);
    assert.match(shown, /It makes and destroys wallets on it/);
    assert.match(shown, /none of the boards was confirmed/);
  });
});
