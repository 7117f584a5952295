/** Programs that serve end alike: by Ctrl-C or SIGTERM, with 0, whatever they print. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { VIRTUAL_CODE } from "../../host/emulator/card/index.js";
import { needsBundle } from "../host/support.js";
import { PART, some } from "../support/full.js";
import { CLI, Rig } from "./support.js";

describe(`cli: programs that serve${PART}`, function () {
  this.timeout(120_000);
  needsBundle(this);
  const rig = new Rig();
  let uri: string;
  before(async () => {
    ({ uri } = await rig.serveWallet("stopped"));
  });
  after(() => rig.end());

  const commands = (signal: string): Readonly<Record<string, readonly string[]>> => ({
    virtual: ["--flash", rig.file(`${signal}.flash`), "--listen", "tcp:127.0.0.1:0"],
    web: ["--cards", "1"],
    serve: ["--card", uri, "--code-fd", "3", "--accept-cost", "10", "--yes"],
  });

  const ways = (["SIGINT", "SIGTERM"] as const).flatMap((signal) =>
    [false, true].map((json) => ({ signal, json })),
  );
  for (const name of ["virtual", "web", "serve"])
    for (const { signal, json } of some(name, ways, 1))
      it(`${name}${json ? " --json" : ""} ends by ${signal} with 0`, async () => {
        const args = [name, ...(commands(`${signal}${json}`)[name] ?? [])];
        const child = spawn(process.execPath, [CLI, ...args, ...(json ? ["--json"] : [])], {
          stdio: ["ignore", "pipe", "pipe", "pipe"],
          env: { ...process.env, XDG_CONFIG_HOME: rig.file("config") },
        });
        (child.stdio[3] as Writable).on("error", () => undefined).end(`${VIRTUAL_CODE}\n`);
        let said = "";
        child.stderr!.on("data", (data) => (said += String(data)));
        // What it says at last, once it can be reached.
        const last = json ? /}\n/ : /listening tcp:.*\n|Ctrl-C ends it|served until Ctrl-C/;
        await new Promise<void>((resolve) => {
          let heard = "";
          const hear = (data: Buffer) => {
            heard += data.toString();
            if (last.test(heard)) resolve();
          };
          child.stdout!.on("data", hear);
          child.stderr!.on("data", hear);
          child.once("exit", () => resolve());
        });
        child.kill(signal);
        const ended = child.exitCode ?? ((await once(child, "exit")) as [number | null])[0];
        assert.equal(ended, 0, said);
        assert.doesNotMatch(said, /Error|Interrupted/);
      });
});
