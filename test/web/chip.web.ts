/**
 * The page and emulated chips that execute the real firmware (KINCARD_FIRMWARE): `kincard web --chip`
 * as a user starts it, and a chip by the browser's own Web Bluetooth, as far as that is emulated.
 */

import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Page } from "playwright-core";
import { certify } from "../../host/apps/cli/virtual/cards.js";
import { demoMaker } from "../../host/sdk/maker/demo.js";
import { GATT } from "../../host/sdk/wire/generated.js";
import { intelHex } from "../../hw/images/intel-hex.js";
import { CLI } from "../cli/support.js";
import {
  board,
  closeAll,
  makeChip,
  missing,
  storageImage,
  title,
} from "../chip/firmware/support.js";
import { EmulatedBluetooth, KEEP_CHARACTERISTIC } from "./emulated-bluetooth.js";
import { makeWallet, onPage, startBackup, tap, visit, withBrowser } from "./support.js";

const reason = missing();
/** Chips share a processor with the browser, and are half as fast as boards when they have it. */
const PATIENCE_MS = 240_000;

describe(title("the page and emulated chips", reason), function () {
  before(function () {
    if (reason) this.skip();
  });
  const { browser } = withBrowser(this, ["--enable-features=WebBluetooth"]);
  this.timeout(600_000);
  afterEach(closeAll);
  const backedUp = (page: Page) =>
    page.getByRole("heading", { level: 1, name: "Your backup is done" }).waitFor();

  it("makes a wallet and backs it up on the chips of `kincard web --chip`", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kincard-web-chip-"));
    const image = join(folder, "full.hex");
    writeFileSync(image, intelHex(board.storage.address, storageImage()));
    const args = ["web", "--chip", board.id, "--image", image, "--cards", "2", "--json"];
    const program = spawn(process.execPath, [CLI, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const { url, cards } = await firstLine(program);
      const [source, copy] = cards as [Card, Card];
      await onPage(browser(), url, {}, async (page) => {
        page.setDefaultTimeout(PATIENCE_MS);
        await makeWallet(page, source);
        await startBackup(page, [copy]);
        await tap(page, copy);
        await backedUp(page);
      });
      program.kill("SIGINT");
      const [exit] = (await once(program, "exit")) as [number | null];
      assert.equal(exit, 0);
    } finally {
      program.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("backs up to a chip on the browser's own Web Bluetooth, as far as it is emulated", async () => {
    const chip = makeChip({ clock: "real" });
    chip.powerOn();
    const maker = demoMaker();
    const label = await certify(chip.duplex(), "chip", maker);
    maker.wipe();
    const options = { cards: 1, before: KEEP_CHARACTERISTIC };
    await visit(browser(), options, async ({ page, cards: [source] }) => {
      page.setDefaultTimeout(PATIENCE_MS);
      const emulated = await EmulatedBluetooth.start(browser(), page, chip, GATT);
      await makeWallet(page, source!);
      await startBackup(page, [{ name: "chip", label }]);
      await page.getByRole("button", { name: "Connect by Bluetooth" }).click();
      await backedUp(page);
      assert.equal(Math.max(...emulated.writes), 20);
      await emulated.stop();
    });
    assert.deepEqual(chip.failures, []);
  });
});

interface Card {
  readonly name: string;
  readonly label: string;
}
async function firstLine(program: ChildProcess): Promise<{ url: string; cards: Card[] }> {
  const lines = createInterface(program.stdout!);
  const ended = once(program, "exit").then(([exit]) => {
    throw new Error(`kincard web ended with ${String(exit)}`);
  });
  const [line] = (await Promise.race([once(lines, "line"), ended])) as [string];
  ended.catch(() => undefined);
  return JSON.parse(line) as { url: string; cards: Card[] };
}
