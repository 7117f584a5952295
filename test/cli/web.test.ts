/** `kincard web` as users start it: to whom it opens, what it tells, and that it ends. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lanAddresses } from "../../host/apps/page/server/addresses.js";
import { CLI, kincard } from "./support.js";
import { FULL, PART, some } from "../support/full.js";

describe("kincard web", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "kincard-web-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Its first output, and how it ended when it was told to. */
  async function start(args: string[]): Promise<{ text: string; exit: number | null }> {
    const env = { ...process.env, XDG_CONFIG_HOME: folder };
    const stdio = ["ignore", "pipe", "inherit"] as const;
    const child = spawn(process.execPath, [CLI, "web", ...args], { env, stdio: [...stdio] });
    const hung = setTimeout(() => child.kill("SIGKILL"), 50_000);
    let text = "";
    child.stdout.on("data", (data) => {
      text += String(data);
      if (!child.killed && /}\n|meanwhile\.\n|ends it\.\n/.test(text)) child.kill("SIGINT");
    });
    const exit = await new Promise<number | null>((resolve) => child.on("close", resolve));
    clearTimeout(hung);
    return { text, exit };
  }

  it("opens to other machines by --https only, and says to whom and by which certificate", async () => {
    const { text, exit } = await start(["--https", "--cards", "1", "--json"]);
    const told = JSON.parse(text) as { url: string; urls: string[]; fingerprint: string };
    assert.equal(exit, 0);
    const hosts = told.urls.map((url) => new URL(url).hostname);
    assert.deepEqual(hosts, [...lanAddresses(), "127.0.0.1", "localhost"]);
    assert.match(told.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    const file = join(folder, "kincard", "web-certificate.pem");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const people = await start(["--https", "--cards", "1"]);
    assert.ok(
      people.text.includes(told.fingerprint),
      "another certificate than at the first start",
    );
    assert.match(people.text, /Anybody in this network can .* use these virtual cards/);
    assert.match(people.text, /█▀▀|▄▄▄▄▄/, "there is no QR code");
  });

  it("makes no certificate and stays on this machine without it", async () => {
    rmSync(join(folder, "kincard"), { recursive: true, force: true });
    const { text } = await start(["--cards", "1", "--json"]);
    assert.match((JSON.parse(text) as { url: string }).url, /^http:\/\/127\.0\.0\.1:/);
    assert.ok(!existsSync(join(folder, "kincard")));
  });

  it(`refuses what would open it by accident${PART}`, async () => {
    const refused = async (words: RegExp, ...args: string[]) => {
      const { exit, stderr } = await kincard(["web", ...args]);
      assert.equal(exit, 2, stderr);
      assert.match(stderr, words);
    };
    const accidents = [
      [/needs --https/, "--host", "0.0.0.0"],
      [/need --https/, "--cert", "a", "--key", "b"],
      [/belong together/, "--https", "--cert", "a"],
      [/without a port/, "--https", "--host", "x:80"],
    ] as const;
    for (const [words, ...args] of some("accidents", accidents, 1)) await refused(words, ...args);
    if (!FULL) return;
    const missing = join(folder, "none");
    const { exit, stderr } = await kincard(["web", "--https", "--cert", missing, "--key", missing]);
    assert.equal(exit, 8, stderr);
  });
});
