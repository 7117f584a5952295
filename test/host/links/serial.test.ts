/**
 * A card on a serial port: a pseudo terminal, with a virtual board at its other end. python3 makes
 * the terminal; without it the suite skips.
 */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CardSession, LinkError, openLink, toHex } from "../../../host/sdk/index.js";
import type { VirtualBoard } from "../../../host/emulator/board/virtual.js";
import { backup } from "../../../host/sdk/relay/ceremony.js";
import { ConnectedCards } from "../../../host/sdk/relay/connected.js";
import { makeBoard } from "../../support/boards.js";
import { accessCode, demoMaker, linkTo, MAKER, needsBundle, TestCard } from "../support.js";

/** Prints the terminal's name, then carries bytes between it and stdin / stdout. */
const BRIDGE = `
import os, sys, select, tty
near, far = os.openpty()
tty.setraw(near); tty.setraw(far)
print(os.ttyname(far), flush=True)
while True:
    for fd in select.select([near, 0], [], [])[0]:
        data = os.read(fd, 4096)
        if not data: sys.exit()
        os.write(1 if fd == near else near, data)
`;

/** A terminal with a board behind it: its name, and how to pull it out. */
async function plug(board: VirtualBoard): Promise<{ port: string; pull: () => Promise<void> }> {
  const child = spawn("python3", ["-u", "-c", BRIDGE], { stdio: ["pipe", "pipe", "inherit"] });
  const [name] = (await once(child.stdout, "data")) as [Buffer];
  child.stdout.on("data", (data: Buffer) => board.send(new Uint8Array(data)));
  const stop = board.onData((bytes) => child.stdin.write(bytes));
  const pull = async () => {
    stop();
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, "exit");
  };
  return { port: name.toString().trim(), pull };
}

/** Longer than the ceremony alone goes on trying. */
const UNPLUGGED_MS = 5500;

describe("serial link", function () {
  this.timeout(20_000);
  needsBundle(this);
  const board = makeBoard({ seed: "serial" });
  let bridge: Awaited<ReturnType<typeof plug>> | undefined;
  let port = "";

  before(async function () {
    if (process.platform === "win32" || spawnSync("python3", ["--version"]).status !== 0) {
      console.log("      skipped: no python3 to make a pseudo terminal");
      this.skip();
    }
    board.powerOn();
    bridge = await plug(board);
    port = bridge.port;
  });
  let atEnd: (() => Promise<void>) | undefined;
  after(async () => {
    await bridge?.pull();
    await atEnd?.();
  });

  it("carries a card's commands, without modem lines", async () => {
    const session = new CardSession(await openLink(`serial:${port}@9600`));
    const request = await session.personalise();
    await session.certify(demoMaker().certify(request).bytes);
    await session.openChannel({ maker: MAKER });
    await session.prove();
    await session.close();
  });

  it("can be opened again after it was closed", async () => {
    const session = new CardSession(await openLink(`serial:${port}`));
    assert.equal((await session.status()).state, "EMPTY");
    await session.close();
    await assert.rejects(session.status(), (error) => {
      return error instanceof LinkError && error.failure === "closed";
    });
  });

  it("tells a second program that the first has the port, which is not disturbed", async () => {
    const first = new CardSession(await openLink(`serial:${port}`));
    await first.openChannel({ maker: MAKER });
    await assert.rejects(openLink(`serial:${port}`), /another program has it open/);
    await first.prove();
    await first.close();
  });

  it("a backup goes on when an unplugged cable is back", async () => {
    const [source, copy] = [await TestCard.wallet("pulled"), await TestCard.empty("pulled copy")];
    const folder = mkdtempSync(join(tmpdir(), "kincard-plug-"));
    const path = join(folder, "port");
    let cable = await plug(source.board);
    symlinkSync(cable.port, path);
    atEnd = async () => {
      await cable.pull();
      rmSync(folder, { recursive: true });
    };
    let opened = 0;
    const serial = () => openLink(`serial:${path}`, { again: opened++ > 0 });
    const cards = new ConnectedCards([
      { name: "source", open: serial },
      { name: "copy", open: () => linkTo(copy.board, "copy") },
    ]);
    await cards.arrange();
    let back: Promise<void> | undefined;
    const replug = async () => {
      await cable.pull();
      rmSync(path);
      await new Promise((resolve) => setTimeout(resolve, UNPLUGGED_MS));
      cable = await plug(source.board);
      symlinkSync(cable.port, path);
    };
    const result = await backup({
      ...{ maker: MAKER, code: accessCode(), setSize: 2, present: cards.present },
      onEvent: (event) => {
        if (event.type === "done" && event.role.kind === "copy") back ??= replug();
      },
    });
    assert.ok(back, "the cable was never pulled");
    await back;
    assert.equal(result.complete, true);
    await cards.close();
  });

  it("carries six boards at once, each its own answers", async () => {
    const names = ["one", "two", "three", "four", "five", "six"];
    const cards = await Promise.all(names.map((name) => TestCard.empty(`rack ${name}`)));
    const cables = await Promise.all(cards.map(({ board }) => plug(board)));
    try {
      const ids = await Promise.all(
        cables.map(async (cable) => {
          const session = new CardSession(await openLink(`serial:${cable.port}`));
          const { certificate } = await session.openChannel({ maker: MAKER });
          for (let i = 0; i < 5; i++) await session.prove();
          await session.close();
          return toHex(certificate.id);
        }),
      );
      const own = await Promise.all(
        cards.map(async (card) => {
          await card.reconnect();
          return toHex((await card.session.openChannel({ maker: MAKER })).certificate.id);
        }),
      );
      assert.deepEqual(ids, own);
      assert.equal(new Set(ids).size, 6);
    } finally {
      for (const cable of cables) await cable.pull();
    }
  });
});
