/** A file that can't be written is told before a card is asked; what a card did is told, always. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import { needsBundle } from "../host/support.js";
import { makeBoard } from "../support/boards.js";
import { kincardHere, Rig } from "./support.js";

const FD = ["--code-fd", "3"];
const secrets = ["three brave cards"];

describe("cli: files that can't be written", function () {
  this.timeout(120_000);
  needsBundle(this);
  let rig: Rig;
  let board: VirtualBoard;
  let card: string[];

  beforeEach(async () => {
    rig = new Rig();
    board = makeBoard({ seed: "files" });
    board.powerOn();
    card = ["--card", await rig.serve(board), "--json"];
  });
  afterEach(() => rig.end());
  const personalise = async () => {
    const { exit, stderr } = await kincardHere(["personalise", ...card]);
    assert.equal(exit, 0, stderr);
  };
  const state = async () => (await kincardHere(["status", ...card])).json.cards[0].state;

  for (const [what, make] of [
    ["a missing folder", () => "missing/wallet.json"],
    ["a folder's name", () => (mkdirSync(rig.file("folder")), "folder")],
    ["a name that is too long", () => "w".repeat(300)],
    [
      "a read-only folder",
      () => {
        mkdirSync(rig.file("sealed"));
        chmodSync(rig.file("sealed"), 0o500);
        return "sealed/wallet.json";
      },
    ],
  ] as const)
    it(`activate asks no card when --wallet is ${what}`, async function () {
      if (what === "a read-only folder" && process.getuid?.() === 0) return this.skip();
      await personalise();
      const wallet = rig.file(make());
      const args = ["activate", ...card, ...FD, "--wallet", wallet];
      const { exit, stderr, json } = await kincardHere(args, { secrets });
      assert.equal(exit, 8, stderr);
      assert.match(json.error.what, /^--wallet .* can't be written/);
      assert.match(json.error.next, /No card was asked/);
      assert.equal(await state(), "EMPTY");
    });

  it("activate tells the wallet's names when the file's folder went away meanwhile", async () => {
    await personalise();
    const folder = rig.file("folder");
    mkdirSync(folder);
    // The third answer: the file was tested long before, and the key is not made yet. One answer
    // may still be to what was said for the last command's client when it hung up.
    let answers = 0;
    board.onData(() => void (++answers === 3 && rmSync(folder, { recursive: true })));
    const args = ["activate", ...card, ...FD, "--wallet", join(folder, "wallet.json")];
    const { exit, stderr, json } = await kincardHere(args, { secrets });
    assert.equal(exit, 8, stderr);
    assert.match(stderr, /made the wallet's key, but --wallet .* was not written: ENOENT/);
    assert.match(json.publicKey, /^0[23][0-9a-f]{64}$/);
    assert.match(json.setId, /^[0-9a-f]{32}$/);
    assert.match(json.walletNotWritten, /ENOENT/);
    assert.doesNotMatch(stderr, /Nothing was changed/);
    assert.equal(await state(), "WALLET");
  });

  it("backup asks no card when --run can't be written", async () => {
    const run = rig.file("missing/run.json");
    const args = ["backup", ...card, "--set-size", "2", "--yes", "--run", run, ...FD];
    const { exit, json, stderr } = await kincardHere(args, { secrets });
    assert.equal(exit, 8, stderr);
    assert.match(json.error.what, /^--run .* can't be written/);
    assert.equal(existsSync(rig.file("missing")), false);
  });

  it("a failed system call claims nothing, and says the cards' states", async () => {
    await personalise();
    const args = ["backup", ...card, "--set-size", "2", "--yes", "--wallet", rig.file("none")];
    const { exit, json, stderr } = await kincardHere([...args, ...FD], { secrets });
    assert.equal(exit, 8, stderr);
    assert.match(json.error.what, /ENOENT/);
    assert.match(json.error.cards[0], /EMPTY/);
    assert.doesNotMatch(json.error.next, /Nothing was changed/);
  });
});
