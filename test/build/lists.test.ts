/**
 * Calls of the kernel put together in lists, or made without the function around them: the same
 * calls as before, in the same order, with the same answers.
 */
import { strict as assert } from "node:assert";
import { callDirectly } from "../../firmware/build/passes/direct.js";
import { callLists } from "../../firmware/build/passes/lists.js";
import { KERNEL_ENTRIES, entryNumber } from "../../firmware/kernel/abi.js";
import { LAYOUTS } from "../../host/sdk/wire/generated.js";

const BASE = 0x20000000;
const LISTS_AT = BASE + LAYOUTS.At.SIZE;

/** What the card's modules look like when they are bundled, and what is asked of them. */
const program = (functions: string, asked: string): string => `(function () {
  var LISTS = "\\x00";
  var bytes = log.bytes;
  var base = ${BASE};
  var nCopy = log.copy, nZero = log.zero, nEqual = log.equal, nCallList = log.list;
  function copy(out, data, length) { return nCopy(base + out, base + data, length); }
  function zero(out, length) { return nZero(base + out, length); }
  function equal(a, b, length) { return nEqual(base + a, base + b, length); }
  function callList(calls, origin, x) { return nCallList(base + calls, base + origin, x); }
  log.lists(LISTS);
  ${functions}
  log.answer = ${asked};
})();`;

interface Ran {
  /** Calls of entries, bytes stored. */
  readonly calls: string[];
  /** How many of the interpreter's. */
  readonly count: number;
  readonly answer: unknown;
}
/** Every \`equal\` answers 1 but the one of \`unequal\` bytes. */
function run(code: string, unequal = -1): Ran {
  const calls: string[] = [];
  let count = 0;
  let lists = "";
  const made = (name: string, args: number[]): number => {
    const relative = args.map((value) => (value >= BASE ? `@${value - BASE}` : `${value}`));
    calls.push(`${name} ${relative.join(" ")}`);
    return name === "equal" && args[2] === unequal ? 0 : 1;
  };
  const native =
    (name: string) =>
    (...args: number[]) => {
      count++;
      return made(name, args);
    };
  const store = (at: number, value: number) => void calls.push(`store @${at} ${value}`);
  const log = {
    answer: undefined as unknown,
    bytes: new Proxy({} as Record<string, number>, {
      set: (_, at, value: number) => (store(Number(at), value), true),
    }),
    ...{ copy: native("copy"), zero: native("zero"), equal: native("equal") },
    lists: (text: string) => (lists = text),
    list(at: number, base: number, x: number): number {
      count++;
      const byte = (i: number) => lists.charCodeAt(i);
      for (let i = at - LISTS_AT; ;) {
        const code = byte(i++);
        if (!code) return 1;
        const args = Array.from({ length: ((code >> 5) & 3) + 1 }, (_, k) => {
          const value = byte(i + 2 * k) | (byte(i + 2 * k + 1) << 8);
          return (value & 0x3fff) + (value & 0x8000 ? base : 0) + (value & 0x4000 ? x : 0);
        });
        i += 2 * args.length;
        if (!(code & 31)) store(args[0]! - BASE, args[1]!);
        else if (!made(KERNEL_ENTRIES[code & 31]!.name, args) && code & 128) return 0;
      }
    },
  };
  new Function("log", code)(log);
  return { calls, count, answer: log.answer };
}

/** Both make the same calls and give the same answer; how many calls the interpreter makes. */
function same(functions: string, asked: string, unequal?: number): number {
  const plain = program(functions, asked);
  const before = run(plain, unequal);
  for (const code of [callLists(plain), callDirectly(plain)]) {
    const after = run(code.toString(), unequal);
    assert.deepEqual(after.calls, before.calls);
    assert.equal(after.answer, before.answer);
  }
  const both = run(callDirectly(callLists(plain).toString()).toString(), unequal);
  assert.deepEqual(both.calls, before.calls);
  assert.equal(both.answer, before.answer);
  return both.count;
}

describe("lists of kernel calls", () => {
  it("take statements that follow each other, and bytes stored between them", () => {
    const body = "function f() { copy(1, 2 + 3, 4); bytes[7] = 8; zero(9, 10); return 11; }";
    assert.equal(same(body, "f()"), 1);
  });
  it("take one variable that is added, and no second one", () => {
    const body =
      "function f(a, b) { copy(a + 1, 2, 3); zero(4 + a, 5); zero(b, 6); zero(b + 7, 8); }";
    assert.equal(same(body, "f(100, 200)"), 2);
  });
  it("take what a variable stands for when it is set once", () => {
    const once = "function f() { var at = 40; copy(at + 1, 2, 3); zero(at, 5); }";
    assert.equal(same(once, "f()"), 1);
    const twice =
      "function f() { var at = 40; copy(at, 2, 3); at = 60; zero(at, 5); zero(at, 6); }";
    assert.equal(same(twice, "f()"), 2);
  });
  it("take functions apart that consist of nothing else", () => {
    const body =
      "function g(out, n) { copy(out, 1, n); copy(out + 50, 2, n); }" +
      "function f(x) { g(100, 3); zero(5, 6); g(x, 7); }";
    assert.equal(same(body, "f(300)"), 1);
  });
  for (const unequal of [-1, 1, 2, 3])
    it(`end at the first no of a chain (${unequal})`, () => {
      const chain =
        "function f(c) { zero(1, 9); if (!equal(1, 2, 1) || !equal(c, 4, 2) || c > 9 || !equal(5, 6, 3))" +
        " return 5; return 6; }";
      same(chain, "f(8)", unequal);
      same(chain, "f(10)", unequal);
      const all =
        "function g(x) { copy(x, 1, 2); return equal(x, 3, 1) && equal(4, 5, 2); }" +
        "function f(x) { if (!g(x) || !equal(7, 8, 3)) return 5; return g(20); }";
      same(all, "f(9)", unequal);
    });
  it("don't mind a no that nobody asked for", () => {
    same("function f() { equal(1, 2, 3); zero(4, 5); return 1; }", "f()", 3);
  });
  it("leave calls whose arguments are only known at run time", () => {
    const body =
      "var at = 0; function h() { return at; } function f(a, b) { at = 7; copy(at, 2, 3); zero(h(), 5);" +
      " zero(a ? b : 9, 1); zero(a - b, 2); }";
    same(body, "f(60, 50)");
  });
  it("know the entry that makes them by its own number", () => {
    assert.equal(entryNumber("list"), KERNEL_ENTRIES.length - 1);
    assert.ok(KERNEL_ENTRIES.length <= 32, "five bits of a list's code");
  });
});
