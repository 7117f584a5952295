/**
 * Each rule of the check for the interpreter: one snippet that must fail at its line, one that may
 * pass.
 */
import { strict as assert } from "node:assert";
import { checkBundle, orderFindings, ownName } from "../../firmware/build/check/index.js";

interface Case {
  /** What it is about, and the rule that speaks. */
  readonly name: string;
  readonly rule: string;
  /** The last line is the one that must be named. */
  readonly fails: string;
  readonly says: RegExp;
  readonly passes: string;
}

const SYNTAX: readonly [name: string, fails: string, says: RegExp, passes: string][] = [
  ["destructuring of objects", "var {a} = print;", /destructuring/, "var a = print.a;"],
  ["destructuring of arrays", "var [a] = [1];", /destructuring/, "var a = [1][0];"],
  ["spread", "print(...[1]);", /spread/, "print([1]);"],
  ["rest", "function f(...a) {}", /rest/, "function f() { return arguments.length; }"],
  ["default parameters", "function f(a = 1) {}", /default/, "function f(a) { a = a || 1; }"],
  ["computed keys", "var a = { ['b' + 1]: 2 };", /computed/, "var a = {}; a['b' + 1] = 2;"],
  ["exponent", "var a = 2 ** 3;", /\*\*/, "var a = Math.pow(2, 3);"],
  ["exponent assignment", "var a = 2; a **= 3;", /\*\*/, "var a = 2; a *= 3;"],
  ["optional chaining", "var a = print?.b;", /\?\./, "var a = print && print.b;"],
  ["logical assignment", "var a; a ||= 1;", /\|\|=/, "var a; a = a || 1;"],
  ["nullish", "var a = print ?? 1;", /\?\?/, "var a = print || 1;"],
  ["labels", "a: for (;;) break a;", /label/, "for (;;) break;"],
  ["tagged templates", "print`a`;", /tagged/, "print('a');"],
  ["templates", "print(`a`);", /template/, "print('a' + 1);"],
  ["generators", "function* f() {}", /generator/, "function f() {}"],
  ["async", "async function f() {}", /async/, "function f() {}"],
  ["BigInt", "var a = 1n;", /BigInt/, "var a = 1;"],
  ["regular expressions", "var a = /a/;", /regular/, "var a = 'a';"],
  ["characters above 8 bits", "var a = '\u20ac';", /8-bit/, "var a = '\\xff';"],
  ["unicode escapes in braces", "var a = '\\u{41}';", /\\u/, "var a = '\\x41';"],
  ["classes", "class A {}", /class/, "function A() {} A.prototype.b = function () {};"],
  ["let", "let a = 1;", /let/, "var a = 1;"],
  ["const", "const a = 1;", /const/, "var a = 1;"],
  ["arrows", "print(() => 1);", /arrow/, "print(function () { return 1; });"],
  ["for..of", "for (var a of [1]) print(a);", /for\.\.of/, "for (var a in [1]) print(a);"],
  ["array holes", "var a = [1, , 2];", /holes/, "var a = [1, 2];"],
  ["debugger", "debugger;", /debugger/, "print(1);"],
  ["functions in blocks", "if (print) { function f() {} }", /block/, "function f() {}"],
  ["what does not parse at all", "var a = ;", /Unexpected/, "var a;"],
  [
    "do..while in a switch",
    "switch (print) { case 1: print(1); break; case 2: do print(2); while (0); }",
    /do\.\.while/,
    "do switch (print) { case 1: while (0) print(2); } while (0);",
  ],
  [
    "default that is not last",
    "switch (print) { default: break; case 1: print(1); }",
    /default/,
    "switch (print) { case 1: print(1); break; default: print(2); }",
  ],
];

const BUILTINS: readonly [name: string, fails: string, says: RegExp, passes: string][] = [
  ["Math.imul", "Math.imul(1, 2);", /Math\.imul/, "Math.floor(1);"],
  ["Math.trunc", "Math.trunc(1);", /Math\.trunc/, "Math.sign(1);"],
  ["Math.log2", "Math.log2(1);", /Math\.log2/, "Math.log(1);"],
  ["Math.clz32", "Math.clz32(1);", /Math\.clz32/, "Math.abs(1);"],
  ["Math.hypot", "Math.hypot(1);", /Math\.hypot/, "Math.sqrt(1);"],
  ["Math.fround", "Math.fround(1);", /Math\.fround/, "Math.round(1);"],
  ["Number.isInteger", "Number.isInteger(1);", /Number\.isInteger/, "isNaN(1);"],
  ["Array.from", "Array.from([1]);", /Array\.from/, "[1].map(print);"],
  ["Array.of", "Array.of(1);", /Array\.of/, "Array.isArray(1);"],
  ["Object.freeze", "Object.freeze({});", /Object\.freeze/, "Object.keys({});"],
  ["Map", "new Map();", /Map does not exist/, "var a = {};"],
  ["Set", "new Set();", /Set does not exist/, "var a = [];"],
  ["Symbol", "Symbol('a');", /Symbol does not exist/, "String.fromCharCode(1);"],
  ["Proxy", "new Proxy({}, {});", /Proxy does not exist/, "new Date();"],
  ["Reflect", "Reflect.get({}, 'a');", /Reflect does not exist/, "({}).a;"],
  ["TextEncoder", "new TextEncoder();", /TextEncoder/, "E.toUint8Array('a');"],
  ["queueMicrotask", "queueMicrotask(print);", /queueMicrotask/, "setTimeout(print, 1);"],
  [".flat", "[[1]].flat();", /\.flat/, "[[1]].concat([2]);"],
  [".lastIndexOf", "[1].lastIndexOf(1);", /\.lastIndexOf/, "[1].indexOf(1);"],
  [".at", "'a'.at(0);", /\.at/, "'a'.substr(0, 1);"],
  [".codePointAt", "'a'.codePointAt(0);", /\.codePointAt/, "'a'.charCodeAt(0);"],
  [".copyWithin", "print.copyWithin(0, 1);", /copyWithin/, "print.set(0, 1);"],
  [".finally", "print.finally(print);", /finally/, "print.then(print);"],
  ["BYTES_PER_ELEMENT", "Uint8Array.BYTES_PER_ELEMENT;", /BYTES/, "new Uint8Array(2).length;"],
  ["Uint8Array.from", "Uint8Array.from([1]);", /Uint8Array\.from/, "new Uint8Array([1]);"],
  ["X.prototype.builtin", "Array.prototype.slice.call([1]);", /prototype/, "[].slice.call([1]);"],
  ["typed array of a string", "new Uint8Array('ab');", /string/, "E.toUint8Array('ab');"],
  [
    "slice of a typed array",
    "var a = new Uint8Array(4);\na.slice(0, 2);",
    /linked list/,
    "var a = new Uint8Array(4); a.subarray(0, 2); [1].slice(0, 1);",
  ],
  ["writing length", "var a = [];\na.length = 0;", /length/, "var a = []; a = [];"],
  ["eval", "eval('1');", /eval/, "print('1');"],
  ["new Function", "new Function('1');", /Function/, "new Date();"],
  ["an interpreter's error", "print instanceof TypeError;", /no class/, "print instanceof Error;"],
  ["a reviver", "JSON.parse('1', print);", /reviver/, "JSON.parse('1');"],
];

const cases: Case[] = [
  ...SYNTAX.map(([name, fails, says, passes]) => ({ name, rule: "syntax", fails, says, passes })),
  ...BUILTINS.map(([name, fails, says, passes]) => ({
    name,
    rule: "builtin",
    fails,
    says,
    passes,
  })),
  {
    name: "Math.random",
    rule: "random",
    fails: "var a = Math.random();",
    says: /hwRand/,
    passes: "var a = E.hwRand();",
  },
  {
    name: "a compiler's helper",
    rule: "helper",
    fails: "var a = __spreadArray([], [1]);",
    says: /spread of arrays/,
    passes: "var a = [1].concat([]);",
  },
  {
    name: "class extends",
    rule: "helper",
    fails: "function B() {}\n__extends(B, print);",
    says: /class extends/,
    passes: "function B() {}",
  },
  {
    name: "a var read before its statement",
    rule: "var",
    fails: "(function () {\nprint(a); var a = 1; })();",
    says: /`a`/,
    passes: "(function () { var a = 1; print(a); })();",
  },
  {
    name: "a var of a branch that may not be taken",
    rule: "var",
    fails: "(function (b) { if (b) { var a = 1; }\nprint(a); })();",
    says: /`a`/,
    passes: "(function (b) { if (b) { var a = 1; } else { var a = 2; } print(a); })();",
  },
  {
    name: "a call that reads a later var",
    rule: "var",
    fails: "(function () { function f() { return a; }\nf(); var a = 1; })();",
    says: /`a`/,
    passes: "(function () { function f() { return a; } var a = 1; f(); })();",
  },
  {
    name: "a var after a loop that may not run",
    rule: "var",
    fails: "(function (n) { while (n--) { var a = 1; }\nreturn a; })();",
    says: /`a`/,
    passes: "(function (n) { do { var a = 1; } while (n--); return a; })();",
  },
  {
    name: "a var of a try block",
    rule: "var",
    fails: "(function () { try { var a = print(); } catch (e) {}\nreturn a; })();",
    says: /`a`/,
    passes: "(function () { var a; try { a = print(); } catch (e) {} return a; })();",
  },
  {
    name: "a var of one case",
    rule: "var",
    fails: "(function (n) { switch (n) { case 1: var a = 1; break; case 2:\nreturn a; } })();",
    says: /`a`/,
    passes: "(function (n) { var a; switch (n) { case 1: a = 1; break; case 2: return a; } })();",
  },
  {
    name: "recursion",
    rule: "recursion",
    fails: "function f(n) {\nreturn n ? f(n - 1) : 0; }",
    says: /f > f/,
    passes: "function f(n) { while (n) n--; return 0; }",
  },
  {
    name: "recursion by way of another function",
    rule: "recursion",
    fails: "function f() { g(); } function g() { h(); } function h() {\nf(); }\nf();",
    says: /f > g > h > f|g > h > f > g|h > f > g > h/,
    passes: "function f() { g(); } function g() { h(); } function h() {} f();",
  },
];

describe("the check for the interpreter", () => {
  for (const { name, rule, fails, says, passes } of cases) {
    it(`refuses ${name}`, () => {
      const found = checkBundle(fails).filter((finding) => finding.rule === rule);
      assert.ok(found.length, `nothing found by ${rule} in: ${fails}`);
      assert.match(found.map(({ message }) => message).join("\n"), says);
      if (rule === "recursion") return; // any call of the circle may be named
      const last = fails.split("\n").length;
      assert.ok(
        found.some(({ line }) => line === last),
        `line ${last} expected, found ${found.map(({ line }) => line).join()}`,
      );
    });
    it(`takes what stands in for ${name}`, () => {
      assert.deepEqual(checkBundle(passes), []);
    });
  }

  it("does not take a key of the card's own for the builtin of that name", () => {
    assert.deepEqual(checkBundle("var a = { at: function () {} }; a.at(1);"), []);
  });

  it("refuses modules in an order that leaves a variable unset", () => {
    const code = "(function () {\nfunction f() { return K; }\nf();\nvar K = 1;\n})();";
    assert.deepEqual(
      orderFindings(code).map(({ line, rule }) => [line, rule]),
      [[3, "order"]],
    );
    assert.deepEqual(orderFindings(code.replace("f();\nvar K = 1;", "var K = 1;\nf();")), []);
  });

  it("leaves to the transformation what is only handed on before its variable", () => {
    const code = "(function () { setTimeout(function () { print(K); }, 1); var K = 1; })();";
    assert.deepEqual(orderFindings(code), []);
  });

  it("refuses calls that nest deeper than the number given, and prints the chain", () => {
    const code = "function a() { b(); }\nfunction b() { c(); }\nfunction c() {}\na();";
    const [finding] = checkBundle(code, ownName, 2);
    assert.equal(finding?.rule, "nesting");
    assert.match(finding.message, /^3 nested calls, 2 allowed: \(start\) > a > b > c$/);
    assert.deepEqual(checkBundle(code, ownName, 3), []);
  });
});
