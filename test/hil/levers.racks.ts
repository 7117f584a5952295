/**
 * `kincard hil` with a rack file: boards whose power is switched by `uhubctl`, whose buttons are at
 * a relay, and which are flashed with one version of the firmware after the other. The tools are
 * scripts that do it to virtual boards, by their control lines and by starting them anew.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildFirmware } from "../../firmware/build/firmware.js";
import { packageVersion } from "../../firmware/build/config.js";
import { parseSummary } from "../../host/apps/terminal/counts.js";
import { CLI, kincard, type Ended } from "../cli/support.js";
import { missingBundle } from "../support/boards.js";
import { VirtualProcess } from "../support/virtual-process.js";

const ANY = "tcp:127.0.0.1:0";
/** A tool of this name: its body is JavaScript, with `args` and one line there and back by TCP. */
const TOOL = (body: string) => `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require("node:fs");
const { spawn } = require("node:child_process");
const { connect } = require("node:net");
const args = process.argv.slice(2);
const folder = __dirname + "/..";
const ask = (port, line) => new Promise((resolve, reject) => {
  const socket = connect(port, "127.0.0.1");
  let said = "";
  socket.on("error", reject);
  socket.on("data", (data) => {
    said += data;
    if (!said.includes("\\n")) return;
    socket.destroy();
    resolve(said.trim());
  });
  socket.write(line + "\\n");
});
(async () => {
${body}
})().catch((error) => { console.error(error.message); process.exit(1); });
`;

/** `uhubctl -l LOCATION -p PORT -a on|off`, as its README has it. */
const UHUBCTL = TOOL(`
  const of = (flag) => args[args.indexOf(flag) + 1];
  const [hub, port, action] = [of("-l"), of("-p"), of("-a")];
  const file = folder + "/" + hub + "." + port;
  if (!existsSync(file)) throw new Error("No compatible devices detected at location " + hub + "!");
  appendFileSync(folder + "/uhubctl.log", port + " " + action + "\\n");
  const said = await ask(Number(readFileSync(file, "utf8")), action);
  if (said !== "ok") throw new Error(said);
`);
const RELAY = TOOL(`
  const said = await ask(Number(args[0]), args[1]);
  if (said !== "ok") throw new Error(said);
`);
/** Ends the board that runs, and starts it with another bundle on the same flash and port. */
const FLASHER = TOOL(`
  const [name, bundle] = args;
  const [pidFile, log] = [folder + "/" + name + ".pid", folder + "/flash.log"];
  const { pid, port } = JSON.parse(readFileSync(pidFile, "utf8"));
  appendFileSync(log, name + " " + bundle + "\\n");
  process.kill(pid, "SIGTERM");
  while (existsSync(folder + "/" + name + ".flash.lock")) await new Promise((r) => setTimeout(r, 20));
  const listen = ["--flash", folder + "/" + name + ".flash", "--listen", "tcp:127.0.0.1:" + port];
  const command = [process.env.KINCARD_CLI, "virtual", ...listen, "--bundle", folder + "/" + bundle];
  const child = spawn(process.execPath, command, { detached: true, stdio: ["ignore", "pipe", "ignore"] });
  writeFileSync(pidFile, JSON.stringify({ pid: child.pid, port }));
  await new Promise((resolve) => child.stdout.on("data", (data) => {
    if (String(data).includes("listening")) resolve();
  }));
  child.stdout.destroy();
  child.unref();
  process.exit(0);
`);

describe("kincard hil with a rack file", function () {
  this.timeout(400_000);
  const folder = mkdtempSync(join(tmpdir(), "kincard-rack-"));
  const boards: VirtualProcess[] = [];
  const tools = join(folder, "tools");
  const path = `${tools}:${process.env["PATH"] ?? ""}`;
  before(function () {
    if (missingBundle()) return this.skip();
    mkdirSync(tools);
    for (const [name, text] of Object.entries({ uhubctl: UHUBCTL, relay: RELAY, flasher: FLASHER }))
      writeFileSync(join(tools, name), text, { mode: 0o755 });
  });
  after(async () => {
    for (const board of boards) await board.end();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (name: string, ...more: string[]) => {
    const flash = ["--flash", join(folder, `${name}.flash`), "--listen", ANY];
    const board = await VirtualProcess.start([...flash, ...more]);
    boards.push(board);
    return board;
  };
  const portOf = (uri: string) => Number(uri.split(":").at(-1));
  function hil(rack: object, env: Record<string, string> = {}): Promise<Ended> {
    const file = join(folder, "rack.json");
    writeFileSync(file, JSON.stringify(rack));
    const options = ["--rack", file, "--html", join(folder, "report.html")];
    return kincard(["hil", ...options], { env: { PATH: path, ...env }, hungMs: 380_000 });
  }

  it("cuts the power by uhubctl and holds buttons at a relay, on two boards", async () => {
    const rack = [];
    for (const port of ["1", "2"]) {
      const board = await start(`switched${port}`, "--control", ANY);
      const control = portOf(board.uri("control"));
      writeFileSync(join(folder, `1-1.${port}`), String(control));
      const hub = (action: string) => `uhubctl -l 1-1 -p ${port} -a ${action}`;
      rack.push({
        card: board.uri("listening"),
        name: `port ${port}`,
        power: { on: hub("on"), off: hub("off") },
        button: { on: `relay ${control} press`, off: `relay ${control} release` },
      });
    }
    const { exit, stdout, stderr } = await hil({ boards: rack });
    assert.equal(exit, 0, stdout + stderr);
    assert.match(stdout, /^keeps wallet and tries over a power cut.* passed +passed$/m);
    assert.match(stdout, /^is reset without its code when the button.* passed +passed$/m);
    assert.match(stdout, /^a backup goes on after both cards lost their power.* passed, source/m);
    assert.match(stdout, /^an offer is dropped when the button was held.* passed, source/m);
    const log = readFileSync(join(folder, "uhubctl.log"), "utf8");
    for (const port of ["1", "2"]) {
      const own = log.split("\n").filter((line) => line.startsWith(port));
      assert.deepEqual(own.slice(0, 2), [`${port} off`, `${port} on`]);
      assert.equal(own.length % 2, 0, log);
    }
  });

  it("names the switch that fails, and goes on", async () => {
    const board = await start("unswitched");
    const off = "uhubctl -l 9-9 -p 1 -a off";
    const power = { on: off.replace("off", "on"), off };
    const { exit, stdout } = await hil({ boards: [{ card: board.uri("listening"), power }] });
    assert.equal(exit, 1, stdout);
    assert.match(
      stdout,
      /failed: keeps wallet .*: "uhubctl .* ended with 1: No compatible devices/,
    );
    assert.equal(parseSummary(stdout)?.failed, 1, stdout);
  });

  it("puts each version on each of two boards, and tests each with each", async () => {
    const versions = [packageVersion(), [9, 8, 7]];
    for (const version of versions) {
      const { code } = await buildFirmware({ outDir: null, version });
      writeFileSync(join(folder, `${version.join(".")}.js`), code, "latin1");
    }
    const rack = [];
    const pids: string[] = [];
    for (const name of ["left", "right"]) {
      const board = await start(name);
      const uri = board.uri("listening");
      const pidFile = join(folder, `${name}.pid`);
      writeFileSync(pidFile, JSON.stringify({ pid: board.pid, port: portOf(uri) }));
      pids.push(pidFile);
      const commands = versions
        .map((version) => version.join("."))
        .map((version) => {
          return [version, `flasher ${name} ${version}.js`];
        });
      rack.push({ card: uri, name, firmware: Object.fromEntries(commands) as object });
    }
    try {
      const { exit, stdout, stderr } = await hil({ boards: rack }, { KINCARD_CLI: CLI });
      assert.equal(exit, 0, stdout + stderr);
      const [own, other] = versions.map((version) => version.join("."));
      assert.match(stdout, new RegExp(`^board 1: left, ${own}\nboard 2: left, ${other}$`, "m"));
      assert.equal(stdout.match(/^a backup: .* passed, source/gm)?.length, 8, stdout);
      // One board at a time.
      const log = readFileSync(join(folder, "flash.log"), "utf8").trim().split("\n");
      assert.deepEqual(log, [
        ...[`left ${own}.js`, `right ${own}.js`],
        ...[`right ${other}.js`, `left ${other}.js`, `right ${own}.js`],
      ]);
      assert.match(readFileSync(join(folder, "report.html"), "utf8"), /firmware 9\.8\.7/);
      const wrong = structuredClone(rack[0]!) as { firmware: Record<string, string> };
      wrong.firmware = { "1.1.1": `flasher left ${String(own)}.js` };
      const refused = await hil({ boards: [wrong] }, { KINCARD_CLI: CLI });
      assert.equal(refused.exit, 1);
      assert.match(
        refused.stderr,
        new RegExp(`left, 1\\.1\\.1: the card says firmware ${String(own)}`),
      );
    } finally {
      for (const file of pids) {
        const { pid } = JSON.parse(readFileSync(file, "utf8")) as { pid: number };
        try {
          process.kill(pid, "SIGTERM");
        } catch {
          // It ended with its test.
        }
      }
    }
  });
});
