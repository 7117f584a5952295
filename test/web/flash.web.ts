/**
 * Flashing a board from the page: the board is Espruino's prompt (test/hw/repl.ts, or the real
 * interpreter when ESPRUINO_BIN names one), the browser's Bluetooth and USB are fakes.
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { VAULT_SPAN, writeVault } from "../../host/emulator/board/fresh.js";
import { PtyPair } from "../../host/emulator/board/interpreter/pty.js";
import { duplexPair } from "../../host/sdk/links/line/pair.js";
import { openSerial } from "../../host/sdk/links/line/serial.js";
import type { Duplex } from "../../host/sdk/links/link.js";
import type { Board } from "../../hw/boards/board.js";
import { LINUX_BUILD } from "../../hw/boards/linux.js";
import { PUCKJS } from "../../hw/boards/puckjs.js";
import { makeImage } from "../../host/tools/image/image.js";
import { makeChip, missing } from "../chip/firmware/support.js";
import { smallParts } from "../hw/parts.js";
import { ReplBoard, type ReplOptions } from "../hw/repl.js";
import { bridge } from "./console-bridge.js";
import { heading, look, PHONE, press, until, visit, withBrowser } from "./support.js";

interface Told {
  longest: number;
  againstXoff: number;
  xoffs: number;
  asked: { filters: object[]; optionalServices: string[] };
  bars: number[];
  baud?: number;
}
interface Options {
  readonly demo?: boolean;
  readonly repl?: ReplOptions;
  /** Does things to a board before its first statement. */
  readonly prepare?: (board: ReplBoard) => void;
  /** In place of the emulated prompt. */
  readonly link?: () => Promise<Duplex>;
  readonly board?: Board;
  readonly width?: typeof PHONE;
  readonly dark?: boolean;
}
interface Stage {
  readonly page: Page;
  /** The board, as of its last connection. */
  readonly board: () => ReplBoard;
  readonly told: () => Promise<Told>;
}

/** Enough of it for a bar that moves, and a cut in the middle. */
const KERNEL = 6000;
const inUse = ({ log, flash }: ReplBoard): void => {
  writeVault(log);
  flash.write(PUCKJS.storage.address + 4096, Uint8Array.of(1, 2, 3, 4));
};

describe("the page: flashing a board", function () {
  const { browser } = withBrowser(this);
  this.timeout(400_000);

  /** The page with one image beside it, and a board to be connected. */
  async function stage(options: Options, use: (stage: Stage) => Promise<void>): Promise<void> {
    const { demo = false, repl = {}, prepare, board: kind = PUCKJS } = options;
    const { output, manifest } = makeImage(kind, smallParts({ demo, kernel: KERNEL }));
    let board: ReplBoard | undefined;
    const connect = async () => {
      const [host, end] = duplexPair();
      const before = board?.flash.bytes.slice();
      // only its first life ends early
      board = new ReplBoard(kind, end, board ? { ...repl, diesAfter: undefined } : repl);
      if (before) board.flash.bytes.set(before);
      else prepare?.(board);
      return host;
    };
    const consoles = await bridge(options.link ?? connect);
    const { title, id } = kind;
    const { version } = manifest;
    const images = [{ board: id, title, version, demo, url: `images/${id}/` }];
    const screen = {
      viewport: options.width,
      colorScheme: options.dark ? ("dark" as const) : undefined,
    };
    const before = consoles.script;
    try {
      // the board's port on the network stands for its radio and its cable: no place of the page's
      const world = { cards: 0, before, bypassCSP: true, ...screen };
      await visit(browser(), world, async ({ page }) => {
        await page.route("**/images.json", (route) => route.fulfill({ json: { images } }));
        await page.route(`**/images/${id}/*`, (route) => {
          const name = new URL(route.request().url()).pathname.split("/").at(-1) ?? "";
          const bytes = output.get(name);
          return route.fulfill(bytes ? { body: Buffer.from(bytes) } : { status: 404 });
        });
        await page.getByRole("link", { name: "Settings" }).click();
        await page.getByRole("link", { name: "Make a board into a card" }).click();
        await heading(page, "Make a board into a card");
        await use({
          page,
          board: () => board as ReplBoard,
          told: () => page.evaluate("window.told") as Promise<Told>,
        });
      });
    } finally {
      await consoles.close();
    }
  }
  const done = (page: Page, timeout = 300_000) =>
    page.getByRole("heading", { level: 1, name: "The image is on the board" }).waitFor({ timeout });
  const alert = (page: Page) => page.getByRole("alert").innerText();
  const expected = Buffer.from(makeImage(PUCKJS, smallParts({ kernel: KERNEL })).layout.bytes);

  it("leaves exactly the image, over Bluetooth, and obeys XOFF", async () => {
    await stage({ width: PHONE }, async ({ page, board, told }) => {
      await look(page, "60-flash");
      await press(page, "Connect by Bluetooth");
      await done(page);
      await look(page, "61-flashed");
      assert.ok(Buffer.from(board().flash.bytes).equals(expected), "other bytes are on the board");
      assert.equal(board().restarts, 1);
      const { longest, againstXoff, xoffs, asked, bars } = await told();
      assert.equal(longest, 20);
      assert.ok(xoffs > 0, "the board never said XOFF");
      assert.equal(againstXoff, 0, "bytes were sent after XOFF");
      assert.ok(new Set(bars).size >= 5, `the bar showed ${[...new Set(bars)].join(", ")}`);
      assert.deepEqual(asked.optionalServices, ["6e400001-b5a3-f393-e0a9-e50e24dcca9e"]);
      assert.ok(asked.filters.some((filter) => JSON.stringify(filter).includes("Puck.js")));
    });
  });

  it("does the same over USB", async () => {
    await stage({ dark: true }, async ({ page, board, told }) => {
      await look(page, "60-flash");
      await press(page, "Connect by USB");
      await done(page);
      await look(page, "61-flashed");
      assert.ok(Buffer.from(board().flash.bytes).equals(expected));
      assert.equal((await told()).baud, 115200);
    });
  });

  it("takes the upload script as a file", async () => {
    await stage({}, async ({ page, board }) => {
      const script = makeImage(PUCKJS, smallParts({ kernel: KERNEL })).output.get("upload.js");
      const file = { name: "upload.js", mimeType: "text/javascript" };
      await page.getByLabel(/files/).setInputFiles({ ...file, buffer: Buffer.from("print(1)") });
      await press(page, "Connect by Bluetooth");
      assert.match(await alert(page), /not an upload script of this version/);
      await press(page, "Try again");
      const buffer = Buffer.from(script as Uint8Array);
      await page.getByLabel(/files/).setInputFiles({ ...file, buffer });
      await press(page, "Connect by Bluetooth");
      await done(page);
      assert.ok(Buffer.from(board().flash.bytes).equals(expected));
    });
  });

  it("refuses files whose hashes are not the manifest's, before it writes", async () => {
    await stage({}, async ({ page, board }) => {
      await page.route("**/images/puckjs/kernel.bin", (route) =>
        route.fulfill({ body: Buffer.alloc(KERNEL) }),
      );
      await press(page, "Connect by Bluetooth");
      assert.match(await alert(page), /kernel.bin is not what the manifest describes/);
      assert.equal(board(), undefined, "the board was opened");
    });
  });

  it("replaces the code of a board that holds a card, and leaves its vault alone", async () => {
    await stage({ prepare: inUse, width: PHONE }, async ({ page, board }) => {
      await press(page, "Connect by Bluetooth");
      await heading(page, "This board holds a card");
      await look(page, "62-holds-a-card");
      const before = board().flash.bytes.slice(0, VAULT_SPAN);
      await press(page, "Replace its code");
      await done(page);
      await page.getByText("The card that it holds has its key as before.").waitFor();
      assert.deepEqual(board().flash.bytes.slice(0, VAULT_SPAN), before);
      assert.ok(board().log.read(".boot0"));
    });
  });

  it("touches nothing on a no", async () => {
    await stage({ prepare: inUse }, async ({ page, board }) => {
      await press(page, "Connect by Bluetooth");
      await heading(page, "This board holds a card");
      const { operations } = board().flash;
      await press(page, "No, stop");
      assert.match(await alert(page), /did not confirm/);
      assert.equal(board().flash.operations, operations);
    });
  });

  it("destroys a card only for who ticks the box and types the word", async () => {
    await stage({ prepare: inUse, width: PHONE }, async ({ page, board }) => {
      await page.getByText("Erase the card that is on the board").click();
      await page.getByLabel("Erase that card with its key").check();
      await press(page, "Connect by Bluetooth");
      await heading(page, "Destroy the card on this board?");
      await look(page, "63-destroy");
      const { operations } = board().flash;
      await page.getByLabel(/^Type/).fill("yes");
      await press(page, "Destroy it and flash");
      await page.getByText("Nothing was erased").waitFor();
      assert.equal(board().flash.operations, operations);
      await page.getByLabel(/^Type/).fill("destroy");
      await press(page, "Destroy it and flash");
      await done(page);
      assert.ok(Buffer.from(board().flash.bytes).equals(expected), "something of the card is left");
    });
  });

  it("names the files that go", async () => {
    const prepare = ({ log }: ReplBoard) => void log.write("mine.js", Uint8Array.of(1));
    await stage({ prepare }, async ({ page, board }) => {
      await press(page, "Connect by Bluetooth");
      await heading(page, "Erase what is on the board?");
      await page.getByText("mine.js").waitFor();
      await press(page, "No, stop");
      await page.getByRole("alert").waitFor();
      assert.deepEqual(board().log.list(), ["mine.js"]);
    });
  });

  it("asks before a DEMO image goes on", async () => {
    await stage({ demo: true }, async ({ page, board }) => {
      await page.getByText(/DEMO: protects nothing/).waitFor();
      await press(page, "Connect by Bluetooth");
      await heading(page, "A demo image");
      assert.equal(board(), undefined, "the board was opened before the question");
      await press(page, "Put the demo on the board");
      await done(page);
      await page.getByText("DEMO: it protects nothing").waitFor();
    });
  });

  const wrong: [string, ReplOptions["environment"], RegExp][] = [
    ["another board", { BOARD: "PIXLJS" }, /says that it is a PIXLJS; the image is for a PUCKJS/],
    ["an unknown Espruino", { VERSION: "2v30" }, /runs Espruino 2v30/],
    ["another build", { STORAGE: 40960 }, /another build of Espruino/],
  ];
  for (const [name, environment, words] of wrong)
    it(`refuses ${name} and writes nothing`, async () => {
      await stage({ repl: { environment } }, async ({ page, board }) => {
        await press(page, "Connect by Bluetooth");
        const text = await alert(page);
        assert.match(text, words);
        assert.doesNotMatch(text, /--|npm run|`/, "words of a command line");
        assert.equal(board().flash.operations, 0);
      });
    });

  it("says what to do when the connection drops, and starts over to a good end", async () => {
    await stage({ repl: { diesAfter: 14 }, width: PHONE }, async ({ page, board }) => {
      await press(page, "Connect by Bluetooth");
      const text = await alert(page);
      assert.match(text, /closed|did not answer/);
      assert.match(text, /try again: it starts over/);
      await look(page, "64-dropped");
      assert.ok(board().flash.operations > 0, "it was cut before anything was written");
      assert.equal(board().log.read(".boot0"), undefined, "a half-written board has boot code");
      await press(page, "Try again");
      await press(page, "Connect by Bluetooth");
      await done(page);
      assert.ok(Buffer.from(board().flash.bytes).equals(expected));
    });
  });

  it("lets go of the board when the user goes elsewhere", async () => {
    await stage({ prepare: inUse }, async ({ page }) => {
      await press(page, "Connect by Bluetooth");
      await heading(page, "This board holds a card");
      await page.getByRole("link", { name: "Kincard" }).click();
      await heading(page, "Kincard");
      // CLOSED
      await until(page, "window.cable.readyState === 3");
    });
  });

  it("does the same to an emulated chip that runs the real firmware", async function () {
    this.timeout(600_000);
    const reason = missing(false);
    if (reason) {
      console.log(`      skipped: ${reason}`);
      return this.skip();
    }
    const chip = makeChip({ image: false });
    try {
      chip.powerOn();
      chip.advance(1.5);
      await stage({ link: async () => chip.duplex() }, async ({ page }) => {
        await press(page, "Connect by Bluetooth");
        await done(page, 500_000);
      });
      assert.ok(Buffer.from(chip.dump()).equals(expected), "other bytes are on the chip");
    } finally {
      chip.powerOff();
    }
  });

  it("does the same to the real interpreter", async function () {
    const bin = process.env["ESPRUINO_BIN"];
    if (!bin) {
      console.log("      skipped: ESPRUINO_BIN does not name an interpreter");
      return this.skip();
    }
    const folder = mkdtempSync(join(tmpdir(), "kincard-page-"));
    const pty = await PtyPair.open();
    const tty = openSync(pty.board, "r+");
    const child = spawn(bin, [], { cwd: folder, stdio: [tty, tty, tty] });
    closeSync(tty);
    try {
      const link = () => openSerial(pty.port, 115200);
      await stage({ link, board: LINUX_BUILD }, async ({ page }) => {
        await press(page, "Connect by Bluetooth");
        await done(page);
      });
      const image = makeImage(LINUX_BUILD, smallParts({ kernel: KERNEL })).layout.bytes;
      assert.ok(readFileSync(join(folder, "espruino.flash")).equals(Buffer.from(image)));
    } finally {
      child.kill("SIGKILL");
      pty.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
