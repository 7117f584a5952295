/**
 * Bad input to the command line: one clear sentence, a non-zero exit, and nothing of it repeated
 * where it could have been a secret. No card is needed.
 */

import assert from "node:assert/strict";
import { closeSync, existsSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readWallet } from "../../host/apps/cli/commands/backup/wallet-file.js";
import { failureOf } from "../../host/apps/cli/failure.js";
import { askCode } from "../../host/apps/cli/asking/secrets.js";
import { LinkError } from "../../host/sdk/links/link.js";
import { VirtualProcess } from "../support/virtual-process.js";
import { kincard, kincardHere, Rig } from "./support.js";
import { PART, some } from "../support/full.js";

const CARD = ["--card", "tcp:127.0.0.1:9"];
const NONE = join(tmpdir(), `kincard-none-${process.pid}.flash`);
const DIGEST = "07".repeat(32);
/** Secrets by descriptor come last. */
type Case = readonly [name: string, args: readonly string[], exit: number, says: RegExp];

after(() => rmSync(NONE, { force: true }));

const CASES: readonly Case[] = [
  ["an unknown command", ["frobnicate"], 2, /unknown command/],
  ["a misspelt command", ["signn"], 2, /Did you mean sign/],
  ["no card", ["status"], 2, /--card/],
  ["a link of no kind", ["status", "--card", "foo:1"], 2, /not a link/],
  [
    "a link without a port",
    ["status", "--card", "tcp:localhost"],
    2,
    /must look like tcp:HOST:PORT/,
  ],
  ["a port beyond all", ["status", "--card", "tcp:h:70000"], 2, /1\.\.65535/],
  ["a digest of one byte", ["sign", ...CARD, "--digest", "07"], 2, /1 byte; it needs 32/],
  ["a short digest", ["sign", ...CARD, "--digest", "0708"], 2, /2 bytes; it needs 32/],
  ["a digest that is no hex", ["sign", ...CARD, "--digest", "zz"], 2, /not hexadecimal/],
  ["a bad path", ["pubkey", ...CARD, "--path", "m/x"], 2, /not an index/],
  ["too deep a path", ["pubkey", ...CARD, "--path", "m/1/1/1/1/1/1/1/1/1"], 2, /9 levels/],
  [
    "a maker's key off the curve",
    ["verify", ...CARD, "--maker-key", `05${DIGEST}`],
    2,
    /not a point/,
  ],
  ["a mistyped label", ["verify", ...CARD, "--expect", "AAAA-AAAA-AAAA-AAAA-AAAA"], 2, /mistyped/],
  ["a cost out of range", ["activate", ...CARD, "--cost", "5"], 2, /from 10 to 20/],
  ["a descriptor that is no number", ["sign", ...CARD, "--code-fd", "x"], 2, /descriptor/],
  ["an xpub type of no kind", ["xpub", ...CARD, "--type", "qpub"], 2, /Allowed choices/],
  ["two cards where one is meant", ["sign", ...CARD, ...CARD, "--digest", DIGEST], 2, /one card/],
  ["four cards in a set", ["backup", ...CARD, ...CARD, ...CARD, ...CARD], 2, /at most three/],
  ["one card and no set size", ["backup", ...CARD], 2, /--set-size/],
  ["labels that don't fit", ["ledger", ...CARD, ...CARD, "--expect", "00".repeat(16)], 2, /label/],
  [
    "a board that listens nowhere",
    ["virtual", "--flash", NONE, "--listen", "ble:x"],
    2,
    /tcp:HOST/,
  ],
  ["a card that is not there", ["status", ...CARD], 4, /nothing listens there/],
];

describe("cli: bad input", function () {
  this.timeout(60_000);
  const rig = new Rig();
  after(() => rig.end());

  for (const [name, args, exit, says] of CASES) {
    it(`refuses ${name}`, async () => {
      const ended = await kincardHere(args);
      assert.equal(ended.exit, exit, ended.stderr);
      assert.match(ended.stderr, says);
      assert.equal(ended.stdout, "");
      assert.ok(!ended.stderr.includes("    at "), "a stack trace");
    });
  }

  it("ends a process with the exit code, and says how to get help", async () => {
    const ended = await kincard(["status", "--card", "foo:1"]);
    assert.equal(ended.exit, 2);
    assert.match(ended.stderr, /kincard --help/);
  });

  it("shows its help when it is given nothing, which is no success", async () => {
    const ended = await kincard([]);
    assert.equal(ended.exit, 2);
    assert.match(ended.stderr, /personalise/);
  });

  it("tells a program the same in one line of JSON", async () => {
    const { exit, json, stdout } = await kincardHere(["status", "--json", ...CARD]);
    assert.equal(exit, 4);
    assert.equal(stdout.split("\n").length, 2);
    assert.equal(json.error.exit, 4);
    assert.match(json.error.what, /nothing listens/);
    assert.match(json.error.next, /connected/);
  });

  it("takes no access code from the command line, and does not repeat one", async () => {
    for (const code of [["--code", "hunter22"], ["--code=hunter22"], ["--code=a=\nhunter22"]]) {
      const ended = await kincardHere(["sign", ...CARD, "--digest", DIGEST, ...code]);
      assert.equal(ended.exit, 2);
      assert.match(ended.stderr, /unknown option '--code'/);
      assert.ok(!`${ended.stdout}${ended.stderr}`.includes("hunter22"));
    }
  });

  it("does not repeat an argument that may have been meant to be secret", async () => {
    const ended = await kincardHere(["sign", ...CARD, "--digest", DIGEST, "--code-fd", "hunter22"]);
    assert.equal(ended.exit, 2);
    assert.ok(!`${ended.stdout}${ended.stderr}`.includes("hunter22"));
  });

  it("keeps its own exit code for a maker's folder that is not there", async () => {
    const ended = await kincardHere(["maker", "list", "--maker", rig.file("nowhere")]);
    assert.equal(ended.exit, 8, ended.stderr);
    assert.match(ended.stderr, /no maker in/);
  });

  it("keeps it for a damaged run file too", async () => {
    writeFileSync(rig.file("run.json"), "{");
    const ended = await kincardHere(["confirm", ...CARD, "--run", rig.file("run.json")]);
    assert.equal(ended.exit, 8, ended.stderr);
    assert.match(ended.stderr, /damaged/);
  });

  it("does not repeat what is in a file that is no run or no wallet", async () => {
    writeFileSync(rig.file("code.txt"), "hunter22");
    const ended = await kincardHere(["confirm", ...CARD, "--run", rig.file("code.txt")]);
    const refused = await readWallet(rig.file("code.txt")).catch((error: unknown) => error);
    assert.equal(failureOf(refused, []).exit, 8);
    const wallet = (refused as Error).message;
    for (const said of [ended.stderr, wallet]) {
      assert.match(said, /not JSON/);
      assert.ok(!said.includes("hunter22"), said);
    }
  });

  it("takes the same code from a file with a byte order mark", async () => {
    const stretched: Uint8Array[] = [];
    for (const mark of ["", "\ufeff"]) {
      writeFileSync(rig.file("mark.txt"), `${mark}123456789\n`);
      const fd = openSync(rig.file("mark.txt"), "r");
      const code = await askCode("", { fd, flag: "--code-fd" });
      stretched.push((await code.stretch(new Uint8Array(16), 10)).slice());
      code.wipe();
      closeSync(fd);
    }
    assert.deepEqual(stretched[0], stretched[1]);
  });

  it(`says that an address is taken, and runs nothing${PART}`, async () => {
    const taken = await rig.reader();
    const board = ["virtual", "--flash", rig.file("taken.flash"), "--listen", taken.uri];
    const port = taken.uri.split(":").at(-1) ?? "";
    for (const args of some("servers", [board, ["web", "--port", port]], 1)) {
      const ended = await kincard(args);
      assert.equal(ended.exit, 2, ended.stderr);
      assert.match(ended.stderr, /address already in use.*Next: Choose another/s);
    }
    assert.ok(!existsSync(rig.file("taken.flash")), "a board that never ran left its flash");
  });

  it("a board that is stopped by Ctrl-C does not speak of a power cut", async () => {
    const flash = rig.file("stopped.flash");
    const board = await VirtualProcess.start(["--flash", flash, "--listen", "tcp:127.0.0.1:0"]);
    assert.equal(await board.end("SIGINT"), 0);
    assert.deepEqual(board.err, []);
  });

  it("says who runs a board's flash file already", async () => {
    const flash = rig.file("busy.flash");
    writeFileSync(`${flash}.lock`, `${process.pid}\n`);
    const ended = await kincard(["virtual", "--flash", flash, "--listen", "tcp:127.0.0.1:0"]);
    assert.equal(ended.exit, 8, ended.stderr);
    assert.match(ended.stderr, new RegExp(`in use by process ${process.pid}`));
  });

  it("a package that is not installed is no matter of the card's cable", () => {
    const { exit, next } = failureOf(
      new LinkError("link/package-missing", { package: "smartcard" }),
      [],
    );
    assert.equal(exit, 4);
    assert.doesNotMatch(next, /connected/);
  });

  it("makes a maker, lists its cards and never overwrites it", async () => {
    const maker = ["--maker", rig.file("maker"), "--passphrase-fd", "3"];
    const secrets = ["a long passphrase"];
    const made = await kincard(["maker", "init", "--json", ...maker], { secrets });
    assert.equal(made.exit, 0, made.stderr);
    assert.match(made.json.publicKey, /^0[23][0-9a-f]{64}$/);
    assert.ok(
      !`${made.stdout}${made.stderr}${rig.read("maker/maker.json")}`.includes(secrets[0] ?? ""),
    );
    const again = await kincardHere(["maker", "init", ...maker], { secrets });
    assert.equal(again.exit, 8);
    const short = await kincardHere(
      ["maker", "init", "--maker", rig.file("m2"), "--passphrase-fd", "3"],
      {
        secrets: ["short"],
      },
    );
    assert.equal(short.exit, 6);
    const list = await kincardHere(["maker", "list", "--json", "--maker", rig.file("maker")]);
    assert.deepEqual(list.json, { cards: [] });
  });
});
