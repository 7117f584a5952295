/**
 * The committed vectors are what the generator makes now, keep to their schemas, and each says
 * something: no input twice, no refusal of the message that is meant to be taken.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS, STATUS_WORDS } from "../../firmware/wire/table.js";
import { SITUATIONS } from "./cases/index.js";
import { BAD_POINTS, BAD_SIGNATURES } from "./cases/forge.js";
import { FLAGS } from "./cases/types.js";
import { FOLDER, SEED, generate } from "./generate.js";
import { violations, type Schema } from "./schema.js";
import { VECTORS } from "./version.js";
import { Source, ecdsa, isPoint } from "./suite.js";

interface Group {
  situation: string;
  tests: { comment: string; command: string; header?: string; data?: string; apdu?: string }[];
}
interface File {
  version: number;
  schema: string;
  numberOfTests?: number;
  testGroups?: Group[];
}
const read = (name: string) => readFileSync(join(FOLDER, name), "utf8");
const LARGEST = 300_000;

describe(`test vectors (seed "${SEED}")`, () => {
  const generated = generate();
  it("have a version, which rises by one when they say something else", () => {
    const next = generate({ ...VECTORS, digest: "another" });
    assert.ok(VECTORS.version > 0);
    assert.match(next.get("version.ts")!, new RegExp(`version: ${VECTORS.version + 1} `));
    for (const [name, text] of next)
      if (name.endsWith(".json"))
        assert.equal((JSON.parse(text) as File).version, VECTORS.version + 1, name);
  });
  it("version.ts is what the generator makes", () => {
    assert.equal(read("version.ts"), generated.get("version.ts"), "run `npm run vectors`");
  });
  for (const [name, text] of generated) {
    if (!name.endsWith(".json")) continue;
    describe(name, () => {
      const committed = read(name);
      const json = JSON.parse(committed) as File;
      it("is what the generator makes", () => {
        assert.ok(committed === text, "run `npm run vectors`");
      });
      it("keeps to its schema", () => {
        const schema = JSON.parse(read(json.schema)) as Schema;
        assert.deepEqual(violations(schema, json).slice(0, 5), []);
      });
      it("a missing, a malformed and an unforeseen field would be noticed", () => {
        const schema = JSON.parse(read(json.schema)) as Schema;
        assert.match(violations(schema, { ...json, seed: undefined, extra: 1 }).join(), /extra/);
        assert.match(violations(schema, { ...json, protocol: "kincard/2" }).join(), /kincard\/1/);
        assert.match(violations(schema, {}).join(), /lacks "seed"/);
      });
      it(`is smaller than ${LARGEST} bytes`, () => assert.ok(text.length < LARGEST));
      if (!json.testGroups) return;
      it("counts its tests, and no test repeats another", () => {
        const tests = json.testGroups!.flatMap((group) =>
          group.tests.map((test) => ({ group: group.situation, ...test })),
        );
        assert.equal(tests.length, json.numberOfTests);
        const comments = tests.map((t) => `${t.group} ${t.command} ${t.comment}`);
        assert.equal(new Set(comments).size, tests.length, "a comment stands for two tests");
        const inputs = new Map<string, string>();
        for (const t of tests) {
          const key = `${t.group} ${t.header}${t.data}${t.apdu}`;
          const other = inputs.get(key);
          assert.equal(other, undefined, `"${t.comment}" and "${other}" are the same input`);
          inputs.set(key, t.comment);
        }
      });
    });
  }
});

describe("test vectors: the list of cases", () => {
  it("uses every flag", () => {
    const used = new Set(SITUATIONS.flatMap(({ cases }) => cases.flatMap(({ flags }) => flags)));
    assert.deepEqual([...used].sort(), Object.keys(FLAGS).sort());
  });
  it("reaches every status word that an input alone can bring about", () => {
    const used = new Set(SITUATIONS.flatMap(({ cases }) => cases.map(({ word }) => word)));
    const others = [
      "MEMORY",
      "WAIT",
      "RANDOM",
      "KERNEL",
      "DAMAGED",
      "PRESENCE",
      "NO_VAULT",
      "PATH",
      "CONSENT",
      "NO_BUTTON",
    ];
    const expected = Object.keys(STATUS_WORDS).filter((word) => !others.includes(word));
    assert.deepEqual([...used].sort(), expected.sort());
  });
  it("names every command but those that take no argument and are never refused for it", () => {
    const used = new Set(SITUATIONS.flatMap(({ cases }) => cases.map(({ command }) => command)));
    const others = ["STATUS", "SALT", "PROVE", "RESET", "CONSENT"];
    const expected = COMMANDS.map(({ name }) => name).filter((name) => !others.includes(name));
    assert.deepEqual([...used].filter((name) => name !== "RAW").sort(), [...expected].sort());
  });
  it("sends the valid message of a situation after all that must be refused there", () => {
    for (const { id, cases } of SITUATIONS) {
      const changing = ["CERTIFY", "SEAL", "ACCEPT", "CONFIRM"];
      const valid = cases.findIndex((c) => c.word === "OK" && changing.includes(c.command));
      const refused = cases.findLastIndex((c) => c.word !== "OK");
      assert.ok(valid < 0 || valid > refused, `${id}: the card is changed before case ${refused}`);
    }
  });
  it("bad points are no points, and bad signatures differ from the good one", () => {
    const key = new Source(SEED).key("a key");
    assert.ok(isPoint(key.public));
    for (const [name, spoil] of BAD_POINTS) assert.ok(!isPoint(spoil(key.public)), name);
    const good = ecdsa(key.secret, key.public);
    for (const [name, spoil] of BAD_SIGNATURES) {
      assert.equal(spoil(good).length, 64, name);
      assert.notDeepEqual(spoil(good), good, name);
    }
  });
});
