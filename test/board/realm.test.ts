/** The language of a board: what is missing is missing, what goes unchecked there traps here. */

import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BoardTrap } from "../../host/emulator/faults.js";
import { makeBoard } from "../support/boards.js";

/** Runs `source` on a fresh board; what it printed. */
function run(source: string): string[] {
  const board = makeBoard({ source, bare: true });
  board.powerOn();
  return board.printed;
}
const expression = (code: string) => run(`print(${code})`)[0];

const ARRAY = "var a = new Uint8Array(64); for (var i = 0; i < 64; i++) a[i] = i;";

const TRAPS: [string, string][] = [
  ["subarray past the end", "a.subarray(10, 65)"],
  ["subarray of a subarray past its end", "a.subarray(0, 8).subarray(4, 9)"],
  ["a view past the buffer", "new Uint8Array(a.buffer, 60, 5)"],
  ["a word view past the buffer", "new Int32Array(a.buffer, 4, 16)"],
  ["a view with an offset past 65535", "new Uint8Array(a.buffer, 65536, 1)"],
  ["set past the end", "a.set([1, 2, 3], 62)"],
  ["set before the start", "a.set([1], -1)"],
  ["slice of a typed array", "a.slice(0, 4)"],
  ["a typed array of a string", "new Uint8Array('abc')"],
  ["a typed array of nothing", "new Uint8Array(undefined)"],
];

/** Expressions over `a`; the interpreter's answers. */
const SAME: [string, string][] = [
  ["a.subarray(-4).length + ',' + a.subarray(-4)[0]", "4,60"],
  ["a.subarray(10, 5).length", "0"],
  ["a.subarray(70).length", "0"],
  ["a.subarray(10, undefined).length", "54"],
  ["a.subarray(10, -4).length", "50"],
  ["new Uint8Array(a.buffer, 60).length", "4"],
  ["new Uint8Array(a.buffer, 60, 0).length", "4"],
  ["a.subarray(3, 4).byteOffset", "3"],
  ["a.subarray(8, 16).subarray(4, 8).join()", "12,13,14,15"],
  ["new Uint8Array(a.subarray(2, 5)).join()", "2,3,4"],
  ["new Uint8Array(a.subarray(2, 5)).buffer.byteLength", "3"],
  ["a.fill(7, 60, 70)[63]", "7"],
  ["btoa(new Uint8Array([0, 255, 128]))", "AP+A"],
  ["btoa('\\0\\xff\\x80\\x01')", "AP+AAQ=="],
  ["E.toUint8Array(atob('AP+A')).join()", "0,255,128"],
  ["E.toUint8Array(atob('AP+')).join()", "0,255"],
  ["E.toUint8Array(atob('A!P+A')).join()", "0,3,254"],
  ["E.toUint8Array(atob('AP-_')).join()", "0,0,0"],
  ["E.toUint8Array(atob('AP+A\\r\\n')).join()", "0,255,128"],
  ["E.toUint8Array(atob('')).length", "0"],
  ["E.CRC32('123456789')", "3421780262"],
  ["E.CRC32(a.subarray(1, 3))", "3066839698"],
  ["E.toUint8Array('\\xff\\0a', [1, [2]], a.subarray(3, 5), 6).join()", "255,0,97,1,2,3,4,6"],
  ["E.toString([65, 66]) + E.toString('x', new Uint8Array([67]))", "ABxC"],
  ["typeof E.toString(a)", "string"],
  ["new Uint8Array(E.toArrayBuffer('abc')).join()", "97,98,99"],
  ["a.buffer instanceof ArrayBuffer", "true"],
  ["a instanceof Uint8Array", "true"],
  ["typeof a.slice(0, 2).subarray", "undefined"],
  ["typeof Math.imul + typeof Map + typeof Array.from", "undefinedundefinedundefined"],
  ["typeof require('Flash').read(0, 0x10000000)", "undefined"],
  [
    "require('Flash').read(4, require('Flash').getFree()[0].addr + 0x8000).join()",
    "255,255,255,255",
  ],
  ["require('Storage').write('f', 'abc') + ' ' + require('Storage').read('f', 1)", "true bc"],
  ["typeof require('Storage').read('no such file')", "undefined"],
];

describe("board's language", () => {
  for (const [what, code] of TRAPS) {
    it(`traps on ${what}`, () => {
      const board = makeBoard({ source: `${ARRAY} try { ${code}; } catch (e) {}`, bare: true });
      assert.throws(() => board.powerOn(), BoardTrap);
      assert.equal(board.on, false, "a trapped board is off, whatever its bundle catches");
    });
  }

  for (const [code, answer] of SAME) {
    if (code.includes("slice(")) continue;
    it(`answers ${code} as the interpreter`, () => {
      const board = makeBoard({ source: `${ARRAY} print(${code})`, bare: true, mapped: false });
      board.powerOn();
      assert.equal(board.printed[0], answer);
    });
  }

  it("has none of the builtins that the interpreter lacks", () => {
    const missing =
      "Map Set WeakMap Symbol Proxy Reflect BigInt Math.imul Math.trunc Math.clz32 " +
      "Number.isInteger Promise.prototype.finally " +
      "Array.from Array.of [].flat [].lastIndexOf Object.freeze ''.at ''.codePointAt String.raw " +
      "Uint8Array.from Uint8Array.BYTES_PER_ELEMENT a.copyWithin a.buffer.slice " +
      "TextEncoder Buffer setImmediate fetch performance crypto structuredClone queueMicrotask URL";
    for (const name of missing.split(" ")) {
      assert.equal(run(`${ARRAY} print(typeof ${name})`)[0], "undefined", name);
    }
  });

  it("keeps boards apart", () => {
    run("Array.prototype.leak = 1; global.leak = 2;");
    assert.equal(expression("typeof [].leak + typeof leak"), "undefinedundefined");
    assert.equal(([] as unknown[] as { leak?: number }).leak, undefined);
  });

  it("agrees with the real interpreter", function () {
    const interpreter = process.env.ESPRUINO_BIN;
    if (!interpreter) {
      console.log("      skipped: ESPRUINO_BIN does not name an interpreter");
      this.skip();
    }
    const folder = mkdtempSync(join(tmpdir(), "kincard-parity-"));
    try {
      const lines = SAME.map(([code], i) => `print("=" + ${i} + ":" + (${code}));`);
      writeFileSync(join(folder, "parity.js"), [ARRAY, ...lines].join("\n"));
      // One file first, so that the log is not empty when raw pages are read.
      const out = execFileSync(interpreter as string, ["parity.js"], {
        cwd: folder,
        encoding: "latin1",
        timeout: 10000,
      });
      const said = new Map([...out.matchAll(/^=(\d+):(.*?)\r?$/gm)].map((m) => [m[1], m[2]]));
      SAME.forEach(([code, answer], i) => assert.equal(said.get(String(i)), answer, code));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
