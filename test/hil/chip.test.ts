/**
 * `npm run test:boards` on racks of emulated chips that execute the real firmware
 * (KINCARD_FIRMWARE), alone and beside boards of the other kinds: to it each is a link.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSummary } from "../../host/apps/terminal/counts.js";
import { intelHex } from "../../hw/images/intel-hex.js";
import { board, missing, storageImage, title } from "../chip/firmware/support.js";
import { placeAt } from "../../host/apps/conform/rack.js";
import { interpreterRack } from "../conformance/racks.js";
import { missing as missingInterpreter } from "../espruino/cards.js";
import { VirtualProcess } from "../support/virtual-process.js";
import { testBoards } from "./support.js";

const reason = missing();

describe(title("test:boards with chips", reason), function () {
  this.timeout(1_500_000);
  let folder: string;
  const running: VirtualProcess[] = [];
  before(function () {
    if (reason) this.skip();
    folder = mkdtempSync(join(tmpdir(), "kincard-hil-"));
    writeFileSync(join(folder, "full.hex"), intelHex(board.storage.address, storageImage()));
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.end();
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const start = async (name: string, ...more: string[]) => {
    const flash = ["--flash", join(folder, `${name}.flash`), "--listen", "tcp:127.0.0.1:0"];
    const one = await VirtualProcess.start([...flash, ...more]);
    running.push(one);
    return one.uri("listening");
  };
  /** Once it answers: a busy machine makes a slow chip. */
  async function chip(name: string): Promise<string> {
    const uri = await start(name, "--chip", board.id, "--image", join(folder, "full.hex"));
    await (await placeAt(uri).open({ connectMs: 120_000 })).close();
    return uri;
  }

  async function passes(uris: readonly string[]): Promise<void> {
    const file = join(folder, "junit.xml");
    const { exit, out, err } = await testBoards(uris, "--junit", file);
    const counts = parseSummary(out);
    assert.deepEqual([exit, counts?.failed], [0, 0], out + err);
    assert.ok(counts!.passed > 30, out);
    assert.match(out, /^a backup: .* passed, copy +passed, source/m);
    for (const uri of uris) assert.ok(readFileSync(file, "utf8").includes(uri));
    console.log(`      ${counts!.passed} passed, ${counts!.skipped} skipped`);
  }

  it("passes on two chips", async () => {
    await passes([await chip("one"), await chip("two")]);
  });
  it("passes on a chip beside a virtual board and, where there is one, an interpreter", async () => {
    const none = missingInterpreter();
    if (none) console.log(`      without an interpreter: ${none}`);
    const rack = none ? undefined : await interpreterRack(1);
    try {
      const others = rack?.places.map(({ name }) => name) ?? [];
      await passes([await chip("mixed"), await start("virtual"), ...others]);
    } finally {
      await rack?.close();
    }
  });
});
