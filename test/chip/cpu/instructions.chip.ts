/**
 * Random sequences of instructions on our processor and in QEMU's Cortex-M4: registers, flags,
 * floating-point state, memory and faults must come out alike.
 */

import assert from "node:assert/strict";
import { SEED } from "../../kernel/random.js";
import { runOurs } from "./ours.js";
import { MOST, Random, randomSequences, withSequences } from "./sequences.js";
import type { Sequence } from "./sequences.js";
import { compile, describeWithTools, runQemu } from "./tools.js";

const ROUNDS = Number(process.env["KINCARD_ROUNDS"] ?? 6);

/** What differs for one sequence, word by word. */
function explain(program: Uint8Array, sequence: Sequence, n: number): string {
  const image = withSequences(program, [sequence], n);
  const ours = runOurs(image).output.split("\n");
  const theirs = runQemu(image).split("\n");
  const code = sequence.code.map((unit) => unit.toString(16).padStart(4, "0")).join(" ");
  const before = sequence.state.map((w) => (w >>> 0).toString(16)).join(" ");
  const words = theirs.flatMap((line, i) => (line === ours[i] ? [] : [`${line}, ours ${ours[i]}`]));
  return `KINCARD_SEED=${SEED}: code ${code}\nstate ${before}\n${words.join("\n")}`;
}

function compare(program: Uint8Array, sequences: readonly Sequence[]): void {
  const image = withSequences(program, sequences);
  const ours = runOurs(image);
  const theirs = runQemu(image).split("\n");
  const mine = ours.output.split("\n");
  const wrong = sequences.filter((_, i) => mine[i] !== theirs[i]);
  if (wrong.length) {
    assert.fail(
      `${wrong.length} of ${sequences.length} differ; ${explain(program, wrong[0]!, sequences.indexOf(wrong[0]!))}`,
    );
  }
  assert.equal(ours.status, 0);
}

describeWithTools("processor: random instructions as in QEMU", () => {
  let program: Uint8Array;
  before(function () {
    this.timeout(60_000);
    program = compile("sequences", ["-O2", "-mfloat-abi=hard"]);
  });

  it(`single instructions, KINCARD_SEED=${SEED}`, function () {
    this.timeout(600_000);
    const random = new Random("chip instructions");
    for (let i = 0; i < ROUNDS; i++) compare(program, randomSequences(random, MOST, 1));
  });

  it(`sequences, KINCARD_SEED=${SEED}`, function () {
    this.timeout(600_000);
    const random = new Random("chip sequences");
    for (let i = 0; i < ROUNDS; i++) compare(program, randomSequences(random, MOST, 24));
  });
});
