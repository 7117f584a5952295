/** Thumb-2 machine: shifts, their carries, extensions, reversals, bit fields (A7.4.2, A7.7). */

import assert from "node:assert/strict";
import { run } from "./run.js";
import type { Start } from "./run.js";

const X = 0x81234567;

/** [text, code, before, r0 after, flags after]; nzcv = 0000 before. */
const CASES: readonly (readonly [string, string, Start, number, string])[] = [
  ["lsls #31: carry is bit 1", "07c8", { r: [0, 3] }, 0x80000000, "NzCv"],
  ["lsls #0 is movs: C stays", "0008", { r: [0, 0], c: 1 }, 0, "nZCv"],
  ["lsrs #32: zero, carry is bit 31", "0808", { r: [0, X] }, 0, "nZCv"],
  ["asrs #32: the sign everywhere", "1008", { r: [0, X] }, 0xffffffff, "NzCv"],
  ["lsls by register 0: C stays", "4088", { r: [X, 0], c: 1 }, X, "NzCv"],
  ["lsls by 32: carry is bit 0", "4088", { r: [X, 32] }, 0, "nZCv"],
  ["lsls by 33: nothing left", "4088", { r: [X, 33], c: 1 }, 0, "nZcv"],
  ["lsls by 256 counts as 0", "4088", { r: [X, 256] }, X, "Nzcv"],
  ["lsrs by 32: carry is bit 31", "40c8", { r: [X, 32] }, 0, "nZCv"],
  ["lsrs by 33", "40c8", { r: [X, 33], c: 1 }, 0, "nZcv"],
  ["asrs by 40", "4108", { r: [X, 40] }, 0xffffffff, "NzCv"],
  ["rors by 8: carry is the new bit 31", "41c8", { r: [X, 8] }, 0x67812345, "nzcv"],
  ["rors by 32: value stays, carry is bit 31", "41c8", { r: [X, 32] }, X, "NzCv"],
  ["rrx: C in at the top, bit 0 out", "ea5f 0031", { r: [0, 3], c: 1 }, 0x80000001, "NzCv"],
  ["rrx without carry", "ea5f 0031", { r: [0, 2] }, 1, "nzcv"],
  ["rev", "ba08", { r: [0, X] }, 0x67452381, "nzcv"],
  ["rev16", "ba48", { r: [0, X] }, 0x23816745, "nzcv"],
  ["revsh", "bac8", { r: [0, 0x1280] }, 0xffff8012, "nzcv"],
  ["rbit", "fa91 f0a1", { r: [0, X] }, 0xe6a2c481, "nzcv"],
  ["clz of 0", "fab1 f081", { r: [0, 0] }, 32, "nzcv"],
  ["clz of 1", "fab1 f081", { r: [0, 1] }, 31, "nzcv"],
  ["uxtb", "b2c8", { r: [0, X] }, 0x67, "nzcv"],
  ["sxth of a negative", "b208", { r: [0, 0x18000] }, 0xffff8000, "nzcv"],
  ["uxtb.w with rotation", "fa5f f0a1", { r: [0, X] }, 0x23, "nzcv"],
  ["uxtab with rotation", "fa52 f091", { r: [0, X, 1] }, 0x46, "nzcv"],
  ["ubfx", "f3c1 1046", { r: [0, X] }, 0x2b, "nzcv"],
  ["sbfx of a negative field", "f341 1046", { r: [0, 0x800] }, 0xffffffc0, "nzcv"],
  ["bfi", "f361 2013", { r: [X, 0xabcd] }, 0x812bcd67, "nzcv"],
  ["bfc", "f36f 2013", { r: [X] }, 0x81200067, "nzcv"],
];

describe("Thumb-2 machine: shifts and bit fields", () => {
  for (const [name, code, start, r0, flags] of CASES) {
    it(name, () => {
      const end = run(code, start);
      assert.deepEqual([end.r[0], end.flags], [r0, flags]);
    });
  }
});
