/**
 * A card on a serial port: a pseudo terminal, with a virtual board at its other end. python3 makes
 * the terminal; without it the suite skips.
 */

import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { CardSession, LinkError, openLink } from "../../../host/index.js";
import { makeBoard } from "../../support/boards.js";
import { demoMaker, MAKER, needsBundle } from "../support.js";

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

describe("serial link", function () {
  this.timeout(20_000);
  needsBundle(this);
  const board = makeBoard({ seed: "serial" });
  let bridge: ChildProcess | undefined;
  let port = "";

  before(async function () {
    if (process.platform === "win32" || spawnSync("python3", ["--version"]).status !== 0) {
      console.log("      skipped: no python3 to make a pseudo terminal");
      this.skip();
    }
    board.powerOn();
    const child = spawn("python3", ["-u", "-c", BRIDGE], { stdio: ["pipe", "pipe", "inherit"] });
    bridge = child;
    const [name] = (await once(child.stdout, "data")) as [Buffer];
    port = name.toString().trim();
    child.stdout.on("data", (data: Buffer) => board.send(new Uint8Array(data)));
    board.onData((bytes) => child.stdin.write(bytes));
  });
  after(() => void bridge?.kill());

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
});
