/** The runner itself: what it takes from a checker's words, and that a wrong expectation fails. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSummary } from "../../host/apps/terminal/counts.js";
import { type Case, CASES } from "./cases.js";
import { maudeResult, meets, NEEDS, proverifResult, spinResult } from "./engines.js";
import { preprocess } from "./preprocess.js";
import { chosen, proveAll } from "./prove.js";
import { findTools, type Places } from "./tools.js";
import { FULL, inFull } from "../support/full.js";

const places = findTools(process.env);
const required = process.env.KINCARD_REQUIRE_MODELS === "1";

/** Skips a test whose checker is not installed; not where it must be. */
function need(test: Mocha.Context, engine: Case["engine"]): void {
  const missing = NEEDS[engine].find((tool) => !places[tool]);
  if (!missing) return;
  assert.ok(!required, `KINCARD_REQUIRE_MODELS is set and there is no ${missing}`);
  test.skip();
}
function only(cases: readonly Case[]): Case {
  assert.equal(cases.length, 1);
  return cases[0] as Case;
}
async function proved(
  item: Case,
  settings: { places?: Places; required?: boolean; show?: boolean } = {},
) {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const all = { places, required: false, limit: 120_000, print, ...settings };
  const counts = await proveAll([item], all);
  return { counts, lines, first: lines[0] ?? "" };
}

describe("the results of the model checkers", () => {
  it("of Spin are its errors, with the assertion's name", () => {
    assert.equal(spinResult("State-vector 84 byte, depth reached 201, errors: 0"), "0");
    const broken = "pan:1: assertion violated ((I4_copies||(cnt<=(n-1)))) (at depth 3)\nerrors: 1";
    assert.equal(spinResult(broken), "1 I4_copies");
  });
  it("of Spin are none when the search did not end", () => {
    for (const text of ["", "error: max search depth too small\nerrors: 0", "out of memory"]) {
      assert.match(spinResult(text), /^incomplete/);
    }
  });
  it("of Maude are whether there is a solution", () => {
    assert.equal(maudeResult("\nNo solution.\nstates: 3  rewrites: 9\n"), "none");
    assert.equal(maudeResult("\nSolution 1 (state 40)\nR --> x\n"), "found");
  });
  it("of Maude are none when it warns of the model, or says nothing", () => {
    const warned = 'Warning: "m.maude", line 3: bad token\nNo solution.\n';
    assert.match(maudeResult(warned), /^incomplete: Warning: .*line 3/);
    assert.match(maudeResult(""), /^incomplete/);
  });
  it("of ProVerif are one word a query, its remarks left out", () => {
    const text = [
      "RESULT not attacker(code[]) is true.",
      "RESULT (query with phases) is true.",
      "RESULT inj-event(A) ==> inj-event(B) is false.",
      "RESULT Weak secret code cannot be proved.",
    ].join("\n");
    assert.equal(proverifResult(text, false), "true false broken");
    assert.equal(proverifResult(text, true), "true");
    assert.match(proverifResult("Error: syntax", false), /^incomplete/);
  });
  it("meet an expectation word by word; broken is met by false", () => {
    assert.ok(meets("true false", "true false"));
    assert.ok(meets("broken", "false") && meets("broken", "broken"));
    for (const [want, got] of [
      ["true", "true true"],
      ["false", "broken"],
      ["broken", "true"],
      ["0", "1 I4_copies"],
      ["1 I4_copies", "1 I5_slot"],
      ["0", "incomplete: no result"],
    ] as const)
      assert.ok(!meets(want, got), `"${got}" met "${want}"`);
  });
});

describe("the models' preprocessor", () => {
  const text = ["#ifdef A", "a", "#ifndef B", "not b", "#else", "b", "#endif", "#else", "no a"]
    .concat("#endif", "always")
    .join("\n");
  it("keeps the lines that the definitions leave", () => {
    assert.equal(preprocess(text, ["A"]), "a\nnot b\nalways");
    assert.equal(preprocess(text, ["A", "B"]), "a\nb\nalways");
    assert.equal(preprocess(text, ["B"]), "no a\nalways");
  });
  it("refuses directives that do not pair, with the line", () => {
    for (const [bad, says] of [
      ["#ifdef A\n", /1 #ifdef without #endif/],
      ["x\n#else", /line 2: #else/],
      ["#endif", /line 1: #endif/],
      ["#ifdef A\n#else\n#else\n#endif", /line 3: a second #else/],
      ["#if A\n#endif", /line 1: #if is not known/],
      ["#ifdef\n#endif", /line 1: #ifdef names nothing/],
    ] as const)
      assert.throws(() => preprocess(bad, []), says);
  });
});

describe("npm run prove", () => {
  const firstTry = only(chosen(CASES, ["tries", "M_CHECK_FIRST"]));
  const honest = only(chosen(CASES, ["maude", "honest run to the confirmed slot"]));

  it("takes the cases that contain every word", () => {
    assert.ok(chosen(CASES, []).length === CASES.length);
    assert.ok(chosen(CASES, ["maude", "mutant"]).every(({ engine }) => engine === "maude"));
    assert.deepEqual(chosen(CASES, ["maude", "M_CHECK_FIRST"]), []);
  });
  it("passes a Spin case that says what was expected, and fails it when another is", async function () {
    need(this, "spin");
    this.timeout(120_000);
    const right = await proved(firstTry);
    assert.deepEqual(right.counts, { passed: 1, failed: 0, skipped: 0 }, right.first);
    const wrong = await proved({ ...firstTry, want: "0" });
    assert.deepEqual(wrong.counts, { passed: 0, failed: 1, skipped: 0 });
    assert.match(wrong.first, /^1\/1 DIFFERS .*got 1 I8, expected 0$/);
    if (!FULL) return;
    const other = await proved({ ...firstTry, want: "1 I8_delay" });
    assert.match(other.first, /got 1 I8, expected 1 I8_delay$/);
  });
  it("passes a Maude case that says what was expected, and fails it when another is", async function () {
    need(this, "maude");
    this.timeout(120_000);
    const right = await proved(honest);
    assert.deepEqual(right.counts, { passed: 1, failed: 0, skipped: 0 }, right.first);
    const wrong = await proved({ ...honest, want: "none" });
    assert.match(wrong.first, /DIFFERS .*got found, expected none$/);
    const misspelt = await proved({ ...honest, claim: "sain" });
    assert.match(misspelt.first, /DIFFERS .*incomplete/);
  });
  inFull(
    "shows how an attack comes about: the replayed OFFER, by both checkers",
    async function () {
      need(this, "spin");
      need(this, "maude");
      this.timeout(120_000);
      const steps = async (...words: string[]) => {
        const { lines } = await proved(only(chosen(CASES, words)), { show: true });
        return lines.slice(1, -1).map((line) => line.trim());
      };
      const path = ["name", "drop", "name", "seal", "seal", "accept"];
      assert.deepEqual(await steps("maude", "stuck NO_COUNTER", "not checked"), path);
      const told = await steps("spin", "STUCK M_NO_COUNTER");
      assert.match(told.at(-1) ?? "", /^D1 takes TRANSFER \d, told life 1$/);
      assert.ok(told.filter((step) => step.startsWith("S seals TRANSFER")).length > 1);
    },
  );
  it("says that a case ran out of time", async function () {
    need(this, "maude");
    const lines: string[] = [];
    const print = (line: string) => lines.push(line);
    await proveAll([honest], { places, required: false, limit: 1, print });
    assert.match(lines[0] ?? "", /DIFFERS .*incomplete: out of time/);
  });
  it("skips by name what has no checker, and fails where a package would bring it", async () => {
    const skipped = await proved(honest, { places: {} });
    assert.deepEqual(skipped.counts, { passed: 0, failed: 0, skipped: 1 });
    assert.match(skipped.first, /^1\/1 skipped .*maude backup sane .*: no maude$/);
    const failed = await proved(honest, { places: {}, required: true });
    assert.deepEqual(failed.counts, { passed: 0, failed: 1, skipped: 0 });
    const unpackaged = chosen(CASES, ["proverif"])[0] as Case;
    const never = await proved(unpackaged, { places: {}, required: true });
    assert.deepEqual(never.counts, { passed: 0, failed: 0, skipped: 1 });
    assert.deepEqual(never.lines.slice(-2), [
      "skipped: no proverif",
      "0 passed, 0 failed, 1 skipped",
    ]);
  });
  it("takes ProVerif from PROVERIF, and refuses a name that is no program", () => {
    const folder = mkdtempSync(join(tmpdir(), "kincard-tools-"));
    try {
      const program = join(folder, "pv");
      writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
      assert.equal(findTools({ PATH: "", PROVERIF: program }).proverif, program);
      assert.throws(() => findTools({ PROVERIF: join(folder, "none") }), /no such program/);
      assert.deepEqual(findTools({ PATH: folder }), {});
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  it("ends with the line that npm test reads, and with status 1 for words that find nothing", function () {
    this.timeout(60_000);
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const prove = (...words: string[]) =>
      spawnSync(
        process.execPath,
        ["--import", "./host/tools/build/typescript.mjs", "test/model/run.ts", ...words],
        {
          cwd: root,
          env: { ...process.env, PATH: "/nowhere", PROVERIF: "", KINCARD_REQUIRE_MODELS: "" },
          encoding: "utf8",
        },
      );
    const some = prove("tries");
    assert.deepEqual(parseSummary(some.stdout), { passed: 0, failed: 0, skipped: 3 });
    assert.equal(some.status, 0, some.stderr);
    const nothing = prove("no-such-word");
    assert.equal(nothing.status, 1);
    assert.match(nothing.stderr, /no case contains "no-such-word"/);
    assert.match(prove("--trace").stderr, /--trace is not known: there are --docs and --show/);
    const must = spawnSync(
      process.execPath,
      ["--import", "./host/tools/build/typescript.mjs", "test/model/run.ts", "tries"],
      {
        cwd: root,
        env: { PATH: "/nowhere", KINCARD_REQUIRE_MODELS: "1" },
        encoding: "utf8",
      },
    );
    assert.equal(must.status, 1, must.stderr);
    assert.deepEqual(parseSummary(must.stdout), { passed: 0, failed: 3, skipped: 0 });
  });
});
