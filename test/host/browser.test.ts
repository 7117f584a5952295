/**
 * host/sdk/core.ts is for browsers too: nothing that it reaches may need Node, and nothing of it
 * may come from the firmware.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PACKAGES = /^@noble\/(curves|ciphers|hashes)\/|^@scure\/(base|bip32)$/;

/** Every file that this one reaches, and the packages they import. */
function reach(entry: string): { files: Set<string>; packages: Map<string, string> } {
  const files = new Set<string>();
  const packages = new Map<string, string>();
  const queue = [join(ROOT, entry)];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const { fileName } of ts.preProcessFile(readFileSync(file, "utf8")).importedFiles) {
      if (!fileName.startsWith(".")) packages.set(fileName, relative(ROOT, file));
      else queue.push(join(dirname(file), fileName.replace(/\.js$/, ".ts")));
    }
  }
  return { files, packages };
}

describe("host/sdk/core.ts", () => {
  const { files, packages } = reach("host/sdk/core.ts");

  it("reaches no package but @noble's and @scure's", () => {
    assert.ok(packages.size > 3, "the test found no imports");
    for (const [name, file] of packages) assert.match(name, PACKAGES, `imported by ${file}`);
  });
  it("reaches no file outside host/", () => {
    assert.ok(files.size > 40);
    for (const file of files) assert.match(relative(ROOT, file), /^host\//);
  });
  it("uses no Buffer, process or require", () => {
    for (const file of files) {
      const text = readFileSync(file, "utf8").replace(/\/\*[^]*?\*\/|\/\/.*$/gm, "");
      assert.doesNotMatch(text, /\b(Buffer|process|require|__dirname)\b[.(]/, file);
    }
  });
});
