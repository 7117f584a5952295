import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { EXIT } from "../../host/apps/cli/failure.js";
import { writeVault } from "../../host/emulator/board/fresh.js";
import { socketDuplex } from "../../host/sdk/links/line/tcp.js";
import { PUCKJS } from "../../hw/boards/puckjs.js";
import { smallImage } from "./parts.js";
import { ReplBoard } from "./repl.js";

const CLI = fileURLToPath(new URL("../../host/apps/cli/bin/kincard.mjs", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
function kincard(...args: string[]): Promise<Ended> {
  return interrupted(args, () => undefined);
}
type Interrupt = (press: () => void, says: (words: RegExp) => Promise<void>) => void;

/** `interrupt` is told how to press Ctrl-C, and how to wait for words on stderr. */
function interrupted(args: string[], interrupt: Interrupt): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    const says = (words: RegExp) =>
      new Promise<void>((heard) => {
        child.stderr.on("data", () => {
          if (words.test(Buffer.concat(err).toString())) heard();
        });
      });
    child.stdout.on("data", (part: Buffer) => out.push(part));
    child.stderr.on("data", (part: Buffer) => err.push(part));
    interrupt(() => child.kill("SIGINT"), says);
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
    );
  });
}

describe("kincard flash", function () {
  this.timeout(120_000);
  let server: Server;
  let board: ReplBoard | undefined;
  let prepare: (board: ReplBoard) => void;
  const args = (...more: string[]) => {
    const { port } = server.address() as AddressInfo;
    return ["flash", "--json", "--board", "puckjs", "--port", `tcp:127.0.0.1:${port}`, ...more];
  };
  beforeEach(async () => {
    board = undefined;
    prepare = () => undefined;
    server = createServer((socket) => {
      board = new ReplBoard(PUCKJS, socketDuplex(socket));
      prepare(board);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => server.close());

  it("tells what it would do in one line of JSON, and does nothing", async () => {
    const { code, out } = await kincard(...args("--dry-run", "--image", smallImage(PUCKJS)));
    assert.equal(code, EXIT.OK, out);
    const result = JSON.parse(out) as { written: boolean; plan: { mode: string } };
    assert.equal(result.written, false);
    assert.equal(result.plan.mode, "fresh");
    assert.equal(board?.flash.operations, 0);
  });

  it("without a terminal it never touches a card unasked", async () => {
    prepare = ({ log, flash }) => {
      writeVault(log);
      flash.write(PUCKJS.storage.address + 4096, Uint8Array.of(1, 2, 3, 4));
    };
    const { code, err } = await kincard(...args("--image", smallImage(PUCKJS)));
    assert.equal(code, EXIT.USAGE, err);
    assert.match(err, /holds a card/);
    assert.equal(board?.flash.bytes[4096], 1);
    assert.equal(board?.log.find(".boot0"), undefined);
  });

  it("Ctrl-C while it looks for a prompt ends it at once, with nothing changed", async () => {
    server.removeAllListeners("connection");
    const looked = new Promise<void>((resolve) => server.on("connection", () => resolve()));
    const { code, out } = await interrupted(args("--image", smallImage(PUCKJS)), (press) => {
      void looked.then(press);
    });
    assert.equal(code, EXIT.RESUMABLE, out);
    assert.match(out, /Nothing was changed on the board/);
  });

  it("Ctrl-C while it writes lets it write to the end, and says so", async () => {
    const { err } = await interrupted(args("--image", smallImage(PUCKJS)), (press, says) => {
      let pressed = false;
      server.on("connection", (socket) => {
        // behind the board's own listener: it has written something, and hears no more until then
        socket.on("data", () => {
          if (pressed || !board?.flash.operations) return;
          pressed = true;
          socket.pause();
          void says(/Writing goes on to its end/).then(() => socket.resume());
          press();
        });
      });
    });
    assert.match(err, /Writing goes on to its end/);
    assert.ok(board?.log.find(".boot0"), err);
  });

  it("says where to get an image that is not there", async () => {
    const { code, err } = await kincard(...args("--image", "no/such/folder"));
    assert.equal(code, EXIT.FILES, err);
    assert.match(err, /npm run image -- puckjs/);
  });

  it("refuses a board that it does not know, by listing those it does", async () => {
    const { code, err } = await kincard("flash", "--board", "arduino", "--port", "tcp:localhost:1");
    assert.equal(code, EXIT.USAGE, err);
    assert.match(err, /"arduino" is not a board.*puckjs/);
  });
});

describe("kincard ports", function () {
  this.timeout(20_000);
  it("lists what there is, as JSON for programs", async () => {
    const { code, out } = await kincard("ports", "--json");
    assert.equal(code, EXIT.OK);
    assert.ok(Array.isArray((JSON.parse(out) as { ports: unknown[] }).ports));
  });
});
