/**
 * The table of cases and its twins are whole: nothing misspelt, no mutant without a word about it.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { MUTANTS } from "../mutants/list.js";
import { type Case, CASES, describe as words, kindOf, rulesTaken } from "./cases.js";
import { DOCUMENT, fill } from "./docs.js";
import { modelFile } from "./engines.js";
import { namesAsked } from "./preprocess.js";
import { TWINS } from "./twins.js";

const WANTS: Readonly<Record<Case["engine"], RegExp>> = {
  spin: /^(0|1 \w+)$/,
  maude: /^(none|found)$/,
  proverif: /^(true|false|broken)( (true|false))*$/,
};

/** What a .pml asks the C preprocessor for. */
function namesInPml(text: string): Set<string> {
  const defined = [...text.matchAll(/defined\((\w+)\)/g)].map(([, name = ""]) => name);
  return new Set([...namesAsked(text.replaceAll(/ *\/\*.*?\*\//g, "")), ...defined]);
}

describe("the cases of the models", () => {
  it("expect what their checker can answer", () => {
    for (const item of CASES) assert.match(item.want, WANTS[item.engine], words(item));
  });

  it("are each there once", () => {
    const keys = CASES.map(({ engine, model, claim, defines }) =>
      [engine, model, claim, ...defines].join(" "),
    );
    const twice = keys.filter((key, i) => keys.indexOf(key) !== i);
    assert.deepEqual(twice, []);
  });

  it("define only what their model asks for", () => {
    for (const item of CASES) {
      const text = readFileSync(modelFile(item), "utf8");
      const asked = item.engine === "spin" ? namesInPml(text) : namesAsked(text);
      const lost = item.defines.filter((name) => !asked.has(name.replace(/=.*/, "")));
      assert.deepEqual(lost, [], `${words(item)}: the model never asks for these`);
    }
  });

  it("break a claim that the Maude model knows", () => {
    for (const item of CASES.filter(({ claim }) => claim)) {
      const text = readFileSync(modelFile(item), "utf8");
      assert.ok(text.includes(`broken(${item.claim},`), `${words(item)}: no such claim`);
    }
  });

  it("break every claim of the Maude model by some mutant", () => {
    const text = readFileSync(modelFile({ engine: "maude", model: "backup" }), "utf8");
    const claims = /ops ([^:]+) : -> Claim/.exec(text)?.[1]?.split(" ") ?? [];
    const broken = CASES.filter((item) => kindOf(item) === "mutant").map(({ claim }) => claim);
    const never = claims.filter((claim) => claim !== "sane" && !broken.includes(claim));
    assert.ok(claims.length > 1);
    assert.deepEqual(never, [], "no mutant shows that these can break");
  });

  it("take a rule away exactly where their title says so", () => {
    for (const item of CASES) {
      const kind = kindOf(item);
      const rules = rulesTaken(item);
      const altered = kind === "mutant" || kind === "redundant";
      assert.equal(rules.length > 0, altered, `${words(item)}: ${kind}, without [${rules}]`);
    }
  });

  it("find an attack in every mutant and none in a claim", () => {
    for (const item of CASES) {
      const attack = /^(1 |found)|false|broken/.test(item.want);
      const kind = kindOf(item);
      const expected = kind !== "claim" && kind !== "redundant";
      assert.equal(attack, expected, `${words(item)}: ${item.want}`);
    }
  });
});

describe("the twins of the models' mutants", () => {
  const key = (model: string, rule: string) => `${model} ${rule}`;
  const taken = new Set(
    CASES.flatMap((item) => rulesTaken(item).map((rule) => key(item.model, rule))),
  );

  it("are named for every rule that a case takes away, and for no other, once", () => {
    const named = TWINS.map(({ model, rule }) => key(model, rule));
    assert.deepEqual([...named].sort(), [...taken].sort());
  });

  it("exist among the planted bugs, or say why not", () => {
    const bugs = new Set(MUTANTS.map(({ bug }) => bug));
    for (const { model, rule, bug, why } of TWINS) {
      assert.ok((bug === undefined) !== (why === undefined), `${model} ${rule}: a bug or a reason`);
      if (bug) assert.ok(bugs.has(bug), `${model} ${rule}: no planted bug is called "${bug}"`);
    }
  });
});

describe("docs/proofs.md", () => {
  it("has the tables of cases and twins as they are (npm run prove -- --docs)", () => {
    const text = readFileSync(DOCUMENT, "utf8");
    assert.equal(fill(text), text);
  });
});
