/**
 * Ctrl-C in the middle of a backup, and cards that come one at a time: nothing is lost, and the
 * program says how to go on.
 */

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { CODE, needsBundle, TestCard } from "../host/support.js";
import { untilReads } from "./reading.js";
import { CLI, kincard, kincardHere, Rig, type Ended } from "./support.js";
import { FULL, PART, some, someOf } from "../support/full.js";

/** The cards' codes are cheaply stretched here, which takes a user's word. */
const FD = ["--code-fd", "3", "--accept-cost", "10"];
const secrets = [CODE];

describe("cli: interrupted and resumed", function () {
  this.timeout(120_000);
  needsBundle(this);
  const rig = new Rig();
  after(() => rig.end());

  // Lines that a card gets in a whole backup, the sync included: 9 and more for either role.
  const lines = [
    ["source", 3],
    ["source", 7],
    ["copy", 4],
    ["copy", 6],
  ] as const;
  for (const [who, line] of some("lines", lines, 1)) {
    it(`Ctrl-C when the ${who} goes silent at its line ${line}, then the same again${PART}`, async () => {
      const name = `${who}${line}`;
      const source = await TestCard.wallet(`${name} source`);
      const copy = await TestCard.empty(`${name} copy`);
      const uris = [await rig.serve(source.board), await rig.serve(copy.board)];
      const file = rig.file(`${name}.json`);
      const backup = (cards: readonly string[]) => [
        ...["backup", ...cards.flatMap((uri) => ["--card", uri])],
        ...[...FD, "--run", file, "--json"],
      ];
      let pid = 0;
      const silent = who === "source" ? 0 : 1;
      const board = silent === 0 ? source.board : copy.board;
      const press = () => process.kill(pid, "SIGINT");
      const stalling = uris.slice();
      stalling[silent] = await rig.stalling(board, line, press);
      const stopped = await kincard(backup(stalling), { secrets, started: (id) => (pid = id) });
      assert.equal(stopped.exit, 7, stopped.stderr);
      assert.match(stopped.stderr, /Interrupted/);
      assert.match(stopped.json.error.next, /run the same command again, it goes on from/);
      const resumed = await kincardHere(backup(uris), { secrets });
      assert.equal(resumed.exit, 0, resumed.stderr);
      assert.equal(resumed.json.complete, true);
      assert.deepEqual(
        [(await source.session.status()).state, (await copy.session.status()).state],
        ["SHARED", "COPY"],
      );
    });
  }

  /** How it ends by one Ctrl-C, pressed while it waits for a secret. */
  async function waiting(secret: number | "pipe") {
    const args = [
      "maker",
      "init",
      "--maker",
      rig.file("waiting"),
      "--passphrase-fd",
      "3",
      "--json",
    ];
    const child = spawn(process.execPath, [CLI, ...args], {
      stdio: ["ignore", "pipe", "pipe", secret],
    });
    let stdout = "";
    child.stdout?.on("data", (data) => (stdout += String(data)));
    const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      child.on("close", (code, signal) => resolve({ code, signal }));
    });
    const hung = setTimeout(() => child.kill("SIGKILL"), 60_000);
    await untilReads(child.pid!, 3);
    child.kill("SIGINT");
    const { code, signal } = await ended;
    clearTimeout(hung);
    return { code, signal, stdout };
  }

  it("Ctrl-C while a pipe gives no secret: once is enough", async function () {
    if (process.platform !== "linux") this.skip();
    execFileSync("mkfifo", [rig.file("fifo")]);
    const fifo = openSync(rig.file("fifo"), "r+");
    try {
      const { code, stdout } = await waiting(fifo);
      assert.equal(code, 7);
      assert.equal(JSON.parse(stdout).error.what, "Interrupted.");
    } finally {
      closeSync(fifo);
    }
  });

  it("Ctrl-C while a socket gives no secret: once is enough too", async () => {
    const { code, signal, stdout } = await waiting("pipe");
    assert.deepEqual([code, signal], [null, "SIGINT"]);
    assert.equal(JSON.parse(stdout).error.what, "Interrupted.");
  });

  it(`a secret from a descriptor that is not there, or the runtime's own, is refused${PART}`, async () => {
    const init = ["maker", "init", "--maker", rig.file("no-secret"), "--json", "--passphrase-fd"];
    const descriptors = [...someOf("descriptors", 14, 2).map((at) => at + 3), 99];
    const isTheRuntimes = ({ json }: Ended) =>
      /is not yours: the program uses it/.test(json.error.what);
    const ends = await Promise.all(descriptors.map((fd) => kincard([...init, String(fd)])));
    ends.forEach(({ exit, stderr }, at) => {
      // where the null device is, whose copy the runtime has: too short a passphrase
      assert.ok(exit === 2 || exit === 6, `${descriptors[at]}: ${exit}, ${stderr}`);
    });
    assert.match(ends.at(-1)?.json.error.what, /--passphrase-fd 99 is not open/);
    // which are the runtime's is its own affair: one of them is, if it is not among those drawn
    let found = ends.some(isTheRuntimes);
    for (let fd = 3; fd < 17 && !found; fd++)
      found = isTheRuntimes(await kincard([...init, String(fd)]));
    assert.ok(found, "none is the runtime's own");
    assert.ok(!existsSync(rig.file("no-secret")));
  });

  it("one reader, no terminal: three taps for a copy, and one for the receipts", async () => {
    const source = await TestCard.wallet("turn source");
    const copy = await TestCard.empty("turn copy");
    const { uri, put } = await rig.reader();
    const card = ["--card", uri];
    const [wallet, run] = [rig.file("wallet.json"), rig.file("turn.json")];
    await source.unlock();
    const { ownId, setId, publicKey } = await source.session.ledger();
    const { writeWallet } = await import("../../host/apps/cli/commands/backup/wallet-file.js");
    await writeWallet(wallet, { id: ownId, setId, publicKey });
    const args = ["backup", ...card, "--set-size", "2", "--wallet", wallet, "--run", run, ...FD];
    // On a terminal this process would ask.
    const one = FULL || process.stdin.isTTY ? kincard : kincardHere;
    const tap = async (board: TestCard, exit: number, says: RegExp) => {
      put(board.board);
      const ended = await one(args, { secrets });
      assert.equal(ended.exit, exit, ended.stderr);
      assert.match(`${ended.stdout}${ended.stderr}`, says);
    };
    await tap(copy, 7, /another card's turn.*the source/s);
    await tap(copy, 7, /another card's turn.*the source/s);
    await tap(source, 7, /another card's turn.*copy card 2/s);
    await tap(copy, 7, /receipts must still reach/);
    put(source.board);
    const last = await one(["confirm", ...card, "--run", run, ...FD, "--json"], { secrets });
    assert.equal(last.exit, 0, last.stderr);
    assert.equal(last.json.state, "SHARED");
    assert.throws(() => rig.read("turn.json"), "a finished run is cleared away");
  });

  it("Ctrl-C while a single card is silent ends the program at once", async () => {
    const { board } = await TestCard.empty("silent");
    let pid = 0;
    const uri = await rig.stalling(board, 2, () => process.kill(pid, "SIGINT"));
    // its link would wait for 30 s, and say another word
    const ended = await kincard(["status", "--card", uri], { started: (id) => (pid = id) });
    assert.equal(ended.exit, 7, ended.stderr);
    assert.doesNotMatch(ended.stderr, /no answer/);
  });
});
