/** mocha's `spec` reporter, which also leaves the counts in the file that KINCARD_COUNTS names. */
import { writeFileSync } from "node:fs";
import Mocha from "mocha";

export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      const file = process.env["KINCARD_COUNTS"];
      const counts = { passed: passes, failed: failures, skipped: pending };
      if (file) writeFileSync(file, JSON.stringify(counts));
    });
  }
}
