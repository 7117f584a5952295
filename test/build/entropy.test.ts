/**
 * The build's proof about random numbers: no key comes from anything but the hardware's generator.
 * The bundle can't reach the interpreter's own one (firmware/build/check/entropy.ts); in the
 * sources, raw samples go to card/random.ts alone, but for what is public, and keys and salts come
 * from there.
 */
import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { entropyFindings } from "../../firmware/build/check/entropy.js";
import { parseCode } from "../../firmware/build/check/ast.js";
import { checkBundle } from "../../firmware/build/check/index.js";
import { fromRoot } from "../../firmware/build/paths.js";

const found = (code: string) => entropyFindings(parseCode(code)).map(({ message }) => message);

const REFUSED: readonly [what: string, code: string][] = [
  ["Math.random", "var a = Math.random();"],
  ["its name in a string", 'var a = Math["random"]();'],
  ["a part of Math by a computed key", "function f(k) { return Math[k]; }"],
  ["Math under another name", "var m = Math; m.floor(1);"],
  ["Math as an argument", "f(Math);"],
  ["Math.randInt, kept for later", "var a = { b: Math.randInt };"],
  ["E.srand", "E.srand(1);"],
  ["E by a computed key", 'E["hw" + "Rand"]();'],
  ["the globals by a computed key", "var a = global[b];"],
  ["hwRand of another object", "var a = x.hwRand();"],
  ["a function of that name", "function random() { return 4; }"],
];
const TAKEN: readonly string[] = [
  "var a = E.hwRand();",
  "var a = new Int32Array(4).map(E.hwRand);",
  "var a = Math.floor(1.5), b = x[2], c = typeof E;",
  'var a = process.memory(), b = global.save, c = "random numbers";',
  "var a = { E: 1, Math: 2 };",
];

/** Files of the card's sources that import this name from there. */
function importers(name: string, from: RegExp): string[] {
  const files = readdirSync(fromRoot("firmware/src"), { recursive: true, encoding: "utf8" });
  return files
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
    .filter((file) => {
      const text = readFileSync(join(fromRoot("firmware/src"), file), "utf8");
      const imports = text.matchAll(/import \{([^}]*)\} from "([^"]+)"/g);
      return [...imports].some(
        ([, names = "", source = ""]) =>
          from.test(source) && names.split(",").some((one) => one.trim() === name),
      );
    })
    .sort();
}

describe("where random numbers come from", () => {
  for (const [what, code] of REFUSED)
    it(`the build refuses ${what}`, () => {
      assert.notDeepEqual(found(code), [], code);
      assert.ok(checkBundle(code).length > 0, "the whole check lets it through");
    });
  it("the build takes the hardware's generator, and what only looks alike", () => {
    for (const code of TAKEN) assert.deepEqual(found(code), [], code);
  });

  it("E.hwRand is called by the board's layer alone", () => {
    const files = readdirSync(fromRoot("firmware/src"), { recursive: true, encoding: "utf8" });
    const calling = files
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
      .filter((file) =>
        readFileSync(join(fromRoot("firmware/src"), file), "utf8").includes("hwRand"),
      );
    assert.deepEqual(
      calling.map((file) => file.replaceAll("\\", "/")),
      ["board/board.ts"],
    );
  });
  it("raw samples go to the health tests, and to the tag's public id", () => {
    assert.deepEqual(importers("samples", /board\/board\.js$/), ["card/random.ts", "link/tag.ts"]);
  });
  it("the four digits that may be 0 go to public names alone", () => {
    assert.deepEqual(importers("digits", /board\.js$/), ["board/radio.ts", "link/name.ts"]);
  });
  it("every key, salt, set id and nonce comes from what passed the tests", () => {
    const commands = ["code", "consent", "destination", "make", "open", "source"];
    const users = [...importers("random", /random\.js$/), ...importers("randomKey", /random\.js$/)];
    const known = new Set(commands.map((name) => `card/commands/${name}.ts`));
    assert.deepEqual(
      users.filter((file) => !known.has(file)),
      [],
    );
    assert.ok(new Set(users).size >= 4, users.join());
  });
});
