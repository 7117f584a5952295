/**
 * Codes typed at a prompt without echo: what keys do to them, by streams and on a real terminal.
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { readHidden } from "../../host/apps/cli/asking/hidden-line.js";
import { hasColours } from "../../host/apps/terminal/style.js";
import { parseJson } from "../../host/sdk/crypto/text.js";
import { CLI } from "./support.js";

const LEFT = "\u001b[D";
const RIGHT = "\u001b[C";
const [HOME, END, UP, F5, PAGE] = ["\u001b[H", "\u001b[F", "\u001b[A", "\u001b[15~", "\u001b[5~"];

function typed(keys: string): { answer: Promise<string | undefined>; shown: () => string } {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = "";
  output.on("data", (data) => (shown += String(data)));
  const answer = readHidden("Access code", { input, output });
  input.write(keys);
  return { answer, shown: () => shown };
}

describe("cli: a hidden prompt", function () {
  this.timeout(30_000);

  const cases: readonly [name: string, keys: string, answer: string | undefined][] = [
    ["CR ends it", "abc\r", "abc"],
    ["LF ends it as CR does", "abc\n", "abc"],
    [
      "cursor keys move and leave nothing",
      `bd${LEFT}c${LEFT}${LEFT}a${RIGHT}${RIGHT}${RIGHT}e\r`,
      "abcde",
    ],
    ["Home and End move", `bc${HOME}a${END}d\r`, "abcd"],
    ["what else a key sends is no text", `a${UP}b${F5}${PAGE}c\t\r`, "abc"],
    ["backspace takes one character as it is seen", "ae\u0301\u007fb👨‍👩‍👧\u007f\r", "ab"],
    ["Delete takes the next one", `abc${HOME}\u001b[3~\r`, "bc"],
    ["Ctrl-U takes all", "wrong\u0015right\r", "right"],
    ["Ctrl-C stops", "abc\u0003", undefined],
    ["Ctrl-D stops", "abc\u0004", undefined],
  ];
  for (const [name, keys, answer] of cases) {
    it(name, async () => {
      const { answer: given, shown } = typed(keys);
      assert.equal(await given, answer);
      assert.equal(shown(), "Access code: \n", "nothing of it is shown");
    });
  }

  it("asks on a real terminal, with TERM=dumb in the C locale, in words alone", async function () {
    const folder = mkdtempSync(join(tmpdir(), "kincard-prompt-"));
    try {
      const ask = `${process.execPath} ${CLI} maker init --maker ${join(folder, "m")}`;
      const env = { ...process.env, TERM: "dumb", LC_ALL: "C", NO_COLOR: "1" };
      const child = spawn("script", ["-qec", ask, "/dev/null"], { env });
      child.on("error", () => undefined);
      let shown = "";
      let look = () => undefined as void;
      child.stdout.on("data", (data) => {
        shown += String(data);
        look();
      });
      const until = (text: string) =>
        new Promise<void>((resolve, reject) => {
          look = () => {
            if (shown.includes(text)) resolve();
          };
          child.on("close", () => reject(new Error(`never "${text}": ${shown}`)));
          look();
        });
      await until("New passphrase for the maker");
      child.stdin.write("short\r");
      await until("at least 8 characters");
      child.stdin.write(`assphrase${HOME}p\n`);
      await until("once more");
      const closed = new Promise((resolve) => child.on("close", resolve));
      child.stdin.write("passphrase\r");
      assert.equal(await closed, 0, shown);
      assert.match(shown, /public key/);
      assert.doesNotMatch(shown, /assphrase\^|assphrase\r?\n|short/, "it was echoed");
      // eslint-disable-next-line no-control-regex
      assert.doesNotMatch(shown, /\u001b|[^\u0000-\u007f]/, "a dumb terminal, C locale");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("is not the only reader of what surrounds it: FORCE_COLOR=false, a byte order mark", () => {
    const stream = { isTTY: true, hasColors: () => true } as unknown as NodeJS.WriteStream;
    for (const no of ["false", "0", "no"]) assert.ok(!hasColours(stream, { FORCE_COLOR: no }), no);
    for (const yes of ["", "1", "true", "3"])
      assert.ok(hasColours(stream, { FORCE_COLOR: yes }), yes);
    assert.deepEqual(parseJson('\ufeff{"a":1}'), { a: 1 });
  });
});
