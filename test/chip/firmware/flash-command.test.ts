/**
 * `kincard flash` as a user has it, on `kincard virtual --chip`: from a blank chip to a card that
 * answers, by the serial port and by Bluetooth, in the chip's own time.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT } from "../../../host/apps/cli/failure.js";
import { writeOutput } from "../../../host/tools/image/task.js";
import { PIXLJS } from "../../../hw/boards/pixljs.js";
import { kincard, type Ended } from "../../cli/support.js";
import { smallImage } from "../../hw/parts.js";
import { VirtualProcess } from "../../support/virtual-process.js";
import { board, missing, theImage, title } from "./support.js";

const reason = missing();
/** Two to four minutes on a board; a busy machine makes a slow chip. */
const HUNG_MS = 1_200_000;
const ANY = "tcp:127.0.0.1:0";

describe(title("kincard flash on a chip's own ports", reason), function () {
  this.timeout(HUNG_MS + 300_000);
  let folder: string;
  let image: string;
  const running: VirtualProcess[] = [];
  before(function () {
    if (reason) return this.skip();
    folder = mkdtempSync(join(tmpdir(), "kincard-flash-"));
    image = join(folder, board.id);
    writeOutput(theImage().made, image);
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.end("SIGKILL");
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function blank(word: string, ...ways: string[]): Promise<VirtualProcess> {
    const flash = ["--flash", join(folder, `${word}.flash`)];
    const chip = await VirtualProcess.start(["--chip", board.id, ...flash, ...ways], word);
    running.push(chip);
    return chip;
  }
  const flash = (port: string, env: Record<string, string>, ...more: string[]) => {
    const args = ["flash", "--json", "--board", board.id, "--image", image, "--port", port];
    return kincard([...args, ...more], { env, hungMs: HUNG_MS });
  };
  const isFine = ({ exit, stdout, stderr }: Ended) => assert.equal(exit, 0, stdout + stderr);
  const refused = ({ exit, stderr, json }: Ended, says: RegExp) => {
    assert.equal(exit, EXIT.REFUSED, stderr);
    assert.match((json as { error: { what: string } }).error.what, says);
  };

  it("by the serial port: another board's image refused, ours written, the card's own port", async () => {
    const chip = await blank("serial", "--serial", "pty");
    const port = chip.uri("serial");
    const other = ["--board", PIXLJS.id, "--image", smallImage(PIXLJS)];
    refused(await flash(port, {}, "--force", "--yes", ...other), /is a PUCKJS/);

    const done = await flash(port, {}, "--force", "--verify");
    isFine(done);
    const { written, verified, espruino, status } = done.json;
    assert.deepEqual([written, verified, espruino, status.state], [true, true, "2v29", "BLANK"]);

    const card = ["--card", port];
    const made = await kincard(["personalise", ...card, "--json"]);
    isFine(made);
    const genuine = await kincard(["verify", ...card, "--maker-key", "demo", "--json"]);
    isFine(genuine);
    assert.equal(genuine.json.id, made.json.cards[0].id);
    // Its console is closed now.
    refused(await flash(port, {}, "--force"), /card/);
    isFine(await kincard(["status", ...card]));
  });

  it("by Bluetooth: found by its name, written, and heard under another", async () => {
    const chip = await blank("ble", "--ble", ANY);
    const env = { KINCARD_BLE: chip.uri("ble") };
    const asked = await flash("ble:?", env, "--force");
    const [name = ""] = /Puck\.js [0-9a-f]{4}/.exec(asked.stderr) ?? [];
    assert.ok(name, asked.stderr);
    const done = await flash(`ble:${name}`, env, "--force");
    isFine(done);
    assert.equal(done.json.written, true);
    const { json } = await kincard(["ports", "--ble", "--json"], { env });
    const [heard] = json.cards;
    assert.match(heard.name, /^Kincard [0-9a-f]{4}$/);
    const card = ["--card", `ble:${heard.name.split(" ")[1]}`];
    isFine(await kincard(["personalise", ...card], { env }));
  });
});
