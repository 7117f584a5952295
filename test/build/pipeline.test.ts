/**
 * TypeScript through the compiler step as the firmware goes through it: what the board cannot run
 * stops the build at the line that somebody wrote.
 */
import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BuildRefused } from "../../firmware/build/check/findings.js";
import { bundle } from "../../firmware/build/firmware.js";
import { compile } from "../../firmware/build/compile.js";
import { firmwareConfig } from "../../firmware/build/config.js";
import { fromRoot, shown } from "../../firmware/build/paths.js";

const TYPES = ["language.d.ts", "espruino.d.ts"].map((name) =>
  fromRoot("firmware/src/board", name),
);

describe("the compiler step", function () {
  this.timeout(60_000);
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kincard-compile-"));
    mkdirSync(join(folder, "src"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const place = (name: string) => join(folder, "src", name);
  function compiled(sources: Readonly<Record<string, string>>): void {
    const files = Object.entries(sources).map(([name, text]) => {
      writeFileSync(place(name), text);
      return place(name);
    });
    compile(fromRoot("firmware/tsconfig.json"), {
      outDir: join(folder, "out"),
      rootDir: folder,
      files: [...TYPES, ...files],
    });
  }
  function refused(sources: Readonly<Record<string, string>>): string[] {
    try {
      compiled(sources);
    } catch (error) {
      assert.ok(error instanceof BuildRefused, String(error));
      return error.message.split("\n");
    }
    return [];
  }
  /** A file a case, each with its offence in line 2; one run of the compiler for all. */
  function eachRefused(cases: Readonly<Record<string, readonly [text: string, says: RegExp]>>) {
    const names = Object.keys(cases);
    const file = (i: number) => `case${i}.ts`;
    const lines = refused(
      Object.fromEntries(names.map((name, i) => [file(i), `export {};\n${cases[name]![0]}\n`])),
    );
    names.forEach((name, i) => {
      const said = lines.filter((line) => line.startsWith(`${shown(place(file(i)))}:2:`));
      assert.ok(said.length, `${name}: nothing said about line 2 in\n${lines.join("\n")}`);
      assert.match(said.join("\n"), cases[name]![1], name);
    });
  }

  it("knows only the builtins that the interpreter has", () => {
    eachRefused({
      "Math.imul": ["Math.imul(1, 2);", /imul/],
      "Math.random": ["Math.random();", /random/],
      "Math.trunc": ["Math.trunc(1);", /trunc/],
      "Number.isInteger": ["Number.isInteger(1);", /Number/],
      "Array.from": ["Array.from([1]);", /from/],
      flat: ["[[1]].flat();", /flat/],
      lastIndexOf: ["[1].lastIndexOf(1);", /lastIndexOf/],
      Map: ["new Map();", /Map/],
      Symbol: ["Symbol();", /Symbol/],
      TextEncoder: ["new TextEncoder();", /TextEncoder/],
      "Object.freeze": ["Object.freeze({});", /freeze/],
      "slice of a view": ["new Uint8Array(1).slice(0);", /slice/],
      "a view of a string": ["new Uint8Array('ab');", /string/],
      copyWithin: ["new Uint8Array(1).copyWithin(0, 1);", /copyWithin/],
      BYTES_PER_ELEMENT: ["Uint8Array.BYTES_PER_ELEMENT;", /BYTES_PER_ELEMENT/],
      "Array.prototype": ["Array.prototype;", /prototype/],
      "writing length": ["const a: number[] = []; a.length = 0;", /length/],
      codePointAt: ["'a'.codePointAt(0);", /codePointAt/],
      // where there is Unicode they make two bytes of one
      charAt: ["'a'.charAt(0);", /charAt/],
      "a string's index": ["'a'[0];", /TS7053/],
      "regular expressions": ["/a/.test('a');", /test/],
      "the DOM": ["document;", /document/],
    });
  });

  it("refuses what the compiler cannot lower, at its line", () => {
    eachRefused({
      spread: ["export const a = (b: number[]) => [...b, 1];", /spread of arrays.*\[helper\]/],
      "class extends": ["class A {} export class B extends A {}", /class extends.*\[helper\]/],
      "object spread": ["export const a = (b: object) => ({ ...b });", /object spread.*\[helper\]/],
      labels: ["a: for (;;) break a;", /label.*\[syntax\]/],
      "a regular expression": ["export const a: unknown = /a/;", /regular.*\[syntax\]/],
      "a wide character": ["export const a = '\u20ac';", /8-bit.*\[syntax\]/],
      "default first": [
        "export const f = (n: number) => { switch (n) { default: return 1; case 2: return 3; } };",
        /default.*\[syntax\]/,
      ],
      any: ["export const a = (b: any) => b.copyWithin(0, 1);", /copyWithin.*\[builtin\]/],
    });
  });

  it("takes what it can lower, and nothing of it reaches the bundle", async () => {
    compiled({
      "main.ts": `
        import { KMAKER } from "./config.js";
        const enum K { A = 7 }
        class Box { constructor(private readonly n: number) {} get(): number { return this.n; } }
        const late = () => helper(1);
        function helper(n: number, by = 2): string {
          const { length } = KMAKER;
          let text = \`\${length} \${n * by}\`;
          for (const c of [1, 2]) text += c;
          return text;
        }
        print(new Box(K.A).get(), late());`,
      "config.ts": 'export const KMAKER: string = "";',
    });
    const { code } = await bundle(firmwareConfig(), join(folder, "out/src/main.js"));
    assert.doesNotMatch(code, /=>|`|class|const |let /);
    let said = "";
    const E = { setConsole: () => undefined };
    new Function("print", "E", code)((...values: unknown[]) => (said = values.join()), E);
    assert.equal(said, "7,33 212");
  });

  it("names the TypeScript line for what only the whole bundle shows", async () => {
    const input = join(folder, "out/src/main.js");
    const built = async (text: string) => {
      compiled({ "main.ts": text });
      return bundle(firmwareConfig(), input);
    };
    const at = (line: number) => new RegExp(`main\\.ts:${line}:\\d+: .*`);
    await assert.rejects(
      built(
        "export {};\nfunction f(n: number): void {\n  if (n) g(n - 1);\n}\nfunction g(n: number): void {\n  f(n + E.hwRand());\n}\ng(2);",
      ),
      (error: Error) => /main\.ts:[36]:\d+: recursion: (f > g > f|g > f > g)/.test(error.message),
    );
    await assert.rejects(
      built("function f(): void {\n  print(k);\n}\nf();\nconst k = E.hwRand();\nprint(k);"),
      (error: Error) => at(4).test(error.message) && /`k`.*\[order\]/.test(error.message),
    );
    const deep = Array.from(
      { length: 8 },
      (_, i) =>
        `function f${i}(): void {\n  while (E.hwRand()) print(${i});\n  ${i < 7 ? `f${i + 1}();` : ""}\n}`,
    );
    await assert.rejects(built(`export {};\n${deep.join("\n")}\nf0();\nf0();`), (error: Error) =>
      /nested calls, 6 allowed: .*f0 > f1 > f2.*\[nesting\]/.test(error.message),
    );
  });
});
