/**
 * What the bundle's last plugins do to code: the same program, in an order the interpreter can run.
 */
import { strict as assert } from "node:assert";
import { minify } from "terser";
import { earlyFindings } from "../../firmware/build/check/index.js";
import { hoist } from "../../firmware/build/passes/hoist.js";
import { TERSER } from "../../firmware/build/passes/minify.js";
import { declareHot } from "../../firmware/build/passes/hot.js";
import { shortenNames } from "../../firmware/build/passes/names.js";
import { declareEarly } from "../../firmware/build/passes/vars.js";
import { ESPRUINO_BIN, NO_INTERPRETER, onInterpreter } from "./espruino.js";
import { randomProgram, seeded } from "./programs.js";
import { times } from "../support/full.js";
import { SEED } from "../support/seed.js";

function reorder(code: string): string {
  return declareHot(declareEarly(hoist(code).toString()).toString()).toString();
}
async function chain(code: string): Promise<string> {
  const { code: small } = await minify(code, TERSER);
  return reorder(small!);
}

/** What a program prints on an engine that hoists. */
function printed(code: string): string[] {
  const lines: string[] = [];
  const print = (...values: unknown[]): void => void lines.push(values.map(String).join(" "));
  new Function("print", code)(print);
  return lines;
}

describe("hoisting", () => {
  const hoisted = (code: string) => hoist(code).toString();
  it("moves declarations to the top of their function, in their order", () => {
    assert.equal(
      hoisted("(function(){a();function a(){b();function b(){}}var c;function d(){}})();"),
      "(function(){function a(){function b(){}b();}function d(){}a();var c;})();",
    );
  });
  it("keeps directives first", () => {
    assert.equal(
      hoisted("function f(){'ram';g();function g(){}}"),
      "function f(){'ram';function g(){}g();}",
    );
  });
  it("keeps the last of two declarations the last", () => {
    assert.equal(
      hoisted("function f(){return 1}f();function f(){return 2}"),
      "function f(){return 1}function f(){return 2}f();",
    );
  });
  it("leaves what is in order as it is", () => {
    const code = "function a(){}var b=1;a();";
    assert.equal(hoisted(code), code);
  });
});

describe("hot names", () => {
  const hot = (code: string, most?: number) => declareHot(code, most).toString();
  it("come first, the most mentioned in functions before the others", () => {
    assert.equal(
      hot("(function(){var a=1,b=2;function f(){return b+b+a}f();a;a;a;a})();"),
      "(function(){var b,a;var a=1,b=2;function f(){return b+b+a}f();a;a;a;a})();",
    );
  });
  it("are no more than asked for, functions among them", () => {
    assert.equal(
      hot("(function(){var a=1;function f(){return a}function g(){return f()+f()+a}g()})();", 1),
      "(function(){var a;var a=1;function f(){return a}function g(){return f()+f()+a}g()})();",
    );
  });
  it("are the outer scope's, not what shadows them", () => {
    assert.equal(
      hot("(function(){var a=1,b=2;function f(a){return a+a+b}f()})();"),
      "(function(){var b;var a=1,b=2;function f(a){return a+a+b}f()})();",
    );
  });
  it("are those that a reader's frame waits for before what is mentioned more often", () => {
    const code = "function s(e,h){NRF.on(e,h);NRF.on('NFCrx',h)}function r(){return b}s('x',r)";
    assert.equal(
      hot(`(function(){var a=1,b=2;function f(){return a+a+a}${code};f()})();`, 1),
      `(function(){var b;var a=1,b=2;function f(){return a+a+a}${code};f()})();`,
    );
  });
});

describe("early declarations", () => {
  const declared = (code: string) => declareEarly(code).toString();
  it("declares what a branch may leave undeclared", () => {
    assert.equal(
      declared("(function(b){if(b)var a=1;return a})();"),
      "(function(b){var a;if(b)var a=1;return a})();",
    );
  });
  it("declares what a function captures before its statement ran", () => {
    assert.equal(
      declared("(function(){print(function(){return a});var a=1})();"),
      "(function(){var a;print(function(){return a});var a=1})();",
    );
  });
  it("leaves what always runs first as it is", () => {
    const code = "(function(b){var a;if(b)a=1;return function(){return a}})();";
    assert.equal(declared(code), code);
  });
});

/**
 * Two kinds of random programs: tidy ones, as the compiler makes of typed code, through the whole
 * chain; untidy ones (variables used before and beside their `var`) through our own steps alone,
 * since the minifier is not sure of those itself.
 */
interface Kind {
  readonly name: string;
  readonly tidy: boolean;
  readonly change: (code: string) => string | Promise<string>;
}
const KINDS: readonly Kind[] = [
  { name: "tidy programs through the whole chain", tidy: true, change: chain },
  { name: "untidy programs through hoisting", tidy: false, change: reorder },
];
for (const { name, tidy, change } of KINDS)
  describe(`random ${name}`, () => {
    const COUNT = times(40, 10);
    const random = seeded(SEED);
    const programs = Array.from({ length: COUNT }, () => randomProgram(random, tidy));

    it("print the same, and touch no variable before its statement", async () => {
      for (const program of programs) {
        const made = await change(program);
        assert.deepEqual(earlyFindings(made), [], `KINCARD_SEED=${SEED}: ${made}`);
        assert.deepEqual(
          printed(made),
          printed(program),
          `KINCARD_SEED=${SEED}:\n${program}\n\n${made}`,
        );
      }
    });
    it("print the same on the real interpreter", async function () {
      if (!ESPRUINO_BIN) {
        console.log(`      ${NO_INTERPRETER}`);
        return this.skip();
      }
      this.timeout(60_000);
      const made = await Promise.all(programs.map((program) => change(program)));
      const lines = onInterpreter(made.map(framed).join("\n"), 50_000);
      const expected = programs.flatMap((program, i) => [`#${i}`, ...printed(program)]);
      const wrong = expected.findIndex((line, i) => lines[i] !== line);
      if (wrong < 0) return;
      const i = expected.slice(0, wrong + 1).filter((line) => line.startsWith("#")).length - 1;
      assert.fail(
        `KINCARD_SEED=${SEED}, program ${i}: expected "${expected[wrong]}", got "${lines[wrong]}"\n` +
          `${programs[i]}\n\n${made[i]}`,
      );
    });
    it("would not all print the same as they were written", function () {
      if (!ESPRUINO_BIN) {
        console.log(`      ${NO_INTERPRETER}`);
        return this.skip();
      }
      const lines = onInterpreter(programs.map(framed).join("\n"), 50_000);
      const expected = programs.flatMap((program, i) => [`#${i}`, ...printed(program)]);
      assert.notDeepEqual(lines, expected, "the programs prove nothing");
    });
  });
function framed(code: string, i: number): string {
  return `print("#${i}");\ntry{${code}}catch(e){print("threw",e)}`;
}

describe("short names", () => {
  const short = (code: string) => shortenNames(code).toString();
  it("go to what is mentioned most", () => {
    assert.equal(
      short("(function(){var a=1,bb=2;function f(){return bb+bb+bb}print(f(),a)})();"),
      "(function(){var b=1,a=2;function c(){return a+a+a}print(c(),b)})();",
    );
  });
  it("leave alone what a function means by them, and what nobody here declared", () => {
    assert.equal(
      short("(function(){var bb=2;function f(a){return a+bb+bb}print(f(c))})();"),
      "(function(){var b=2;function d(a){return a+b+b}print(d(c))})();",
    );
  });
  it("change no program", () => {
    const random = seeded(SEED);
    for (let i = 0; i < 50; i++) {
      const code = `(function(){${randomProgram(random)}})();`;
      assert.deepEqual(printed(short(code)), printed(code), `KINCARD_SEED=${SEED}, program ${i}`);
    }
  });
});
