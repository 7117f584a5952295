/**
 * docs/protocol.md suffices: a client in python3, written from the document alone with Debian's
 * packages, makes a wallet and backs it up on cards that `kincard virtual` keeps alive. Skipped
 * with a reason where python3-cryptography is missing, unless KINCARD_REQUIRE_PYTHON=1.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DEMO_MAKER_PRIVATE } from "../../firmware/build/demo-maker.js";
import { missingBundle } from "../support/boards.js";
import { VirtualProcess } from "../support/virtual-process.js";
import { missingPython, PYTHON } from "./own-card.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const CODE = "prüfung 1";
interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}
/** Runs the client; the access code goes in by standard input. */
function client(makerFile: string, uris: readonly string[], code = CODE): Promise<Run> {
  const script = join(HERE, "kincard_client.py");
  const child = spawn(PYTHON, ["-B", "-s", script, "--maker-key", makerFile, ...uris]);
  let out = "";
  let errors = "";
  child.stdout.on("data", (data: Buffer) => (out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  child.stdin.end(`${code}\n`);
  const limit = setTimeout(() => child.kill("SIGKILL"), 60_000);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(limit);
      resolve({ code: status, out, errors });
    });
  });
}

describe("python3 client, written from docs/protocol.md alone", function () {
  this.timeout(90_000);
  let folder: string;
  const running: VirtualProcess[] = [];

  before(function () {
    const reason = missingPython();
    if (reason && process.env.KINCARD_REQUIRE_PYTHON === "1") throw new Error(reason);
    const skip = reason ?? missingBundle();
    if (skip) {
      console.log(`    skipped: ${skip}`);
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "kincard-python-"));
    writeFileSync(join(folder, "maker"), `${DEMO_MAKER_PRIVATE}\n`);
    writeFileSync(join(folder, "stranger"), `${"5a".repeat(32)}\n`);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((card) => card.end()));
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** Blank cards, each in a process of its own, and the URIs where they listen. */
  function blankCards(count: number, name: string): Promise<string[]> {
    const flashes = Array.from({ length: count }, (_, i) => join(folder, `${name}-${i}.flash`));
    const start = async (flash: string) => {
      const card = await VirtualProcess.start(["--flash", flash, "--listen", "tcp:127.0.0.1:0"]);
      running.push(card);
      return card.uri("listening");
    };
    return Promise.all(flashes.map(start));
  }
  const maker = () => join(folder, "maker");

  for (const count of [2, 3]) {
    it(`makes a wallet and backs it up: ${count} cards`, async () => {
      const run = await client(maker(), await blankCards(count, `set-${count}`));
      assert.equal(run.code, 0, run.errors + run.out);
      const last = run.out.trim().split("\n").at(-1) ?? "";
      assert.match(last, new RegExp(`^ok: ${count} cards, `));
      assert.equal(run.out.match(/ledger, proof, keys and signatures verified/g)?.length, count);
      assert.ok(!run.out.includes(CODE), "the access code was printed");
      console.log(`      ${last}`);
    });
  }
  it("refuses cards of another maker before it gives them anything", async () => {
    const run = await client(join(folder, "stranger"), await blankCards(2, "stranger"));
    assert.equal(run.code, 1, run.out);
    assert.match(run.errors, /^failed: the request: the signature is not valid$/m);
    assert.equal(run.out, "");
  });
  it("refuses an access code that is too short before it touches a card", async () => {
    const cards = await blankCards(2, "short");
    const refused = await client(maker(), cards, "12345");
    assert.equal(refused.code, 1);
    assert.match(refused.errors, /6 to 32 bytes/);
    assert.equal((await client(maker(), cards)).code, 0, "the cards are still blank");
  });
  it("computes the vectors' ceremonies again, with OpenSSL", () => {
    const vectors = ["2", "3"].map((count) => join(HERE, `../vectors/ceremony-${count}.json`));
    const script = join(HERE, "check_vectors.py");
    const run = spawnSync(PYTHON, ["-B", "-s", script, ...vectors], { encoding: "utf8" });
    assert.equal(run.status, 0, run.stderr);
    const [, values] = /^ok: (\d+) values$/m.exec(run.stdout) ?? [];
    assert.ok(Number(values) > 200, `only ${values} values were compared`);
  });
  it("uses nothing but python3, python3-cryptography and its own files", () => {
    const standard =
      "argparse base64 binascii hashlib hmac json math os select socket sys time unicodedata";
    const allowed = [...standard.split(" "), "cryptography"];
    for (const file of readdirSync(HERE).filter((name) => name.endsWith(".py"))) {
      const text = readFileSync(join(HERE, file), "utf8");
      for (const [, name] of text.matchAll(/^\s*(?:import|from) +(\w+)/gm)) {
        const own = existsSync(join(HERE, `${name}.py`));
        assert.ok(own || allowed.includes(name ?? ""), `${file} imports ${name}`);
      }
    }
  });
});
