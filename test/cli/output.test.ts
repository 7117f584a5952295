/**
 * A result that can't be written is never lost in silence: full disks, and streams that are closed.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { needsBundle } from "../host/support.js";
import { makeBoard } from "../support/boards.js";
import { CLI, Rig } from "./support.js";

const FULL = "/dev/full";

describe("cli: output that can't be written", function () {
  this.timeout(60_000);
  needsBundle(this);
  let rig: Rig;
  let args: string[];

  before(async function () {
    if (!existsSync(FULL)) this.skip();
    rig = new Rig();
    const board = makeBoard({ seed: "output" });
    board.powerOn();
    args = ["status", "--json", "--card", await rig.serve(board)];
  });
  after(() => rig?.end());

  /** By a shell, as users redirect. What reaches us, with the exit code. */
  async function run(redirection: string, what = args): Promise<{ exit: number; said: string }> {
    const script = `exec "$0" "$@" ${redirection}`;
    const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" };
    const child = spawn("sh", ["-c", script, process.execPath, CLI, ...what], { env });
    let said = "";
    child.stdout.on("data", (data) => (said += String(data)));
    child.stderr.on("data", (data) => (said += String(data)));
    const exit = await new Promise<number>((resolve) => child.on("close", resolve));
    return { exit, said };
  }
  const result = /^\{"cards":\[\{.*"state":"BLANK".*\}\]\}$/m;

  it("goes to stderr when stdout is full, with a non-zero exit code", async () => {
    const { exit, said } = await run(`>${FULL}`);
    assert.equal(exit, 8, said);
    assert.match(said, /can't be written to stdout: ENOSPC/);
    assert.match(said, result);
  });
  it("goes to stderr when stdout is closed", async () => {
    const { said } = await run(">&-");
    assert.match(said, result);
  });
  it("goes nowhere when the user sends it to the null device", async () => {
    const { exit, said } = await run(">/dev/null");
    assert.equal(exit, 0, said);
    assert.doesNotMatch(said, result);
  });
  it("goes to stdout when stderr is full, and the exit code tells that words were lost", async () => {
    const { exit, said } = await run(`2>${FULL}`);
    assert.match(said, result);
    assert.equal(exit, 8);
  });
  it("is there when stderr is closed", async () => {
    const { exit, said } = await run("2>&-");
    assert.match(said, result);
    assert.equal(exit, 0);
  });
  it("tells by the exit code alone when both are full", async () => {
    assert.equal((await run(`>${FULL} 2>${FULL}`)).exit, 8);
  });
  it("goes to stderr when nobody reads the pipe any more", async () => {
    const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let said = "";
    child.stderr.on("data", (data) => (said += String(data)));
    const exit = await new Promise<number>((resolve) => child.on("close", resolve));
    assert.equal(exit, 8, said);
    assert.match(said, /can't be written to stdout: write EPIPE/);
    assert.match(said, result);
  });
  it("is a help text that fails too", async () => {
    assert.equal((await run(`>${FULL}`, ["--help"])).exit, 8);
  });
});
