/**
 * `kincard rng-dump` at a prompt (an emulated one; the real interpreter's where ESPRUINO_BIN names
 * it, in test/espruino) and at boards that have none.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { seededRandom } from "../../host/emulator/entropy.js";
import { makeDuplex } from "../../host/sdk/links/line/feed.js";
import { PUCKJS } from "../../hw/boards/puckjs.js";
import { ReplBoard, type ReplOptions } from "../hw/repl.js";
import { makeBoard } from "../support/boards.js";
import { Rig, kincardHere } from "./support.js";

/** What the emulated prompt's generator gives, its words as memory has them. */
function expected(count: number): Buffer {
  const random = seededRandom("prompt");
  const words = Int32Array.from({ length: Math.ceil(count / 4) }, () => random.next32());
  return Buffer.from(words.buffer).subarray(0, count);
}

describe("cli: rng-dump", function () {
  this.timeout(60_000);
  let rig: Rig;
  let ends: (() => void)[];
  beforeEach(() => {
    rig = new Rig();
    ends = [];
  });
  afterEach(async () => {
    for (const end of ends) end();
    await rig.end();
  });

  /** A board with nothing but a prompt, as a TCP link. */
  function prompt(options: ReplOptions = {}): Promise<string> {
    const server = createServer((socket) => {
      ends.push(() => void socket.destroy());
      const [duplex, feed] = makeDuplex({
        write: (bytes) => void socket.write(bytes),
        close: () => void socket.destroy(),
      });
      socket.on("error", () => socket.destroy());
      socket.on("data", (bytes) => feed.data(bytes));
      socket.once("close", () => feed.closed());
      new ReplBoard(PUCKJS, duplex, options);
    });
    ends.push(() => void server.close());
    return new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () =>
        resolve(`tcp:127.0.0.1:${(server.address() as AddressInfo).port}`),
      );
    });
  }
  const dump = (uri: string, ...more: string[]) =>
    kincardHere(["rng-dump", "--board", uri, "--out", rig.file("raw.bin"), "--json", ...more]);

  it("writes the generator's very bytes in their order, a byte a sample", async () => {
    const { exit, json, stderr } = await dump(await prompt(), "--bytes", "5003");
    assert.equal(exit, 0, stderr);
    assert.deepEqual(readFileSync(rig.file("raw.bin")), expected(5003));
    assert.deepEqual(
      { bytes: json.bytes, total: json.total, board: json.board },
      { bytes: 5003, total: 5003, board: "PUCKJS" },
    );
  });
  it("adds a row after each power-up with --append, else puts them in its place", async () => {
    writeFileSync(rig.file("raw.bin"), "old");
    await dump(await prompt(), "--bytes", "1000");
    const { json } = await dump(await prompt(), "--bytes", "1000", "--append");
    assert.equal(json.total, 2000);
    const row = expected(1000);
    assert.deepEqual(readFileSync(rig.file("raw.bin")), Buffer.concat([row, row]));
  });
  it("a board that goes away on the way: an error, and no file", async () => {
    const { exit, stderr } = await dump(await prompt({ diesAfter: 6 }), "--bytes", "50000");
    assert.notEqual(exit, 0);
    assert.match(stderr, /it starts over/);
    assert.ok(!existsSync(rig.file("raw.bin")));
  });
  it("a card shows no raw samples: refused, and no file", async () => {
    const board = makeBoard({ seed: "rng-dump" });
    board.powerOn();
    const { exit, stderr } = await dump(await rig.serve(board), "--bytes", "100");
    assert.equal(exit, 3, stderr);
    assert.match(stderr, /shows no raw samples/);
    assert.ok(!existsSync(rig.file("raw.bin")));
    board.powerOff();
  });
});
