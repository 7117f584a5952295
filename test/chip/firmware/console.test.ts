/**
 * Nobody gets a prompt, and nobody hangs the card: Ctrl-C at the moments of the boot, by wire.
 *
 * It waits for the boot words that close the console before the bundle, and is skipped by name
 * until they are in the build.
 */
import assert from "node:assert/strict";
import { Seeded } from "../../../host/emulator/seeded.js";
import { closeAll, makeChip, title, unmended } from "./support.js";
import { encodeFrame, LineSplitter, decodeFrame } from "../../../host/sdk/links/line.js";
import { CLA, COMMANDS } from "../../../host/sdk/wire/generated.js";

const reason = unmended("setConsole", true);
const STATUS = encodeFrame({ seq: 9, apdu: Uint8Array.of(CLA.PLAIN, COMMANDS[0].ins, 0, 0) });
/** Milliseconds from the first of `.boot0` to the first answer, and some more. */
const [FROM, TO] = [140, 460];
/** Moments a run tries: all of them with KINCARD_SWEEP=full. */
const STEP = process.env.KINCARD_SWEEP === "full" ? 1 : 40;

describe(title("a closed console on a chip", reason), function () {
  this.timeout(1_800_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  function booted(at: number, flood: Uint8Array, options = {}) {
    const board = makeChip({ seed: "console", ...options });
    const splitter = new LineSplitter();
    const lines: string[] = [];
    let text = "";
    board.onData((bytes) => {
      text += Buffer.from(bytes).toString("latin1");
      lines.push(...splitter.push(bytes));
    });
    board.powerOn();
    board.advance(at / 1000);
    board.send(flood);
    board.advance(1.5);
    text = "";
    board.send(Buffer.concat([Buffer.from("\n"), STATUS]));
    board.advance(1);
    const answered = lines.some((line) => (decodeFrame(line)?.apdu.length ?? 0) > 2);
    board.send("1234567+1\n");
    board.advance(0.5);
    return { answered, prompt: /1234568/.test(text), board };
  }

  it("survives a Ctrl-C at each moment of the boot", () => {
    const bad: string[] = [];
    for (let at = FROM; at <= TO; at += STEP) {
      const { answered, prompt, board } = booted(at, Uint8Array.of(3));
      if (!answered || prompt) bad.push(`${at} ms: ${prompt ? "a prompt" : "no answer"}`);
      board.powerOff();
    }
    assert.deepEqual(bad, []);
  });
  it("survives floods of Ctrl-C and noise, at three speeds of the processor", () => {
    for (const cyclesPerInstruction of [1.3, 2, 3.6]) {
      const random = new Seeded(`flood ${cyclesPerInstruction}`);
      const noise = Uint8Array.from({ length: 400 }, () =>
        random.below(3) ? 3 : random.below(256),
      );
      const run = booted(50, noise, { cyclesPerInstruction });
      const what = `${cyclesPerInstruction} cycles an instruction`;
      assert.deepEqual([run.answered, run.prompt], [true, false], what);
    }
  });
});
