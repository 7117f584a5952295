/**
 * Small C programs, compiled by GCC in two ways, on our processor and in QEMU: both must print the
 * same. What each is about stands at its head in guest/.
 */

import assert from "node:assert/strict";
import { runOurs } from "./ours.js";
import { compile, describeWithTools, runQemu } from "./tools.js";

const PROGRAMS = ["numbers", "floats", "interrupts", "faults"];
const WAYS = [
  ["-Os", "-mfloat-abi=softfp"],
  ["-O3", "-mfloat-abi=hard"],
];

describeWithTools("processor: C programs as in QEMU", () => {
  for (const program of PROGRAMS) {
    for (const flags of WAYS) {
      it(`${program}, ${flags.join(" ")}`, function () {
        this.timeout(120_000);
        const image = compile(program, flags);
        const { output, status } = runOurs(image);
        assert.equal(output, runQemu(image));
        assert.equal(status, 0);
      });
    }
  }
});
