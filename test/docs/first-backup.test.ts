/**
 * docs/first-backup.md, as its reader types it: every block of it in one shell, on ports of its own
 * so that a reader's boards are left alone.
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { needsBundle } from "../host/support.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const GUIDE = readFileSync(join(ROOT, "docs/first-backup.md"), "utf8");
const CLI = join(ROOT, "host/apps/cli/bin/kincard.mjs");

const blocks = [...GUIDE.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, text]) => text ?? "");

/** Where a command fails, no board outlives the test. */
const ENDING = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT";

/** Ports that nobody has now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** The guide's own commands, with what its prose asks of a reader in between. */
function script(ports: readonly number[]): string {
  const [, ...rest] = blocks;
  const wait =
    'for port in 7001 7002 7003; do until node -e \'require("net").connect(process.argv[1],"127.0.0.1")' +
    '.on("connect",()=>process.exit(0)).on("error",()=>process.exit(1))\' $port; do sleep 0.1; done; done';
  const boards = (blocks[0] ?? "").replace("npm run build\n", "");
  const text = ["set -e -m", ENDING, boards, wait, ...rest].join("\n");
  const named = [7001, 7002, 7003, 7101].reduce(
    (all, port, index) => all.replaceAll(String(port), String(ports[index])),
    text,
  );
  return named.replaceAll("npx kincard", `"${process.execPath}" "${CLI}"`);
}

describe("docs/first-backup.md", function () {
  this.timeout(120_000);
  needsBundle(this);

  it("goes from blank boards to three cards that sign alike, word by word", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kincard-guide-"));
    try {
      const shell = spawn("bash", ["-c", script(await freePorts(4))], {
        cwd: folder,
        env: { ...process.env, XDG_CONFIG_HOME: join(folder, "config"), NO_COLOR: "1" },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let said = "";
      shell.stdout.on("data", (data) => (said += String(data)));
      shell.stderr.on("data", (data) => (said += String(data)));
      const exit = await new Promise((resolve) => shell.on("close", resolve));
      assert.equal(exit, 0, said.slice(-2000));
      assert.match(said, /the backup is done/);
      assert.match(said, /signature +[0-9a-f]{128}/);
      assert.match(said, /learned/);
      assert.match(said, /^refused$/m);
      assert.match(said, /"power":"on"/);
      assert.match(said, /EMPTY\nOther cards of its set still hold their keys/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
