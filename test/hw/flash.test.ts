import { strict as assert } from "node:assert";
import { VAULT_FILE, VAULT_SIZE, VAULT_SPAN, writeVault } from "../../host/emulator/board/fresh.js";
import { failureOf } from "../../host/apps/cli/failure.js";
import { FlashError } from "../../host/apps/flasher/failures.js";
import {
  flash,
  type FlashDialogue,
  type FlashOptions,
} from "../../host/apps/flasher/flash-board.js";
import type { OpenPort } from "../../host/apps/flasher/console/open.js";
import { portOf } from "../../host/apps/flasher/console/open.js";
import type { Plan } from "../../host/apps/flasher/plan.js";
import { probeCard } from "../../host/apps/flasher/console/probe.js";
import { Tap } from "../../host/apps/flasher/console/tap.js";
import { duplexPair } from "../../host/sdk/links/line/pair.js";
import type { Duplex } from "../../host/sdk/links/link.js";
import { LinkError } from "../../host/sdk/links/link.js";
import { PIXLJS } from "../../hw/boards/pixljs.js";
import { PUCKJS } from "../../hw/boards/puckjs.js";
import { XIAOBLE } from "../../hw/boards/xiaoble.js";
import { makeImage } from "../../host/tools/image/image.js";
import { imageOf, smallParts } from "./parts.js";
import { OLD_VAULT_SIZE } from "../../hw/images/storage-names.js";
import { ReplBoard, type ReplOptions } from "./repl.js";

/** A port with this behind it the first time; nothing answers after a restart. */
function portTo(host: Duplex): OpenPort {
  let opened = false;
  const open = async () => {
    if (opened) throw new LinkError("link/nothing-listens", { link: "test" });
    opened = true;
    return host;
  };
  return { name: "test", rates: [undefined], open };
}

function repl(options: ReplOptions = {}, board = PUCKJS) {
  const [host, end] = duplexPair();
  return { board: new ReplBoard(board, end, options), port: portTo(host) };
}

const dialogue = (agree = false, asked: Plan[] = []): FlashDialogue => ({
  say: () => undefined,
  step: (_, work) => work(() => undefined),
  agreed: async (plan) => {
    asked.push(plan);
    return agree;
  },
});
const image = imageOf(PUCKJS);
const run = (port: OpenPort, more: Partial<FlashOptions> = {}, talk = dialogue()) =>
  flash({ board: PUCKJS, port, image, restartMs: 1, ...more }, talk);

/** That this is refused, with these words, for this reason. */
async function refused(work: Promise<unknown>, reason: FlashError["reason"], words: RegExp) {
  const error = await work.then(
    () => assert.fail("it was not refused"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof FlashError, String(error));
  assert.equal(error.reason, reason, error.message);
  assert.match(error.message, words);
  assert.ok(failureOf(error, []).next, "it does not say what to do next");
}
const inUse = (board: ReplBoard): Uint8Array => {
  writeVault(board.log);
  board.flash.write(PUCKJS.storage.address + 4096, Uint8Array.of(1, 2, 3, 4));
  return board.flash.bytes.slice(0, VAULT_SPAN);
};

describe("flashing through the prompt", function () {
  this.timeout(30_000);

  it("leaves exactly the image in Storage, and restarts the board", async () => {
    const { board, port } = repl();
    const result = await run(port, { verify: true });
    const expected = makeImage(PUCKJS, smallParts()).layout.bytes;
    assert.deepEqual(Buffer.from(board.flash.bytes), Buffer.from(expected));
    assert.equal(board.restarts, 1);
    assert.ok(result.written && result.verified);
  });

  it("gets through a console on which a program prints", async () => {
    const { board, port } = repl({ noise: "tick >\r\n{tick}\r\n" });
    await run(port);
    assert.deepEqual(
      board.log.list(),
      image.manifest.files.map(({ name }) => name),
    );
  });

  it("takes a development build of the known version", async () => {
    const { port } = repl({ environment: { VERSION: "2v29.277" } });
    assert.equal((await run(port, { dryRun: true })).espruino, "2v29.277");
  });

  it("lets nothing that a board says steer the terminal", async () => {
    const { board, port } = repl({ environment: { VERSION: "2v29.\x1b[2J" } });
    board.log.write("\x1b[2Jmine", Uint8Array.of(1));
    const asked: Plan[] = [];
    const talk = dialogue(true, asked);
    const said: string[] = [];
    const result = await run(port, { dryRun: true }, { ...talk, say: (text) => said.push(text) });
    assert.equal(result.espruino, "2v29.?[2J");
    assert.deepEqual(result.plan.loses, ["?[2Jmine"]);
    assert.match(said.join(), /Espruino 2v29\.\?\[2J: /);
  });

  it("writes nothing in a dry run", async () => {
    const { board, port } = repl();
    const result = await run(port, { dryRun: true });
    assert.equal(board.flash.operations, 0);
    assert.equal(result.written, false);
    assert.equal(board.restarts, 0);
  });

  it("compares without writing: --dry-run --verify finds another image", async () => {
    const { board, port } = repl();
    for (const { name, size } of image.manifest.files)
      board.log.write(name, new Uint8Array(size).fill(9));
    await refused(run(port, { dryRun: true, verify: true }), "refused", /not this image's/);
  });

  it("says that a blank board is blank, and names a file that is not there", async () => {
    const compare = { dryRun: true, verify: true };
    const blank = repl();
    await refused(run(blank.port, compare), "refused", /^the board is blank/);
    const half = repl();
    half.board.log.write("kckern", image.contents.get("kckern")!);
    await refused(run(half.port, compare), "refused", /there is no \.boot0 on the board/);
  });

  it("asks before it erases other files, and erases nothing on a no", async () => {
    const { board, port } = repl();
    board.log.write("mine", Uint8Array.of(1));
    const asked: Plan[] = [];
    await refused(run(port, {}, dialogue(false, asked)), "stopped", /not confirmed/);
    assert.deepEqual(asked[0]?.loses, ["mine"]);
    assert.deepEqual(board.log.list(), ["mine"]);
  });
});

describe("flashing a board that holds a card", function () {
  this.timeout(30_000);

  it("asks, and touches nothing on a no", async () => {
    const { board, port } = repl();
    const before = inUse(board);
    const { operations } = board.flash;
    const asked: Plan[] = [];
    await refused(run(port, {}, dialogue(false, asked)), "stopped", /not confirmed/);
    assert.deepEqual(asked[0], {
      mode: "update",
      loses: [],
      erases: [".boot0", "kckern"],
      stays: ["kcvault"],
      destroysWallet: false,
      holdsCard: true,
    });
    assert.equal(board.flash.operations, operations);
    assert.deepEqual(board.flash.bytes.slice(0, VAULT_SPAN), before);
  });

  it("replaces the code behind the vault, byte for byte the vault stays", async () => {
    const { board, port } = repl();
    const before = inUse(board);
    board.log.write("kckern", Uint8Array.of(1));
    board.log.write(".boot0", Uint8Array.of(2));
    await run(port, { verify: true }, dialogue(true));
    assert.deepEqual(board.flash.bytes.slice(0, VAULT_SPAN), before);
    for (const [name, bytes] of image.contents)
      assert.deepEqual(Buffer.from(board.log.read(name)!.bytes), Buffer.from(bytes), name);
  });

  it("takes the boot code away first, so that a cut leaves no mixture", async () => {
    const order: string[] = [];
    const watch = (line: string) => {
      const name = /\.(erase|write)\("([^"]+)"/.exec(line);
      if (name) order.push(`${name[1]} ${name[2]}`);
    };
    const { board, port } = repl({ onLine: watch });
    inUse(board);
    await run(port, {}, dialogue(true));
    const steps = order.filter((step, i) => step !== order[i - 1]);
    const piece = image.manifest.files[0]!.name;
    const writes = [`write ${piece}`, "write kckern", "write .boot0"];
    assert.deepEqual(steps, ["erase .boot0", "erase kckern", ...writes]);
  });

  it("leaves the first page alone when it holds this image's code already", async () => {
    const { board, port } = repl();
    board.flash.bytes.set(makeImage(PUCKJS, smallParts()).layout.bytes);
    board.flash.write(PUCKJS.storage.address + 4096, Uint8Array.of(1, 2, 3, 4));
    const before = board.flash.bytes.slice();
    const asked: Plan[] = [];
    await run(port, { verify: true }, dialogue(true, asked));
    assert.deepEqual(asked[0]?.stays, [image.manifest.files[0]!.name, "kcvault"]);
    assert.deepEqual(board.flash.bytes.slice(0, VAULT_SPAN), before.slice(0, VAULT_SPAN));
  });

  it("never erases what lies before the vault, nor keeps a piece that nothing reads", async () => {
    const { board, port } = repl();
    writeVault(board.log, { name: "kc00000001", bytes: new Uint8Array(4032) });
    board.flash.write(PUCKJS.storage.address + 4096, Uint8Array.of(1, 2, 3, 4));
    board.log.write("kc00000002", Uint8Array.of(2));
    const before = board.flash.bytes.slice(0, VAULT_SPAN);
    await run(port, { verify: true }, dialogue(true));
    assert.deepEqual(board.flash.bytes.slice(0, VAULT_SPAN), before);
    const piece = image.manifest.files[0]!.name;
    assert.deepEqual(board.log.list(), ["kc00000001", "kcvault", piece, "kckern", ".boot0"]);
    // What compaction may do from here on.
    board.log.compact();
    assert.deepEqual(board.flash.bytes.slice(0, VAULT_SPAN), before);
  });

  it("replaces the code of a card of an older image, whose vault is the first file", async () => {
    const { board, port } = repl();
    board.log.write(VAULT_FILE, Uint8Array.of(255), 0, OLD_VAULT_SIZE);
    board.log.write("kckern", Uint8Array.of(1));
    board.log.write(".boot0", Uint8Array.of(2));
    board.flash.write(PUCKJS.storage.address + 4096, Uint8Array.of(1, 2, 3, 4));
    const before = board.flash.bytes.slice(0, VAULT_SPAN);
    const asked: Plan[] = [];
    await run(port, { verify: true }, dialogue(true, asked));
    assert.equal(asked[0]?.mode, "update");
    assert.deepEqual(board.flash.bytes.slice(0, VAULT_SPAN), before);
    for (const [name, bytes] of image.contents)
      assert.deepEqual(Buffer.from(board.log.read(name)!.bytes), Buffer.from(bytes), name);
  });

  it("destroys it only when told to, and says so when it asks", async () => {
    const { board, port } = repl();
    inUse(board);
    const asked: Plan[] = [];
    await run(port, { destroyWallet: true }, dialogue(true, asked));
    assert.equal(asked[0]?.destroysWallet, true);
    assert.equal(board.flash.bytes[4096], 255);
  });

  it("refuses to compact: without room for the new code it names SWD", async () => {
    const { board, port } = repl();
    inUse(board);
    board.log.write("kckern", new Uint8Array(24 * 4096 - VAULT_SPAN - 420));
    const { operations } = board.flash;
    await refused(run(port, {}, dialogue(true)), "refused", /compacting/);
    assert.equal(board.flash.operations, operations);
  });

  for (const [name, prepare] of [
    ["of another size", ({ log }) => void log.write(VAULT_FILE, Uint8Array.of(1, 2, 3))],
    [
      "at another place",
      ({ log }) => {
        log.write("first", Uint8Array.of(1));
        log.write(VAULT_FILE, Uint8Array.of(1, 2, 3), 0, VAULT_SIZE);
      },
    ],
  ] as [string, (board: ReplBoard) => void][])
    it(`holds a vault ${name} for a card, until --destroy-wallet says otherwise`, async () => {
      const { board, port } = repl();
      prepare(board);
      const before = board.flash.bytes.slice();
      await refused(run(port, {}, dialogue(true)), "refused", /may hold a wallet's key/);
      assert.deepEqual(board.flash.bytes, before);
      const asked: Plan[] = [];
      const again = repl();
      prepare(again.board);
      const no = run(again.port, { destroyWallet: true }, dialogue(false, asked));
      await refused(no, "stopped", /not confirmed/);
      assert.deepEqual([asked[0]?.destroysWallet, asked[0]?.mode], [true, "fresh"]);
    });

  it("takes an erased vault of another size for an empty one", async () => {
    const { board, port } = repl();
    board.log.write(VAULT_FILE, new Uint8Array(100).fill(255), 0, 100);
    const result = await run(port, { dryRun: true });
    assert.deepEqual([result.plan.mode, result.plan.holdsCard], ["fresh", false]);
  });
});

describe("what the flasher refuses", function () {
  this.timeout(30_000);
  const wrong: [string, ReplOptions["environment"], RegExp][] = [
    ["another board", { BOARD: "PIXLJS" }, /says that it is a PIXLJS/],
    ["an unknown version", { VERSION: "2v30" }, /runs Espruino 2v30/],
    ["an older version that starts alike", { VERSION: "2v2" }, /runs Espruino 2v2,/],
    ["another build for the same board", { STORAGE: 40960 }, /another build/],
  ];
  for (const [name, environment, words] of wrong)
    it(name, async () => {
      const { board, port } = repl({ environment });
      await refused(run(port), "refused", words);
      assert.equal(board.flash.operations, 0);
    });

  it("an unknown version is taken with --force", async () => {
    const { port } = repl({ environment: { VERSION: "2v30" } });
    assert.equal((await run(port, { force: true, dryRun: true })).espruino, "2v30");
  });
  it("another board is not taken with --force", async () => {
    const { port } = repl({ environment: { BOARD: "PIXLJS" } });
    await refused(run(port, { force: true }), "refused", /PIXLJS/);
  });
  it("a DEMO image, unless forced, before it opens the port", async () => {
    const demo = imageOf(PUCKJS, { demo: true });
    const port: OpenPort = {
      name: "test",
      rates: [undefined],
      open: () => assert.fail("the port was opened"),
    };
    await refused(run(port, { image: demo }), "refused", /DEMO/);
    const forced = repl();
    await run(forced.port, { image: demo, force: true, dryRun: true });
  });
  it("an image of another board", async () => {
    const { port } = repl();
    await refused(run(port, { image: imageOf(PIXLJS) }), "usage", /for pixljs, not for puckjs/);
  });
  it("a board that no image can be made for", async () => {
    const { port } = repl();
    await refused(run(port, { board: XIAOBLE }), "refused", /external chip/);
  });
  it("readers, by naming the other ways", () => {
    const rates = { console: 9600, image: 115200 };
    assert.throws(() => portOf("pcsc:reader", rates), /no console behind it/);
  });
});

describe("what is on the line", function () {
  this.timeout(30_000);

  /** Each takes seconds of waiting for an answer: started together. */
  const silent = () => {
    const [host] = duplexPair();
    return run(portTo(host));
  };
  const answering = (answer: (bytes: Uint8Array) => Uint8Array) => {
    const [host, end] = duplexPair();
    end.onData((bytes) => void end.write(answer(bytes)));
    return run(portTo(host));
  };
  let nothing: Promise<unknown>, garbage: Promise<unknown>, login: Promise<unknown>;
  before(() => {
    nothing = silent();
    garbage = answering((bytes) => bytes.map((byte) => byte ^ 0xe5));
    login = answering(() => Buffer.from("login: "));
    for (const work of [nothing, garbage, login]) work.catch(() => undefined);
  });
  it("nothing at all: ends, and says what to check", () =>
    refused(nothing, "link", /nothing answers on test/));
  it("unreadable bytes: names the baud rate", () => refused(garbage, "link", /another baud rate/));
  it("text that is no prompt: shows its end", () =>
    refused(login, "link", /not an Espruino prompt.*login:/));

  it("a link that breaks while writing: ends with an error", async () => {
    const { port } = repl({ diesAfter: 9 });
    await refused(run(port), "link", /closed/);
  });

  it("a board that changes a byte on the way: found by its checksum", async () => {
    const flip = (line: string, board: ReplBoard) => {
      if (!line.includes("E.CRC32") || !line.includes(".boot0")) return;
      const { address } = image.manifest.files.at(-1)!;
      board.flash.write(address & ~3, Uint8Array.of(0, 0, 0, 0));
    };
    const { port } = repl({ onLine: flip });
    await refused(run(port), "link", /\.boot0 reads back differently/);
  });

  it("an echo of the host's own lines is no card", async () => {
    const { port } = repl();
    const tap = new Tap(await port.open(undefined));
    assert.equal(await probeCard(tap, "test"), undefined);
  });

  it("serial ports are tried at the image's and at the console's rate, unless one is named", () => {
    const rates = { console: 9600, image: 115200 };
    assert.deepEqual(portOf("serial:/dev/x", rates).rates, [115200, 9600]);
    assert.deepEqual(portOf("serial:/dev/x@38400", rates).rates, [38400]);
  });
});
