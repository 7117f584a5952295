/**
 * The answers of docs/protocol.md section 13, each asked of the built card under its number. What
 * stands there and has no test here, or the reverse, is an error.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fromRoot } from "../../../firmware/build/paths.js";
import { APDUS } from "./apdus.js";
import { BACKUP } from "./backup.js";
import { CODES } from "./codes.js";
import type { Answers } from "./support.js";
import { TELLING } from "./telling.js";

const TESTS: Answers = { ...APDUS, ...CODES, ...BACKUP, ...TELLING };

describe("docs/protocol.md 13, asked of the built card", function () {
  this.timeout(60_000);
  const text = readFileSync(fromRoot("docs/protocol.md"), "utf8");
  const answers = [...text.matchAll(/^- \*\*(A\d+)\*\* ([^\n]*)/gm)];

  for (const [, number = "", sentence = ""] of answers)
    it(`${number} ${sentence}`, () => {
      const test = TESTS[number];
      assert.ok(test, `nothing asks for ${number}`);
      return test();
    });
  it("every question has its answer in the document", () => {
    assert.deepEqual(
      Object.keys(TESTS),
      answers.map(([, number]) => number),
    );
  });
});
