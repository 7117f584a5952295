/**
 * mocha's `spec` reporter, which also says how far it is, and leaves the counts in the file that
 * KINCARD_COUNTS names. KINCARD_FILES names the files that are run, KINCARD_SECONDS where it is
 * noted what each took.
 */
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import Mocha from "mocha";
import { noteSeconds, Progress, readSeconds } from "./progress.js";

/** Seconds between two lines that say how far it is. */
const PAUSE_S = 5;

export default class CountingReporter extends Mocha.reporters.Spec {
  readonly #files = (process.env["KINCARD_FILES"] ?? "").split("\n").filter(Boolean);
  readonly #noted = process.env["KINCARD_SECONDS"];
  readonly #took: Record<string, number> = {};

  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    this.#tell(runner);
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      const file = process.env["KINCARD_COUNTS"];
      const counts = { passed: passes, failed: failures, skipped: pending };
      if (file) writeFileSync(file, JSON.stringify(counts));
      if (this.#noted) noteSeconds(this.#noted, this.#took);
    });
  }

  /** Of files that run beside each other a file's own root suite ends when the file does. */
  #tell(runner: Mocha.Runner): void {
    if (!this.#files.length) return;
    const progress = new Progress(this.#files, this.#noted ? readSeconds(this.#noted) : {});
    const start = performance.now();
    let current = "";
    let last = start;
    runner.on("test end", ({ file, duration }) => {
      current = file ? relative(process.cwd(), file) : "";
      this.#took[current] = (this.#took[current] ?? 0) + (duration ?? 0) / 1000;
    });
    runner.on("suite end", ({ root }) => {
      if (!root) return;
      const now = performance.now();
      const line = progress.ended(current, (now - start) / 1000);
      if (now - last < PAUSE_S * 1000) return;
      last = now;
      console.log(`\n  -- ${line}`);
    });
  }
}
