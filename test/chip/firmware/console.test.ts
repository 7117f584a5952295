/**
 * Nobody gets a prompt, and nobody hangs the card: Ctrl-C at the moments of the boot, by wire, on a
 * card that holds a wallet.
 */
import assert from "node:assert/strict";
import type { ChipBoard } from "../../../host/emulator/board/chip.js";
import { Seeded } from "../../../host/emulator/seeded.js";
import { HZ, MS } from "../../../host/emulator/chip/soc/base/time.js";
import { encodeFrame, LineSplitter, decodeFrame } from "../../../host/sdk/links/line/line.js";
import { CLA, COMMANDS, STATES } from "../../../host/sdk/wire/generated.js";
import type { NorState } from "../../../host/emulator/flash/state.js";
import { ChipCard, closeAll, makeChip, missing, title } from "./support.js";

const reason = missing();
const STATUS = encodeFrame({ seq: 9, apdu: Uint8Array.of(CLA.PLAIN, COMMANDS[0].ins, 0, 0) });
/** Milliseconds from before the first of `.boot0` to after the first answer. */
const [FROM, TO] = [130, 600];
/** Moments a run tries: each millisecond with KINCARD_SWEEP=full, three minutes on a free core. */
const full = process.env.KINCARD_SWEEP === "full";
const STEP = full ? 1 : 10;
/** So long after power-on it answers, whatever was typed meanwhile. */
const BOOTED = 1.2;

describe(title("a closed console on a chip", reason), function () {
  this.timeout(full ? 3_600_000 : 600_000);
  let wallet: NorState;
  before(async function () {
    if (reason) return this.skip();
    const card = await ChipCard.certified({ seed: "console" });
    await card.activate();
    card.board.powerOff();
    wallet = card.board.flash.snapshot();
    await closeAll();
  });
  afterEach(closeAll);

  /** One board boots again and again: what it translated the first time is not made anew. */
  const made = (options = {}) => makeChip({ seed: "console", ...options });
  function booted(board: ChipBoard, at: number, flood: Uint8Array) {
    board.flash.restore(wallet);
    const splitter = new LineSplitter();
    const lines: string[] = [];
    let text = "";
    const stop = board.onData((bytes) => {
      text += Buffer.from(bytes).toString("latin1");
      lines.push(...splitter.push(bytes));
    });
    board.powerOn();
    board.advance(at / 1000);
    board.send(flood);
    board.drive.runTo(board.chip.scheduler.now + (BOOTED - board.time) * HZ);
    text = "";
    lines.length = 0;
    board.send(Buffer.concat([Buffer.from("\n"), STATUS]));
    const answer = () =>
      lines.map((line) => decodeFrame(line)?.apdu).find((apdu) => (apdu?.length ?? 0) > 2);
    board.drive.runTo(board.chip.scheduler.now + HZ, () => answer() !== undefined);
    board.send("1234567+1\n");
    board.drive.runTo(board.chip.scheduler.now + 100 * MS);
    const state = answer()?.[2];
    const holds = state === STATES.WALLET.value;
    board.powerOff();
    stop();
    return { answered: holds, prompt: /1234568/.test(text), said: text };
  }

  it(`survives a Ctrl-C at each ${STEP === 1 ? "" : `${STEP}th `}millisecond of the boot`, () => {
    const bad: string[] = [];
    const board = made();
    for (let at = FROM; at <= TO; at += STEP) {
      const { answered, prompt } = booted(board, at, Uint8Array.of(3));
      if (!answered || prompt) bad.push(`${at} ms: ${prompt ? "a prompt" : "no answer"}`);
    }
    assert.deepEqual(bad, []);
    assert.deepEqual(board.failures, []);
  });
  it("survives floods of Ctrl-C and noise, at three speeds of the processor", () => {
    for (const cyclesPerInstruction of [1.3, 2, 3.6]) {
      const random = new Seeded(`flood ${cyclesPerInstruction}`);
      const noise = Uint8Array.from({ length: 400 }, () =>
        random.below(3) ? 3 : random.below(256),
      );
      const run = booted(made({ cyclesPerInstruction }), 50, noise);
      const what = `${cyclesPerInstruction} cycles an instruction: ${JSON.stringify(run.said)}`;
      assert.deepEqual([run.answered, run.prompt], [true, false], what);
    }
  });
});
