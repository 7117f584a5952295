/**
 * `kincard virtual --chip` as a user has it: a process, reached by a serial port at its rate, by
 * Bluetooth, as a tag, by its control lines and by gdb; all ways at once.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EmulatedRadio } from "../../../host/emulator/reach/radio.js";
import { emulatedReaders } from "../../../host/emulator/reach/reader.js";
import { CardSession, LineTransport, type Duplex } from "../../../host/sdk/core.js";
import { deadline } from "../../../host/sdk/links/clock.js";
import { listBle, openBle } from "../../../host/sdk/links/ble/ble.js";
import { openPcsc } from "../../../host/sdk/links/pcsc/pcsc.js";
import { openSerial } from "../../../host/sdk/links/line/serial.js";
import { openTcp } from "../../../host/sdk/links/line/tcp.js";
import { intelHex } from "../../../hw/images/intel-hex.js";
import { LineClient, VirtualProcess } from "../../support/virtual-process.js";
import { GDB } from "../cpu/tools.js";
import { board, maker, missing, storageImage, title } from "./support.js";

const reason = missing();
const ANY = "tcp:127.0.0.1:0";

describe(title("kincard virtual --chip", reason), function () {
  this.timeout(300_000);
  let folder: string;
  const running: VirtualProcess[] = [];
  before(function () {
    if (reason) this.skip();
    folder = mkdtempSync(join(tmpdir(), "kincard-chip-"));
    writeFileSync(join(folder, "full.hex"), intelHex(board.storage.address, storageImage()));
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.end("SIGKILL");
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function start(name: string, word: string, ...more: string[]): Promise<VirtualProcess> {
    const flash = ["--flash", join(folder, name)];
    const chip = await VirtualProcess.start(["--chip", board.id, ...flash, ...more], word);
    running.push(chip);
    return chip;
  }
  const image = () => ["--image", join(folder, "full.hex")];
  /** In real time: a busy machine may take a minute to boot it. */
  const session = async (duplex: Duplex, name: string, timeoutMs = 60_000) =>
    new CardSession(await LineTransport.connect(duplex, { name, timeoutMs, connectMs: 60_000 }));
  const place = (chip: VirtualProcess, word: string) => chip.uri(word);

  /** What is said on a port until that is in it, or nothing has come for so long. */
  async function typed(
    port: string,
    baud: number,
    text: string,
    end: RegExp,
    quietMs = 120_000,
  ): Promise<string> {
    const duplex = await openSerial(port.replace("serial:", ""), baud);
    let said = "";
    let quiet = deadline(quietMs);
    duplex.onData((bytes) => {
      said += Buffer.from(bytes).toString("latin1");
      quiet = deadline(quietMs);
    });
    await duplex.write(Buffer.from(text));
    while (!end.test(said) && !quiet()) await new Promise((resolve) => setTimeout(resolve, 50));
    await duplex.close();
    return said;
  }

  it("has Espruino's prompt at 9600 baud on a serial port, and garbage at another rate", async () => {
    const chip = await start("blank.flash", "serial", "--serial", "pty");
    const port = place(chip, "serial");
    const sum = /=1234568/;
    assert.match(await typed(port, 9600, "\n1234567+1\n", sum), sum);
    const odd = await typed(port, 115200, "\n1234567+1\n", sum, 3000);
    assert.doesNotMatch(odd, sum);
    const name = new RegExp(board.boardName);
    assert.match(await typed(port, 9600, "\nprocess.env.BOARD\n", name), name);
  });

  it("is one card by cable, over the air and as a tag, all at once", async () => {
    const ways = ["--serial", "pty", "--ble", "--nfc", ANY, "--listen", ANY];
    const chip = await start("card.flash", "listening", ...image(), ...ways);
    const port = place(chip, "serial").replace("serial:", "");
    const cable = await session(await openSerial(port, 115200), "cable");
    const made = await cable.personalise();
    await cable.certify(maker.certify(made).bytes);
    await cable.close();
    const radio = new EmulatedRadio([place(chip, "ble")]);
    const load = async () => radio;
    let [heard] = await listBle({ load, listenMs: 1000 });
    for (const over = deadline(120_000); !heard && !over();)
      [heard] = await listBle({ load, listenMs: 1000 });
    assert.match(heard!.name, /^Kincard [0-9a-f]{4}$/);
    const air = await session(await openBle(heard!.device, { load }), "air");
    const channel = await air.openChannel({ maker: maker.publicKey });
    await air.close();
    const reader = { load: emulatedReaders([place(chip, "nfc")]) };
    const tag = new CardSession(await openPcsc("coil", reader));
    await tag.greet();
    const again = await tag.openChannel({ maker: maker.publicKey });
    assert.deepEqual(again.certificate.id, channel.certificate.id);
    await tag.close();
  });

  it("is cut at a flash operation or a microsecond, and comes back, by its control lines", async () => {
    const ways = ["--listen", ANY, "--control", ANY];
    const chip = await start("cut.flash", "listening", ...image(), ...ways);
    const control = new LineClient(place(chip, "control"));
    const status = async () =>
      JSON.parse((await control.ask("status"))!) as { power: string; lastEnd: string | null };
    for (const [cut, says] of [
      ["cut 500000us", /cut/],
      ["cut 1", /cut inside flash operation/],
    ] as const) {
      assert.equal(await control.ask(cut), "ok");
      if (cut === "cut 1") {
        const [, host, at] = place(chip, "listening").split(":");

        const card = await session(await openTcp(host!, Number(at)), "cut", 5000);
        await assert.rejects(card.personalise());
        await card.close();
      }
      for (let found = await status(); found.power === "on"; found = await status())
        await new Promise((resolve) => setTimeout(resolve, 50));
      assert.match((await status()).lastEnd ?? "", says, cut);
      assert.equal(await control.ask("on"), "ok");
    }
    assert.match((await control.ask("cut 12ms"))!, /^error/);
    assert.equal(await control.ask("press"), "ok");
    assert.equal(await control.ask("release"), "ok");
    control.close();
  });

  it("stands still for gdb-multiarch, which breaks, steps and lets it go on", async function () {
    if (spawnSync(GDB, ["--version"]).status !== 0) return this.skip();
    const ways = ["--listen", ANY, "--gdb", "127.0.0.1:0"];
    const chip = await start("gdb.flash", "listening", ...image(), ...ways);
    const commands = [
      ...["set confirm off", "set pagination off", "set architecture armv7e-m"],
      `target remote ${place(chip, "gdb")}`,
      ...["x/1xw 0x1f000", "monitor reset", "maintenance flush register-cache", "print/x $pc"],
      ...["stepi", "stepi", "print/x $pc", "hbreak *($pc+2)", "continue", "detach"],
    ];
    const args = commands.flatMap((command) => ["-ex", command]);
    const out = await new Promise<string>((resolve, reject) => {
      const gdb = spawn(GDB, ["-nx", "-batch", ...args]);
      let text = "";
      gdb.stdout.on("data", (data) => (text += data));
      gdb.on("error", reject);
      gdb.on("close", () => resolve(text));
    });
    assert.match(out, /0x1f000:\s+0x2000/);
    const [from, to] = [...out.matchAll(/\$\d = (0x1[0-9a-f]+)/g)].map(([, pc]) => Number(pc));
    assert.ok(to! > from! && to! - from! <= 8, out);
    assert.match(out, /Breakpoint 1, 0x/);
    const [, host, at] = place(chip, "listening").split(":");

    const card = await session(await openTcp(host!, Number(at)), "after gdb");
    assert.equal((await card.status()).state, "BLANK");
    await card.close();
  });
});
