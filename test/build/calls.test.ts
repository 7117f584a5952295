/** The static call graph: what a call may reach, by every way the firmware hands functions on. */
import { strict as assert } from "node:assert";
import { parseCode } from "../../firmware/build/check/ast.js";
import { callGraph, nesting } from "../../firmware/build/check/calls.js";
import { chainText, ownName } from "../../firmware/build/check/index.js";

function deepest(code: string): string {
  const graph = callGraph(parseCode(code));
  assert.equal(graph.cycle, undefined, "a cycle was found");
  return chainText(graph.deepest, ownName);
}

describe("the call graph", () => {
  const END = "function end() { last(); } function last() {}";
  const ways: readonly [name: string, code: string, chain: string][] = [
    ["a name", `${END} function f() { end(); } f();`, "(start) > f > end > last"],
    ["a variable", `${END} var g; function f() { g(); } g = end; f();`, "(start) > f > end > last"],
    ["a parameter", `${END} function f(g) { g(); } f(end);`, "(start) > f > end > last"],
    [
      "a result",
      `${END} function g() { return end; } function f() { g()(); } f();`,
      "(start) > f > end > last",
    ],
    [
      "a table",
      `${END} var t = []; t[0] = end; function f(i) { t[i](); } f(0);`,
      "(start) > f > end > last",
    ],
    [
      "an array",
      `${END} var t = [end]; function f(i) { t[i](); } f(0);`,
      "(start) > f > end > last",
    ],
    [
      "an object",
      `${END} var o = { g: end }; function f() { o.g(); } f();`,
      "(start) > f > end > last",
    ],
    [
      "a key set later",
      `${END} var o = {}; o.g = end; function f() { o.g(); } f();`,
      "(start) > f > end > last",
    ],
    [
      "a method",
      `${END} function A() {} A.prototype.m = end; function f() { new A().m(); } f();`,
      "(start) > f > end > last",
    ],
    ["call", `${END} function f() { end.call(1); } f();`, "(start) > f > end > last"],
    [
      "a bound `this`",
      `${END} var o = { g: end }; function f() { this.g(); } function h(k) { k(); } h(f.bind(o));`,
      "(start) > h > f > end > last",
    ],
    ["bind", `${END} var g = end.bind(1); function f() { g(); } f();`, "(start) > f > end > last"],
    [
      "a builtin that calls back",
      `${END} function f() { [1].map(end); } f();`,
      "(start) > f > end > last",
    ],
    [
      "a conditional",
      `${END} var g = print ? end : 0; function f() { g(); } f();`,
      "(start) > f > end > last",
    ],
  ];
  for (const [name, code, chain] of ways)
    it(`follows a function through ${name}`, () => assert.equal(deepest(code), chain));

  it("counts what the event loop calls from one", () => {
    const code = "function end() {} function f() { end(); } setTimeout(f, 1);";
    const graph = callGraph(parseCode(code));
    assert.equal(nesting(graph), 2);
    assert.equal(chainText(graph.deepest, ownName), "f > end");
  });
  it("does so for the event loop's function by another name, not for one that may be another's", () => {
    const END_LATER = "function end() {} function f() { end(); } var later;";
    assert.equal(deepest(`${END_LATER} later = setTimeout; later(f, 1);`), "f > end");
    assert.equal(
      deepest(`${END_LATER} later = print ? setTimeout : [].map; later(f, 1);`),
      "(start) > f > end",
    );
  });
  it("does not take elements of a typed array for functions of a table", () => {
    const code =
      "var W = new Uint8Array(4); var t = []; function a() { var g = W[0]; print(g); b(); }" +
      "function b() {} t[0] = a; function run(i) { t[i](); } run(0);";
    assert.equal(deepest(code), "(start) > run > a > b");
  });
  it("finds recursion through a table", () => {
    const code = "var t = []; function f(i) { t[i](); } t[0] = f; f(0);";
    assert.ok(callGraph(parseCode(code)).cycle);
  });
  it("finds recursion through a callback", () => {
    const code = "function f(g) { g(f); } function h(k) { k(h); } f(h);";
    assert.ok(callGraph(parseCode(code)).cycle);
  });
});
