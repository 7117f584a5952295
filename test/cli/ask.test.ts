/**
 * Questions at a terminal and words before one: keys, terminals that can do little, and nothing of
 * a card's or a file's that steers them.
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { askLine, askYes } from "../../host/apps/cli/asking/ask.js";
import { qrLines } from "../../host/apps/cli/qr.js";
import { Output } from "../../host/apps/cli/output.js";
import { safe, safeJson } from "../../host/apps/terminal/safe.js";
import { columnsOf, cutTo, padTo } from "../../host/apps/terminal/width.js";
import { CLI } from "./support.js";

/** What is asked on a real terminal; answers by the words that come before them. */
async function onTerminal(
  command: string,
  env: NodeJS.ProcessEnv,
  answers: readonly (readonly [after: string, keys: string])[],
): Promise<{ code: number; shown: string }> {
  const child = spawn("script", ["-qec", command, "/dev/null"], { env });
  let shown = "";
  let at = 0;
  const left = [...answers];
  child.stdout.on("data", (data) => {
    shown += String(data);
    const [next] = left;
    const found = next ? shown.indexOf(next[0], at) : -1;
    if (!next || found < 0) return;
    at = found + next[0].length;
    left.shift();
    child.stdin.write(next[1]);
  });
  const code = await new Promise<number>((resolve) => child.on("close", resolve));
  assert.deepEqual(left, [], `never asked: ${shown}`);
  return { code, shown };
}

const streams = (keys: string) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end(keys);
  return { input, output, shown: () => String(output.read() ?? "") };
};

describe("cli: a question", function () {
  this.timeout(30_000);

  it("takes yes and no, CR and LF, and nothing for a no", async () => {
    for (const [keys, yes] of [
      ["y\n", true],
      ["YES\r", true],
      ["n\n", false],
      ["\r\n", false],
      ["perhaps\ny\n", true],
      ["perhaps\n", false],
      ["", false],
    ] as const)
      assert.equal(await askYes("Do it?", streams(keys)), yes, JSON.stringify(keys));
  });

  it("asks again for what can't be taken, and says why", async () => {
    const { shown, ...at } = streams("a\nbb\n");
    const check = (text: string) => (text.length === 2 ? undefined : "two letters, please.");
    assert.equal(await askLine("Which? ", { ...at, check }), "bb");
    assert.equal(shown(), "Which? Two letters, please.\nWhich? ");
  });

  it("shows nothing of a stranger's that steers the terminal", async () => {
    const { shown, ...at } = streams("n\n");
    await askYes("Erase \u001b[2Jx\u202ey\u009b1A?", at);
    assert.equal(shown(), "Erase ?[2Jx?y?1A? [y/N] ");
  });

  it("is asked in plain words with TERM=dumb, in the C locale, with FORCE_COLOR=false", async function () {
    const home = mkdtempSync(join(tmpdir(), "kincard-ask-"));
    const flash = join(home, "board.flash");
    const env = { ...process.env, TERM: "dumb", LC_ALL: "C", FORCE_COLOR: "false" };
    const board = spawn(process.execPath, [
      ...[CLI, "virtual", "--flash", flash, "--listen", "tcp:127.0.0.1:0", "--json"],
    ]);
    try {
      const { listening } = await new Promise<{ listening: string }>((resolve) =>
        board.stdout.once("data", (data) => resolve(JSON.parse(String(data)))),
      );
      const cli = `${process.execPath} ${CLI}`;
      const own = { ...env, XDG_CONFIG_HOME: home };
      const at = `--card ${listening}`;
      await onTerminal(`${cli} personalise ${at}`, own, []);
      const made = await onTerminal(`${cli} activate ${at} --check-labels`, own, [
        ["What does its label say?", "nonsense\r"],
        ["five groups", "\u0003"],
      ]);
      assert.equal(made.code, 7, made.shown);
      assert.match(made.shown, /You named no card/);
      // eslint-disable-next-line no-control-regex
      assert.doesNotMatch(made.shown, /\u001b|[^\u0000-\u007f]/, "a dumb terminal, C locale");
    } finally {
      board.kill();
      rmSync(home, { recursive: true, force: true });
    }
  });
});

describe("cli: words before a terminal", () => {
  const HOSTILE = "\u001b]0;x\u0007\u001b[8mhidden\r\u202eturned\u2028\u009b2J";

  it("have nothing in them that moves the cursor, hides or turns what follows", () => {
    assert.equal(safe(HOSTILE), "?]0;x??[8mhidden??turned??2J");
    assert.equal(safe("a\nb"), "a\nb");
    const qr = qrLines("9Q3K", true).join("\n");
    assert.equal(safe(qr), qr);
    assert.equal(
      safe("\u001b[31mred\u001b[39m \u001b[30mblack"),
      "\u001b[31mred\u001b[39m ?[30mblack",
    );
    const parsed = JSON.parse(safeJson(JSON.stringify({ name: HOSTILE }))) as { name: string };
    assert.equal(parsed.name, HOSTILE);
    assert.doesNotMatch(safeJson(JSON.stringify({ name: HOSTILE })), /[\p{Cc}\p{Cf}\u2028]/u);
  });

  it("go through that door whatever says them: a step, a warning, an error, a result", async () => {
    const said: string[] = [];
    const [error, out] = [process.stderr.write, process.stdout.write];
    const take = ((text: string, done?: () => void) => {
      said.push(text);
      done?.();
      return true;
    }) as typeof process.stdout.write;
    Object.assign(process.stderr, { write: take });
    Object.assign(process.stdout, { write: take });
    try {
      const plain = new Output(false);
      plain.say(HOSTILE);
      plain.warn(HOSTILE);
      plain.begin(HOSTILE, 900);
      plain.finish(HOSTILE, 1);
      await plain.result({ json: {}, text: [HOSTILE] });
      await new Output(true).result({ json: { HOSTILE }, text: [] });
    } finally {
      Object.assign(process.stderr, { write: error });
      Object.assign(process.stdout, { write: out });
    }
    assert.ok(said.length >= 6, said.join());
    const rest = said
      .join("")
      .replaceAll("\n", "")
      // eslint-disable-next-line no-control-regex
      .replace(/\u001b\[(1|2|22|33|39|32)m/g, "");
    assert.doesNotMatch(rest, /[\p{Cc}\p{Cf}\u2028]/u);
  });

  it("stand in columns, wide characters too", () => {
    assert.equal(columnsOf(padTo("日本", 6)), 6);
    assert.equal(padTo("日本", 6), "日本  ");
    assert.equal(cutTo("日本語", 5), "日本");
    assert.equal(cutTo("a👨‍👩‍👧b", 3), "a👨‍👩‍👧");
  });
});

describe("cli: the sources", () => {
  it("write to the terminal by that door alone", () => {
    const text = readFileSync(new URL("../../host/apps/cli/output.ts", import.meta.url), "utf8");
    const raw = [...text.matchAll(/writeWords\((.*)\);/g)].map(([, what = ""]) => what);
    for (const what of raw) assert.match(what, /safe\(|cut|"\\r\\x1b\[2K"/, what);
  });
});
