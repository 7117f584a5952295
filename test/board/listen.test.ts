/** A board's card port and control port, and `kincard virtual` as a process. */

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUNDLE_PATH, KERNEL_PATH } from "../../host/emulator/espruino/bundle.js";
import type { Board } from "../../host/emulator/board/board.js";
import { control } from "../../host/emulator/board/control.js";
import { listenCard, listenControl, type Listening } from "../../host/emulator/board/listen.js";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import { NorFlash } from "../../host/emulator/flash/nor.js";
import { toHex } from "../../host/sdk/crypto/bytes.js";
import { CardSession, openLink } from "../../host/sdk/index.js";
import { decodeFrame, encodeFrame } from "../../host/sdk/links/line/line.js";
import { accessCode, MAKER, TestCard } from "../host/support.js";
import { makeBoard, missingBundle } from "../support/boards.js";
import { kincard } from "../cli/support.js";
import { LineClient, VirtualProcess } from "../support/virtual-process.js";
import { PART, some } from "../support/full.js";

/**
 * Answers each line with how many lines were ever taken, kept in flash. What is said for a client
 * that is gone begins with a line's end, and counts as none.
 */
const COUNTER = `(function () {
  var flash = require("Flash"), page = process.memory().flash_code_start + 4096, line = "";
  Serial1.on("data", function (d) {
    line += d;
    if (line[line.length - 1] !== "\\n") return;
    if (line[0] === "\\n") return (line = "");
    var n = 0;
    while (flash.read(4, page + 4 * n)[0] === 0) n++;
    flash.write(new Uint8Array(4), page + 4 * n);
    Serial1.write((n + 1) + " " + line);
    line = "";
  });
})()`;

describe("control lines", () => {
  const status = async (board: VirtualBoard) =>
    JSON.parse(await control(board, "status")) as Record<string, unknown>;

  it("switch power, count operations and say how a run ended", async () => {
    const board = makeBoard({ source: COUNTER });
    assert.equal((await status(board)).power, "off");
    assert.equal(await control(board, "on"), "ok");
    assert.equal((await status(board)).power, "on");
    const before = (await status(board)).operations as number;
    board.send("a\n");
    assert.equal((await status(board)).operations, before + 1);
    assert.equal(await control(board, "cut 1 before"), "ok");
    board.send("a\n");
    assert.equal((await status(board)).power, "off");
    assert.match((await status(board)).lastEnd as string, /^power cut before flash operation/);
    assert.equal(await control(board, "on\r"), "ok");
    assert.equal(await control(board, "off"), "ok");
    assert.equal((await status(board)).lastEnd, null);
  });

  it("tell each change of the lights, with its second, to who asks later", async () => {
    const board = makeBoard({
      source: `var steps = [1, 0, 4];
        function next() {
          digitalWrite([LED3, LED2, LED1], steps.shift());
          if (steps.length) setTimeout(next, 200);
        }
        setTimeout(next, 200);`,
    });
    const listening = await listenControl(board, "tcp:127.0.0.1:0");
    const client = new LineClient(listening.uri);
    try {
      board.powerOn();
      board.advance(2);
      assert.deepEqual(JSON.parse((await client.ask("lights")) ?? ""), [
        [["LED1"], 0.2],
        [[], 0.4],
        [["LED3"], 0.6],
      ]);
      board.powerOff();
      const after = JSON.parse((await client.ask("lights")) ?? "") as unknown[];
      assert.deepEqual(after.slice(3), [[[], 2]]);
    } finally {
      client.close();
      await listening.close();
    }
  });

  it("let time pass and press the button", async () => {
    const board = makeBoard({ source: `print(1)` });
    await control(board, "on");
    assert.equal(await control(board, "advance 12.5"), "ok");
    assert.ok(((await status(board)).time as number) >= 12.5);
    assert.deepEqual(
      [await control(board, "press"), await control(board, "release")],
      ["ok", "ok"],
    );
    const plain = makeBoard({ source: `print(1)`, button: false });
    assert.match(await control(plain, "press"), /^error: .*no button/);
  });

  it("steer flash and time only where both are emulated", async () => {
    const board = makeBoard({ source: COUNTER });
    const plain: Board = {
      ...{ on: true, hasButton: false, powerOns: 1 },
      powerOn: () => Promise.reject(new Error("the plug is out")),
      powerOff: () => Promise.resolve(),
      press: () => undefined,
      release: () => undefined,
      duplex: () => board.duplex(),
      onPower: () => () => undefined,
      dump: () => new Uint8Array(0),
      status: () => ({ power: "on", button: false }),
    };
    assert.equal(await control(plain, "off"), "ok");
    assert.equal(await control(plain, "on"), "error: the plug is out");
    assert.match(await control(plain, "cut 1"), /^error: cut: only a board/);
    assert.match(await control(plain, "advance 1"), /^error: advance: only a board/);
    assert.deepEqual(JSON.parse(await control(plain, "status")), { power: "on", button: false });
  });

  it("answer nonsense with an error and change nothing", async () => {
    const board = makeBoard({ source: COUNTER });
    board.powerOn();
    for (const line of [
      "",
      "reset",
      "cut",
      "cut 0",
      "cut -1",
      "cut 1 during",
      "cut 1 before 1 1",
      "advance",
      "advance -1",
      "advance x",
      "advance 1e99",
      "off now",
      "constructor",
    ]) {
      assert.match(await control(board, line), /^error: /, line);
    }
    assert.equal(board.on, true);
    board.send("a\n");
    assert.equal(board.on, true);
  });
});

describe("a board on the network", () => {
  let board: VirtualBoard;
  let card: Listening;
  let steering: Listening;
  const clients: LineClient[] = [];
  const client = (uri: string) => {
    const made = new LineClient(uri);
    clients.push(made);
    return made;
  };
  beforeEach(async () => {
    board = makeBoard({ source: COUNTER });
    card = await listenCard(board, "tcp:127.0.0.1:0");
    steering = await listenControl(board, "tcp:127.0.0.1:0");
  });
  afterEach(async () => {
    for (const open of clients.splice(0)) open.close();
    await card.close();
    await steering.close();
    board.powerOff();
  });

  it("carries bytes between its card port and the serial port", async () => {
    board.powerOn();
    const one = client(card.uri);
    assert.equal(await one.ask("hello"), "1 hello");
    assert.equal(await one.ask("hello"), "2 hello");
  });

  it("takes one client at a time, and another one afterwards", async () => {
    board.powerOn();
    const one = client(card.uri);
    assert.equal(await one.ask("a"), "1 a");
    const two = client(card.uri);
    assert.match((await two.next()) ?? "", /^busy/);
    assert.equal(await two.next(), undefined);
    assert.equal(await one.ask("b"), "2 b");
    one.close();
    assert.equal(await client(card.uri).ask("c"), "3 c");
  });

  it("ends a client's channel with its connection, the access code's validity too", async () => {
    const wallet = await TestCard.wallet("hung up");
    const port = await listenCard(wallet.board, "tcp:127.0.0.1:0");
    try {
      const session = new CardSession(await openLink(port.uri));
      await session.openChannel({ maker: MAKER });
      await session.enterCode(accessCode());
      await session.transport.close();
      // on a connection that begins without a sync: no channel (6982), or a seal that fails (6988)?
      const next = client(port.uri);
      const sealed = Uint8Array.of(0x84, 0x44, 0, 0, 16, ...new Uint8Array(16));
      const line = Buffer.from(encodeFrame({ seq: 1, apdu: sealed })).toString("latin1");
      const answer = decodeFrame((await next.ask(line.trimEnd())) ?? "");
      assert.equal(toHex(answer?.apdu ?? new Uint8Array()), "6982");
      next.close();
    } finally {
      await port.close();
    }
  });

  it("is not driven by a web page, whose browser puts lines into the body of a request", async () => {
    for (const { uri } of [card, steering]) {
      const url = `http://${uri.slice("tcp:".length)}/`;
      // what any site may send without being asked for leave (Fetch, 4.1: a "simple" request)
      const request = { method: "POST", body: "\non\non\n", mode: "no-cors" } as const;
      await assert.rejects(fetch(url, request), uri);
      assert.equal(board.on, false, uri);
    }
    board.powerOn();
    const { operations } = board.status();
    // nor by one whose first bytes come alone
    const sly = createConnection(Number(card.uri.split(":").at(-1)), "127.0.0.1");
    const over = once(sly, "close");
    sly.setNoDelay(true);
    for (const part of ["P", "OST", " / HTTP/1.1\r\n\r\na\n"]) {
      await new Promise((written) => sly.write(part, written));
      // what is written lies at the port: it is read in the loop's next turn
      for (let turn = 0; turn < 2; turn++) await new Promise((next) => setImmediate(next));
    }
    await over;
    assert.equal(board.status().operations, operations);
    // a client's first bytes are a client's, however alike
    assert.equal(await client(card.uri).ask("POSTING"), "1 POSTING");
  });

  it("is steered on its control port, never on the card's", async () => {
    const one = client(card.uri);
    const two = client(steering.uri);
    assert.equal(await two.ask("on"), "ok");
    assert.equal(await one.ask("off"), "1 off");
    assert.equal(await two.ask("off"), "ok");
    assert.equal(board.on, false);
  });
});

describe("kincard virtual", function () {
  this.timeout(20000);
  let folder: string;
  let files: { flash: string; bundle: string };
  let running: VirtualProcess[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kincard-virtual-"));
    files = { flash: join(folder, "flash"), bundle: join(folder, "bundle.js") };
    writeFileSync(files.bundle, COUNTER);
    running = [];
  });
  afterEach(async () => {
    for (const board of running) await board.end("SIGKILL");
    rmSync(folder, { recursive: true });
  });
  const start = async (...more: string[]) => {
    const args = ["--flash", files.flash, "--bundle", files.bundle, "--listen", "tcp:127.0.0.1:0"];
    const board = await VirtualProcess.start([...args, ...more]);
    running.push(board);
    return board;
  };

  it("says that it protects nothing, and by hash what it runs", async () => {
    const board = await start("--control", "tcp:127.0.0.1:0");
    assert.match(board.out.join("\n"), /emulation.*protects nothing/);
    const hash = createHash("sha256").update(readFileSync(files.bundle)).digest("hex");
    assert.equal(board.uri("bundle").split(" ")[0], hash);
    const two = new LineClient(board.uri("control"));
    const status = JSON.parse((await two.ask("status")) ?? "") as Record<string, unknown>;
    two.close();
    assert.deepEqual([status.power, status.bundle], ["on", hash]);
    assert.equal(board.uri("kernel").split(" ")[0], status.kernel);
  });

  it("runs what the build made, unless told otherwise", async function () {
    const missing = missingBundle();
    if (missing) {
      console.log(`      skipped: ${missing}`);
      this.skip();
    }
    const board = await VirtualProcess.start([
      ...["--flash", files.flash, "--listen", "tcp:127.0.0.1:0"],
    ]);
    running.push(board);
    const hash = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
    assert.equal(board.uri("bundle").split(" ")[0], hash(BUNDLE_PATH));
    const kernel = board.uri("kernel");
    if (existsSync(KERNEL_PATH)) assert.equal(kernel.split(" ")[0], hash(KERNEL_PATH));
    else assert.match(kernel, /stand-in/);
  });

  it(`refuses to be reached from other machines unasked, and warns when asked${PART}`, async () => {
    for (const way of some("ways", ["--listen", "--control"], 1)) {
      const args = ["virtual", "--flash", files.flash, "--listen", "tcp:127.0.0.1:0"];
      const { exit, stderr } = await kincard([...args, way, "tcp:0.0.0.0:0"]);
      assert.equal(exit, 2, stderr);
      assert.match(stderr, /can be reached from other machines.*say --lan/s);
      assert.ok(!existsSync(files.flash));
    }
    const args = ["virtual", "--flash", files.flash, "--listen", "tcp:0.0.0.0:0", "--lan"];
    const { stderr } = await kincard([...args, "--bundle", join(folder, "none.js")]);
    assert.match(stderr, /Warning: whoever reaches tcp:0\.0\.0\.0:0 can use and steer this board/);
  });

  it(`refuses a bundle or a flash that is not there, in a sentence${PART}`, async () => {
    const refused = [
      ["--bundle", join(folder, "nothing.js"), /there is no bundle/],
      ["--flash", join(folder, "no", "flash"), /can't make .*no such file/],
      ["--listen", "tcp:127.0.0.1", /must look like tcp:HOST:PORT/],
      ["--listen", "serial:x", /must look like tcp:HOST:PORT/],
    ] as const;
    for (const [option, value, says] of some("refused", refused, 1))
      await assert.rejects(start(option, value), says);
  });

  it(`keeps its flash over SIGTERM and SIGKILL, with one owner at a time${PART}`, async () => {
    let taken = 0;
    for (const signal of some("signals", ["SIGTERM", "SIGKILL", "SIGINT"] as const, 2)) {
      const board = await start();
      const one = new LineClient(board.uri("listening"));
      assert.equal(await one.ask("x"), `${++taken} x`);
      one.close();
      await assert.rejects(start(), /in use by process/);
      assert.equal(await board.end(signal), signal === "SIGKILL" ? null : 0, signal);
    }
    const flash = new NorFlash({ path: files.flash });
    assert.deepEqual(
      [...flash.read(0x5e000 + 4096, 4 * taken + 1)],
      [...Array<number>(4 * taken).fill(0), 255],
    );
    flash.close();
  });
});
