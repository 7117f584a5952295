/**
 * The run file: whole or absent, public bytes only, refused with a sentence when damaged.
 */

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatRun, memoryRun, parseRun, type Run } from "../../../host/sdk/relay/run/run.js";
import { runFile } from "../../../host/sdk/relay/run/file.js";

const fill = (size: number, value: number) => new Uint8Array(size).fill(value);
const RUN: Run = {
  maker: fill(33, 2),
  setSize: 3,
  source: { id: fill(16, 1), setId: fill(16, 2), publicKey: fill(33, 3) },
  copies: [
    {
      ...{ id: fill(16, 4), offer: fill(239, 5), offered: "2026-01-02T03:04:05.000Z" },
      ...{ transfer: fill(366, 6), receipt: fill(32, 7) },
    },
    undefined,
  ],
  doing: "ACCEPT 2",
};

describe("run", () => {
  it("comes back as it was written", () => {
    assert.deepEqual(parseRun(formatRun(RUN)), RUN);
    const bare: Run = { maker: fill(33, 2), setSize: 2, copies: [] };
    assert.deepEqual(parseRun(formatRun(bare)), bare);
    const sparse: Run = { maker: fill(33, 2), setSize: 3, copies: [] };
    sparse.copies[1] = { id: fill(16, 4) };
    assert.deepEqual(parseRun(formatRun(sparse)).copies, [undefined, { id: fill(16, 4) }]);
    sparse.copies[1] = { id: fill(16, 4), holdsKey: true };
    assert.deepEqual(parseRun(formatRun(sparse)), {
      ...sparse,
      copies: [undefined, sparse.copies[1]],
    });
  });

  const text = formatRun(RUN);
  const bad: [string, string][] = [
    ["nothing", ""],
    ["half a file", text.slice(0, 300)],
    ["something else", '{"kincard":"maker","version":1}'],
    ["another version", text.replace('"version": 1', '"version": 2')],
    ["a set of four", text.replace('"setSize": 3', '"setSize": 4')],
    ["more copies than the set has", text.replace('"setSize": 3', '"setSize": 2')],
    ["a short offer", text.replace("0505", "05")],
    ["a time that is none", text.replace("2026-01", "2026-13")],
    ["letters that are no hex", text.replace("0606", "06zz")],
    ["a null", "null"],
  ];
  for (const [what, content] of bad) {
    it(`with ${what} is refused`, () =>
      assert.throws(() => parseRun(content), { code: "run/content" }));
  }

  it("in memory is a copy each time", async () => {
    const store = memoryRun();
    assert.equal(await store.load(), undefined);
    await store.save(RUN);
    assert.deepEqual(await store.load(), RUN);
    await store.clear();
    assert.equal(await store.load(), undefined);
  });
});

describe("run file", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "kincard-run-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is absent, then whole, for its owner alone, then gone", async () => {
    const path = join(folder, "run.json");
    const store = runFile(path);
    assert.equal(await store.load(), undefined);
    await store.save(RUN);
    assert.deepEqual(await store.load(), RUN);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(folder), ["run.json"]);
    await store.clear();
    await store.clear();
    assert.deepEqual(await readdir(folder), []);
  });

  it("that is damaged is not touched, and the cards suffice", async () => {
    const path = join(folder, "run.json");
    await writeFile(path, "{");
    await assert.rejects(runFile(path).load(), { code: "run/damaged" });
    assert.equal(await readFile(path, "utf8"), "{");
  });

  it("that can't be written says so", async () => {
    const store = runFile(join(folder, "no", "run.json"));
    await assert.rejects(store.save(RUN), /can't be written/);
  });
});
