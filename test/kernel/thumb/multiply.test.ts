/** Thumb-2 machine: multiplications against BigInt, on corner values and fixed random ones. */

import assert from "node:assert/strict";
import { run } from "./run.js";

const WORD = 2n ** 32n;
const u = (x: number | bigint): bigint => BigInt.asUintN(32, BigInt(x));
const s = (x: number | bigint): bigint => BigInt.asIntN(32, BigInt(x));

/** Corners, and words of a linear congruential sequence (Numerical Recipes). */
function operands(): number[] {
  const words = [0, 1, 2, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
  let x = 12345;
  for (let i = 0; i < 6; i++) words.push((x = (Math.imul(x, 1664525) + 1013904223) >>> 0));
  return words;
}

type Exact = (lo: bigint, hi: bigint, n: bigint, m: bigint) => bigint;

/** name, encoding with operands r0 (low), r1 (high), r2, r3; the 64-bit result. */
const LONG: readonly (readonly [string, string, Exact])[] = [
  ["umull", "fba2 0103", (_l, _h, n, m) => u(n) * u(m)],
  ["umlal", "fbe2 0103", (l, h, n, m) => u(n) * u(m) + u(h) * WORD + u(l)],
  ["umaal", "fbe2 0163", (l, h, n, m) => u(n) * u(m) + u(h) + u(l)],
  ["smull", "fb82 0103", (_l, _h, n, m) => s(n) * s(m)],
  ["smlal", "fbc2 0103", (l, h, n, m) => s(n) * s(m) + u(h) * WORD + u(l)],
];

describe("Thumb-2 machine: multiplication", () => {
  for (const [name, code, exact] of LONG) {
    it(`${name} is exact`, () => {
      const words = operands();
      for (const n of words) {
        for (const m of words) {
          for (const [l, h] of [
            [0, 0],
            [0xffffffff, 0xffffffff],
            [n, 7],
            [0x80000000, m],
          ]) {
            const { r } = run(code, { r: [l as number, h as number, n, m] });
            const want = BigInt.asUintN(
              64,
              exact(BigInt(l as number), BigInt(h as number), BigInt(n), BigInt(m)),
            );
            const got = BigInt(r[1] as number) * WORD + BigInt(r[0] as number);
            assert.equal(got, want, `${name} ${n} * ${m} with ${l}, ${h}`);
          }
        }
      }
    });
  }

  it("mul, mla and mls keep the low 32 bits", () => {
    const r = [0, 0xdeadbeef, 0x87654321, 0x12345678];
    const product = 0xdeadbeefn * 0x87654321n;
    assert.equal(run("fb01 f002", { r }).r[0], Number(u(product)), "mul");
    assert.equal(run("fb01 3002", { r }).r[0], Number(u(product + 0x12345678n)), "mla");
    assert.equal(run("fb01 3012", { r }).r[0], Number(u(0x12345678n - product)), "mls");
  });

  it("muls sets N and Z and leaves C and V", () => {
    const end = run("4348", { r: [0x10000, 0x10000], c: 1, v: 1 });
    assert.deepEqual([end.r[0], end.flags], [0, "nZCV"]);
  });
});
