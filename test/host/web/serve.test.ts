/** The page's server without TLS: whatever happens to its files, it goes on. */

import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import type { Lit } from "../../../host/emulator/board/virtual-options.js";
import { until } from "../../support/until.js";
import { fromRoot } from "../../../firmware/build/paths.js";
import { servePage, type Served, type Wired } from "../../../host/apps/page/server/serve.js";

function askAs(port: number, host: string): Promise<{ status?: number; body: string }> {
  return new Promise((resolve, reject) => {
    get({ port, host: "127.0.0.1", headers: { host } }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (part: string) => (body += part));
      response.on("end", () => resolve({ status: response.statusCode, body }));
    }).on("error", reject);
  });
}

describe("the page's server", () => {
  let served: Served;
  const root = mkdtempSync(join(tmpdir(), "kincard-serve-"));
  const folder = join(root, "web");

  before(async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "page.js"), "1");
    served = await servePage({ folder, boards: [], maker: "02", demo: true });
  });
  after(async () => {
    await served.close();
    rmSync(root, { recursive: true });
  });

  const status = async (path: string) => (await fetch(served.url + path)).status;

  it("goes on when its folder is gone for a while", async () => {
    renameSync(folder, `${folder}.old`);
    assert.equal(await status("page.js"), 404);
    renameSync(`${folder}.old`, folder);
    assert.equal(await status("page.js"), 200);
  });

  it("lets no other page frame it, and lets it talk to nobody else", async () => {
    for (const path of ["page.js", "missing.js"]) {
      const { headers } = await fetch(served.url + path);
      const policy = headers.get("content-security-policy") ?? "";
      assert.match(policy, /frame-ancestors 'none'/, path);
      assert.match(policy, /connect-src 'self'(;|$)/, path);
    }
    const page = readFileSync(fromRoot("host/apps/page/static/index.html"), "utf8");
    const [, own = ""] = /connect-src ([^;"]*)/.exec(page) ?? [];
    assert.equal(own, "'self'", "no scheme may stand there: it stands for all the world");
  });

  it("says why it refuses behind a forwarded port, and what to forward", async () => {
    const { port } = new URL(served.url);
    const { status, body } = await askAs(Number(port), "127.0.0.1:3000\u009b2J");
    assert.equal(status, 421);
    assert.match(body, new RegExp(`served as 127.0.0.1:${port} and localhost:${port}; `));
    assert.match(body, /asked for 127.0.0.1:3000\?2J\./);
    assert.ok(body.includes(`ssh -L ${port}:127.0.0.1:${port}`), body);
  });

  it("tells the page of each change of a board's lights, in order, and of the last at once", async () => {
    const listeners = new Set<(lit: Lit) => void>();
    const board: Wired = {
      send: () => undefined,
      onData: () => () => undefined,
      onLit: (listener) => (listeners.add(listener), () => void listeners.delete(listener)),
    };
    const boards = [{ name: "Card A", label: "A", board }];
    const here = await servePage({ folder, boards, maker: "02", demo: true });
    const origin = here.url.slice(0, -1);
    const shine = (red: boolean, seconds: number) => {
      for (const listener of listeners) listener({ leds: { LED1: red, LED3: true }, seconds });
    };
    try {
      shine(false, 1);
      const said: string[] = [];
      const page = new WebSocket(`${here.url.replace("http", "ws")}board/1`, { origin });
      page.on("message", (data) => said.push(String(data)));
      await until("the lights as they are", 10_000, () => said.length === 1);
      // all at one moment here, as on a busy machine
      for (const at of [2, 2.2, 2.4]) shine(at === 2.2, at);
      await until("every change", 10_000, () => said.length === 4);
      page.terminate();
      assert.deepEqual(said, [
        "lights 001 1000",
        "lights 001 2000",
        "lights 101 2200",
        "lights 001 2400",
      ]);
    } finally {
      await here.close();
    }
  });

  it("goes on when a file can't be read", async function () {
    if (process.platform !== "linux") this.skip();
    // A regular file whose first byte nobody gets.
    symlinkSync("/proc/self/mem", join(folder, "broken.js"));
    assert.equal(await status("broken.js"), 404);
    assert.equal(await status("page.js"), 200);
  });
});
