/** Thumb-2 machine: branches, calls, IT blocks, and control that traps. */

import assert from "node:assert/strict";
import { run, trapOf } from "./run.js";
import type { Start } from "./run.js";

/** Start values that give each flag setting. */
const flags = (n: number, z: number, c: number, v: number): Start => ({
  result: z ? 0 : n ? -1 : 1,
  c,
  v,
});

/** Condition code: true when (DDI 0403E table A7-1), for n, z not both set. */
const CONDITIONS: readonly (readonly [
  string,
  (n: number, z: number, c: number, v: number) => boolean,
])[] = [
  ["eq", (_n, z) => z === 1],
  ["ne", (_n, z) => z === 0],
  ["cs", (_n, _z, c) => c === 1],
  ["cc", (_n, _z, c) => c === 0],
  ["mi", (n) => n === 1],
  ["pl", (n) => n === 0],
  ["vs", (_n, _z, _c, v) => v === 1],
  ["vc", (_n, _z, _c, v) => v === 0],
  ["hi", (_n, z, c) => c === 1 && z === 0],
  ["ls", (_n, z, c) => c === 0 || z === 1],
  ["ge", (n, _z, _c, v) => n === v],
  ["lt", (n, _z, _c, v) => n !== v],
  ["gt", (n, z, _c, v) => z === 0 && n === v],
  ["le", (n, z, _c, v) => z === 1 || n !== v],
];

describe("Thumb-2 machine: conditions", () => {
  CONDITIONS.forEach(([name, holds], condition) => {
    it(`${name}: b, b.w and it agree with the table for every flag setting`, () => {
      for (let setting = 0; setting < 16; setting++) {
        const [n, z, c, v] = [8, 4, 2, 1].map((bit) => (setting & bit ? 1 : 0)) as [
          number,
          number,
          number,
          number,
        ];
        if (n && z) continue;
        const want = holds(n, z, c, v) ? 1 : 0;
        const start = { ...flags(n, z, c, v), r: [0] };
        // b<c> .+4; b .+4; movs r0, #1
        const short = `${(0xd000 | (condition << 8)).toString(16)} e000 2001`;
        assert.equal(run(short, start).r[0], want, `b${name} with nzcv ${n}${z}${c}${v}`);
        // b<c>.w .+6; b .+4; movs r0, #1
        const wide = `${(0xf000 | (condition << 6)).toString(16)} 8001 e000 2001`;
        assert.equal(run(wide, start).r[0], want, `b${name}.w with nzcv ${n}${z}${c}${v}`);
        // it <c>; mov<c> r0, #1
        const it = `${(0xbf08 | (condition << 4)).toString(16)} 2001`;
        const end = run(it, start);
        assert.equal(end.r[0], want, `it ${name} with nzcv ${n}${z}${c}${v}`);
        assert.equal(
          end.flags,
          [n ? "N" : "n", z ? "Z" : "z", c ? "C" : "c", v ? "V" : "v"].join(""),
        );
      }
    });
  });

  it("ite: one of the two, and neither sets flags", () => {
    for (const [c, want] of [
      [1, 1],
      [0, 2],
    ] as const) {
      const end = run("bf8c 2001 2002", { c, result: 5 });
      assert.deepEqual([end.r[0], end.flags], [want, c ? "nzCv" : "nzcv"]);
    }
  });

  it("a skipped load in an IT block doesn't touch memory", () => {
    assert.equal(run("bf08 6848", { r: [7, 3] }).r[0], 7);
  });

  it("a conditional return ends a routine or goes on", () => {
    // it eq; bxeq lr; movs r0, #9
    assert.equal(run("bf08 4770 2009", { r: [1], result: 0 }).r[0], 1);
    assert.equal(run("bf08 4770 2009", { r: [1], result: 1 }).r[0], 9);
  });
});

describe("Thumb-2 machine: branches", () => {
  it("cbz and cbnz skip on zero and non-zero", () => {
    // cbz r0, .+6; movs r1, #1; nop
    assert.equal(run("b108 2101 bf00", { r: [0, 0] }).r[1], 0);
    assert.equal(run("b108 2101 bf00", { r: [1, 0] }).r[1], 1);
    assert.equal(run("b908 2101 bf00", { r: [1, 0] }).r[1], 0);
    assert.equal(run("b908 2101 bf00", { r: [0, 0] }).r[1], 1);
  });

  it("bl calls forwards and comes back", () => {
    // push {r4, lr}; bl f; adds r0, #1; pop {r4, pc}; f: movs r0, #41; bx lr
    assert.equal(run("b510 f000 f802 3001 bd10 2029 4770").r[0], 42);
  });

  it("a loop counts down", () => {
    // movs r1, #200; adds r0, #3; subs r1, #1; bne .-4
    assert.equal(run("21c8 3003 3901 d1fc", { r: [0] }).r[0], 600);
  });

  it("tbb jumps by a byte table", () => {
    // tbb [pc, r0]; .byte 1, 2; movs r1, #5; movs r2, #6
    const end = run("e8df f000 0201 2105 2206", { r: [1, 0, 0] });
    assert.deepEqual(end.r.slice(1, 3), [0, 6]);
    assert.deepEqual(run("e8df f000 0201 2105 2206", { r: [0, 0, 0] }).r.slice(1, 3), [5, 6]);
  });
});

describe("Thumb-2 machine: control that traps", () => {
  const traps: readonly (readonly [string, string, Start, string])[] = [
    ["udf", "de00", {}, "undefined"],
    ["svc", "df00", {}, "undefined"],
    ["bkpt", "beab", {}, "undefined"],
    ["udiv (time depends on data)", "fbb1 f0f2", {}, "undefined"],
    ["floating point", "ee10 0a10", {}, "undefined"],
    ["ldrex", "e851 0f00", {}, "undefined"],
    ["a bit field with a reserved bit set", "f3c1 1066", {}, "undefined"],
    ["umaal into one register twice", "fbe2 0063", {}, "undefined"],
    ["a branch inside an IT block", "bf04 e000 2001", {}, "undefined"],
    ["bx to an even address", "4708", { r: [0, 0x1000] }, "arm state"],
    ["bx to data", "4708", { r: [0, 0x20000001] }, "not code"],
    ["running off the end of the code", "e7ff bf00 e001", {}, "not code"],
    ["an endless loop", "e7fe", {}, "runaway"],
  ];
  for (const [name, code, start, reason] of traps) {
    it(`${name}: ${reason}`, () => assert.equal(trapOf(code, start), reason));
  }
});
