/**
 * Images and the flasher against Espruino's own interpreter (ESPRUINO_BIN), its console and its
 * serial port on pseudo terminals.
 */
import { strict as assert } from "node:assert";
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pretokenise } from "../../firmware/build/passes/pretokenise.js";
import { buildKernel } from "../../firmware/kernel/build.js";
import type { Status } from "../../host/sdk/card/commands/index.js";
import { CardSession } from "../../host/sdk/card/session.js";
import { CardError } from "../../host/sdk/card/words.js";
import { readSamples } from "../../host/apps/doctor/samples.js";
import { FlashError } from "../../host/apps/flasher/failures.js";
import { flash, type FlashDialogue } from "../../host/apps/flasher/flash-board.js";
import { portOf } from "../../host/apps/flasher/console/open.js";
import type { Plan } from "../../host/apps/flasher/plan.js";
import { VAULT_SPAN } from "../../hw/images/storage-names.js";
import { PtyPair } from "../../host/emulator/board/interpreter/pty.js";
import { decodeFrame, encodeFrame, LineSplitter } from "../../host/sdk/links/line/line.js";
import type { Frame } from "../../host/sdk/links/line/line.js";
import type { Duplex } from "../../host/sdk/links/link.js";
import { LineTransport } from "../../host/sdk/links/line/transport.js";
import { openSerial } from "../../host/sdk/links/line/serial.js";
import { LINUX_BUILD } from "../../hw/boards/linux.js";
import { askable, bodiesOnInterpreter } from "../../host/tools/image/bodies.js";
import { LINUX_PORT } from "../../hw/images/boot.js";
import { makeImage, type Image } from "../../host/tools/image/image.js";
import { layout } from "../../host/tools/image/layout.js";
import { fromHex } from "../../host/sdk/crypto/bytes.js";
import { demoFirmware } from "../support/bundles.js";
import { until } from "../support/until.js";
import { imageOf, smallParts } from "./parts.js";

const BIN = process.env["ESPRUINO_BIN"];

/** One interpreter in a folder of its own; its console on `console`, if one is given. */
class Interpreter {
  readonly folder = mkdtempSync(join(tmpdir(), "kincard-interpreter-"));
  #child: ChildProcess | undefined;

  get flash(): Buffer {
    return readFileSync(this.#file);
  }
  set flash(bytes: Uint8Array) {
    writeFileSync(this.#file, bytes);
  }
  get #file(): string {
    return join(this.folder, "espruino.flash");
  }

  start(console?: PtyPair): void {
    const tty = console ? openSync(console.board, "r+") : undefined;
    const stdio = tty === undefined ? ("pipe" as const) : tty;
    this.#child = spawn(BIN!, [], { cwd: this.folder, stdio: [stdio, stdio, stdio] });
    // what nobody reads must not stop it
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.resume();
    if (tty !== undefined) closeSync(tty);
  }
  /** As pulling the battery does it. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }
  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A busy machine boots it in its own time. */
const PATIENT = { connectMs: 50_000 };

/** Sends it until a frame with its seq comes back; the answers so far are dropped. */
async function answerTo(
  port: Duplex,
  answers: (Frame | undefined)[],
  frame: Frame,
): Promise<Frame> {
  const line = Buffer.concat([Buffer.from("\n"), encodeFrame(frame)]);
  answers.length = 0;
  for (let tries = 0; tries < 20; tries++) {
    await port.write(line);
    const came = until("no answer", 2000, () => answers.some((each) => each?.seq === frame.seq));
    if (await came.then(() => true).catch(() => false)) break;
    if (answers.length) break;
  }
  const answer = answers.find((each) => each?.seq === frame.seq);
  assert.ok(answer, `no good frame with seq ${frame.seq}: ${answers.length} lines came`);
  return answer;
}

describe("on the real interpreter", function () {
  this.timeout(60_000);
  let interpreter: Interpreter;
  let image: Image;
  const ptys: PtyPair[] = [];
  const pty = async () => {
    const pair = await PtyPair.open();
    ptys.push(pair);
    return pair;
  };

  before(async function () {
    if (!BIN) {
      console.log("    skipped: ESPRUINO_BIN does not name an interpreter");
      this.skip();
    }
    const firmware = await demoFirmware();
    image = makeImage(LINUX_BUILD, { firmware, kernel: buildKernel().bytes });
  });
  beforeEach(() => (interpreter = new Interpreter()));
  afterEach(async () => {
    await interpreter?.close();
    for (const pair of ptys.splice(0)) pair.close();
  });

  /** Boots the image with a cable at its serial port. */
  const booted = async () => {
    interpreter.flash = image.layout.bytes;
    const serial = await pty();
    symlinkSync(serial.board, join(interpreter.folder, LINUX_PORT));
    interpreter.start();
    return openSerial(serial.port, 115200);
  };

  it("the tokenised image boots, and the card answers on its serial port", async () => {
    const transport = await LineTransport.connect(await booted(), PATIENT);
    try {
      // its processor is not the kernel's: the card is there and says just that
      const told = await new CardSession(transport).status().catch((error: unknown) => error);
      if (told instanceof CardError) assert.equal(told.word, "KERNEL", told.message);
      else assert.equal((told as Status).firmware, image.manifest.version);
    } finally {
      await transport.close();
    }
  });

  it("its answers are good frames whatever their seq", async () => {
    const port = await booted();
    const lines = new LineSplitter();
    const answers: (Frame | undefined)[] = [];
    port.onData((bytes) => answers.push(...lines.push(bytes).map(decodeFrame)));
    // before it has booted a line may be lost: so once more until it is heard
    const sync = await answerTo(port, answers, { seq: 1, apdu: new Uint8Array(0) });
    assert.deepEqual(sync, { seq: 1, apdu: new Uint8Array(0) });
    const apdu = fromHex("80100000");
    for (const seq of [0, 0x7f, 0x80, 0xc3, 0xff])
      assert.equal((await answerTo(port, answers, { seq, apdu })).seq, seq);
    await port.close();
  });

  it("booting an image leaves the flash as it was", async () => {
    // it answers: it has booted
    await (await LineTransport.connect(await booted(), PATIENT)).close();
    assert.ok(interpreter.flash.equals(image.layout.bytes));
  });

  it("every function's body stays in flash", async () => {
    const { code, info } = await demoFirmware();
    const firmware = { code: askable(code), info };
    const { layout: asked } = makeImage(LINUX_BUILD, { firmware, kernel: buildKernel().bytes });
    const { inFlash, inRam } = await bodiesOnInterpreter(BIN!, asked.bytes);
    assert.equal(inRam, 0);
    assert.ok(inFlash > 50, `only ${inFlash} functions were seen: is that the firmware?`);
  });

  it("a body that is taken into RAM is seen", async () => {
    const code = 'function keep(){"ram";return 1}function flash(){return 2}';
    const boot = Buffer.from(pretokenise(code), "latin1");
    const { bytes } = layout(LINUX_BUILD, new Uint8Array(64), { bytes: boot });
    assert.deepEqual(await bodiesOnInterpreter(BIN!, bytes), { inFlash: 1, inRam: 1 });
  });

  it("raw random samples are read at its prompt, the ones that rand() gives", async () => {
    const read = async () => {
      const console = await pty();
      const own = new Interpreter();
      try {
        own.start(console);
        const { signal } = new AbortController();
        return await readSamples(`serial:${console.port}@115200`, {
          ...{ count: 4001, signal, progress: () => undefined },
        });
      } finally {
        await own.close();
      }
    };
    const [first, second] = [await read(), await read()];
    assert.equal(first.board, "LINUX");
    assert.equal(first.bytes.length, 4001);
    assert.ok(new Set(first.bytes).size > 200, "these are no samples");
    // Its seed is fixed: each start gives the same.
    assert.deepEqual(second.bytes, first.bytes);
  });

  describe("the flasher at its console", () => {
    const small = imageOf(LINUX_BUILD);
    const expected = makeImage(LINUX_BUILD, smallParts()).layout.bytes;
    const asked: Plan[] = [];
    const dialogue = (agree: boolean, onByte: () => void = () => undefined): FlashDialogue => ({
      say: () => undefined,
      step: (_, work) => work(onByte),
      agreed: async (plan) => asked.push(plan) > 0 && agree,
    });
    const run = (console: PtyPair, talk: FlashDialogue, verify = false) => {
      const port = portOf(`serial:${console.port}`, { console: 115200, image: 115200 });
      return flash({ board: LINUX_BUILD, port, image: small, verify }, talk);
    };
    beforeEach(() => asked.splice(0));

    it("leaves the very bytes of the image, as our Storage log makes them", async () => {
      const console = await pty();
      interpreter.start(console);
      const { verified } = await run(console, dialogue(true), true);
      assert.ok(verified);
      assert.ok(interpreter.flash.equals(expected));
    });

    it("the upload script, typed at its prompt, does the same", async () => {
      const console = await pty();
      interpreter.start(console);
      const port = await openSerial(console.port, 115200);
      let text = "";
      const done = new Promise<void>((resolve) => {
        port.onData((bytes) => {
          text += Buffer.from(bytes).toString("latin1");
          if (/Kincard is (NOT )?on this board/.test(text)) resolve();
        });
      });
      const script = Buffer.from(
        makeImage(LINUX_BUILD, smallParts()).output.get("upload.js")!,
      ).toString();
      // echo off, as the Web IDE sends it
      for (const line of script.split("\n")) await port.write(Buffer.from(`\x10${line}\n`));
      await done;
      await port.close();
      assert.match(text, /Kincard is on this board/);
      assert.ok(interpreter.flash.equals(expected));
    });

    it("replaces the code behind a vault in use and leaves the vault alone", async () => {
      const before = Buffer.from(expected);
      before.write("a card's record", 4096);
      interpreter.flash = before;
      const console = await pty();
      interpreter.start(console);
      const { plan } = await run(console, dialogue(true), true);
      assert.equal(plan.mode, "update");
      assert.equal(asked.length, 1);
      assert.ok(interpreter.flash.subarray(0, VAULT_SPAN).equals(before.subarray(0, VAULT_SPAN)));
    });

    it("touches nothing of a vault in use on a no", async () => {
      const before = Buffer.from(expected);
      before.write("a card's record", 4096);
      interpreter.flash = before;
      const console = await pty();
      interpreter.start(console);
      await assert.rejects(run(console, dialogue(false)), /not confirmed/);
      assert.ok(interpreter.flash.equals(before));
    });

    it("killed half-way: says so in time; the next run ends with the image", async () => {
      const console = await pty();
      interpreter.start(console);
      let kill: Promise<void> | undefined;
      const cut = () => void (kill ??= interpreter.kill());
      await assert.rejects(run(console, dialogue(true, cut)), (error) => {
        assert.ok(error instanceof FlashError, String(error));
        return error.reason === "link";
      });
      await kill;
      await console.flush();
      interpreter.start(console);
      await run(console, dialogue(true));
      assert.ok(interpreter.flash.equals(expected));
    });
  });
});
