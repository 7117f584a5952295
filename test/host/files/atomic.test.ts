/**
 * What writing a file whole does with links, devices, long names, and file systems without links.
 */
import { strict as assert } from "node:assert";
import fs, { lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { mkdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  appendLine,
  assertAppendable,
  assertWritable,
  createAtomic,
  NotAFileError,
  writeAtomic,
} from "../../../host/sdk/files/atomic.js";

describe("writing a file whole", () => {
  let folder = "";
  const at = (name: string) => join(folder, name);
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "kincard-atomic-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("writes through a symbolic link, and leaves the link a link", async () => {
    mkdirSync(at("there"));
    writeFileSync(at("there/file"), "old");
    symlinkSync("there/file", at("link"));
    await writeAtomic(at("link"), "new");
    assert.equal(readlinkSync(at("link")), "there/file");
    assert.equal(readFileSync(at("there/file"), "utf8"), "new");
  });
  it("makes the file that a dangling link names", async () => {
    symlinkSync("later", at("link"));
    await writeAtomic(at("link"), "new");
    assert.equal(readFileSync(at("later"), "utf8"), "new");
    assert.ok(lstatSync(at("link")).isSymbolicLink());
  });
  it("refuses a folder, a device, and a circle of links, and leaves them as they are", async () => {
    mkdirSync(at("folder"));
    symlinkSync("b", at("a"));
    symlinkSync("a", at("b"));
    // a link to the device: were it replaced, only the link would be lost
    symlinkSync("/dev/null", at("null"));
    for (const name of ["folder", "a", "null"]) {
      await assert.rejects(writeAtomic(at(name), "x"), NotAFileError, name);
      await assert.rejects(appendLine(at(name), "x"), NotAFileError, name);
    }
    assert.ok(lstatSync("/dev/null").isCharacterDevice());
    assert.deepEqual(readdirSync(folder).sort(), ["a", "b", "folder", "null"]);
  });
  it("tells before whether a file can be written, and leaves no trace", async () => {
    mkdirSync(at("folder"));
    writeFileSync(at("file"), "old");
    for (const can of [assertWritable, assertAppendable]) {
      for (const name of ["folder", "none/file", "n".repeat(256)])
        await assert.rejects(can(at(name)), can.name);
      for (const name of ["file", "new", "n".repeat(255)]) await can(at(name));
    }
    assert.deepEqual(readdirSync(folder), ["file", "folder"]);
    assert.equal(readFileSync(at("file"), "utf8"), "old");
  });
  it("takes a name as long as names can be", async () => {
    const name = "n".repeat(255);
    await writeAtomic(at(name), "x");
    assert.deepEqual(readdirSync(folder), [name]);
  });
  for (const code of ["EPERM", "ENOTSUP", "ENOSYS"])
    it(`makes a new file where hard links are refused with ${code}, and only one`, async () => {
      const { link } = fs.promises;
      fs.promises.link = () => Promise.reject(Object.assign(new Error(code), { code }));
      syncBuiltinESMExports();
      try {
        assert.equal(await createAtomic(at("new"), "text"), true);
        assert.equal(await createAtomic(at("new"), "other"), false);
      } finally {
        fs.promises.link = link;
        syncBuiltinESMExports();
      }
      assert.equal(readFileSync(at("new"), "utf8"), "text");
      assert.deepEqual(readdirSync(folder), ["new"]);
    });
});
